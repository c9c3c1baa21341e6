//! Who may call a route, and with what.

use serde_json::json;
use service_kit::error::Language;

use super::Line;
use crate::cli::outcome::Found;
use crate::route_table::Access;

pub(super) fn access(found: &Found<'_>, language: Language) -> Option<Line> {
    let title = language.pick("qui peut appeler", "who may call");
    let (text, value) = match &found.route.access {
        Access::Public => (
            language
                .pick(
                    "tout le monde : la route est publique",
                    "everybody: the route is public",
                )
                .to_owned(),
            json!("public"),
        ),
        Access::Protected {
            scopes,
            roles,
            api_key,
        } => (
            rights(scopes, roles, *api_key, language),
            json!({ "scopes": scopes, "roles": roles, "api_key": api_key }),
        ),
    };
    Some(Line::new("access", title, text, value))
}

/// `access` in one line of words.
fn rights(scopes: &[Box<str>], roles: &[Box<str>], api_key: bool, language: Language) -> String {
    let (scopes, roles) = (scopes.join(" + "), roles.join(", "));
    if api_key {
        return language.pick(
            format!(
                "un jeton ou une clé d'API avec le scope {scopes} ; utilisateur ou application"
            ),
            format!("a token or an API key with the scope {scopes}; a user or an application"),
        );
    }
    if roles.is_empty() {
        return language.pick(
            format!("un jeton avec le scope {scopes} ; utilisateur ou application"),
            format!("a token with the scope {scopes}; a user or an application"),
        );
    }
    language.pick(
        format!("un jeton avec le scope {scopes}, et un de ces rôles : {roles}"),
        format!("a token with the scope {scopes}, and one of these roles: {roles}"),
    )
}

pub(super) fn client_credentials(found: &Found<'_>, language: Language) -> Option<Line> {
    let title = language.pick("identifiants d'application", "client credentials");
    let text = language.pick(
        "Authorization: Basic passe jusqu'au service, qui authentifie lui-même les applications",
        "Authorization: Basic passes to the service, which authenticates applications itself",
    );
    found
        .route
        .client_credentials
        .then(|| Line::new("client_credentials", title, text.to_owned(), json!(true)))
}
