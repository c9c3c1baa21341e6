//! A body for each route that takes one, of the type and schema that its row of the table asks for.

use gateway::route_table::WrittenRow;
use http::Method;
use reqwest::RequestBuilder;
use serde_json::{Value, json};

/// A route with a schema needs a body here that passes it: without one, the matrix could not tell that the right
/// caller is let in.
fn sample(route: &str) -> Option<Value> {
    let id = "7b6d2f3e-58a5-4b3b-9d52-0f6f3c1f2a10";
    Some(match route {
        "auth.register" => {
            json!({"pseudo": "matrix", "email": "matrix@example.org", "password": "Une phrase assez longue 7"})
        }
        "auth.login" => json!({"pseudo": "matrix", "password": "Une phrase assez longue 7"}),
        "auth.refresh" | "auth.logout" => json!({"refresh_token": "A".repeat(43)}),
        "api-keys.create" => json!({"name": "matrix", "scopes": ["tours:read"]}),
        "bookings.create" => {
            json!({"tourId": id, "numberOfParticipants": 2, "bookingDate": "2999-01-01"})
        }
        "payments.create" => json!({"bookingId": id, "cardToken": "tok_accepted"}),
        "tours.create" | "tours.change" => json!({
            "title": {"fr": "Tour d'essai", "en": "Test tour"},
            "description": {
                "fr": "Une promenade qui n'existe que le temps d'un essai.",
                "en": "A walk that exists only as long as a test.",
            },
            "city": "Lyon", "country": "FR", "category": "culture", "durationHours": 3,
            "priceCents": 4_250, "currency": "EUR", "capacityPerDay": 12,
        }),
        _ => return None,
    })
}

/// `body` of the row says which type; a row without it takes JSON where its method usually has a body.
pub fn with_body(request: RequestBuilder, row: &WrittenRow, method: &Method) -> RequestBuilder {
    let takes_body = [Method::POST, Method::PUT, Method::PATCH].contains(method);
    let name = row.text("name");
    let kind = match row.text("body") {
        "" if name == "oauth.token" => "form",
        "" if takes_body => "json",
        kind => kind,
    };
    match kind {
        "json" if takes_body => {
            let body = sample(name);
            assert!(
                body.is_some() || row.value("schema").is_none(),
                "{name} has a schema: give the matrix a body that passes it"
            );
            request.json(&body.unwrap_or_else(|| json!({})))
        }
        "form" if takes_body => request.form(&[
            ("grant_type", "client_credentials"),
            ("scope", "tours:read"),
        ]),
        _ => request,
    }
}
