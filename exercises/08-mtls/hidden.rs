//! Lab 08, for grading: certificates that are genuine and still are not an identity.

use super::check::{Caller, some_id};
use crate::{Case, Criterion, Leaf, Plan, Stamp, Text, Verdict};

pub fn criteria() -> Vec<Criterion> {
    vec![
        Criterion::new(
            "the-name-is-the-uri-alone",
            &["L15"],
            Text::new(
                "le nom est l’URI SPIFFE, ni le nom commun ni un nom DNS",
                "the name is the SPIFFE URI, neither the common name nor a DNS name",
            ),
            the_name_is_the_uri_alone,
        ),
        Criterion::new(
            "two-names-are-none",
            &["L15"],
            Text::new(
                "un certificat sans nom, de deux noms ou d’un autre domaine n’est celui de personne",
                "a certificate without a name, with two names or of another domain is nobody's",
            ),
            two_names_are_none,
        ),
        Criterion::new(
            "a-servers-certificate-is-no-clients",
            &["L15"],
            Text::new(
                "un certificat fait pour les seuls serveurs ne vaut rien chez un client",
                "a certificate made for servers alone is worth nothing to a client",
            ),
            a_servers_certificate_is_no_clients,
        ),
        Criterion::new(
            "a-list-is-one-routes-own",
            &["L14"],
            Text::new(
                "la liste d’une route ne vaut pas pour une autre",
                "the list of one route says nothing about another",
            ),
            a_list_is_one_routes_own,
        ),
    ]
}

async fn the_name_is_the_uri_alone(case: Case) -> Verdict {
    let town = case.town(Plan::default()).await?;
    let stamp = Stamp::inside(&town)?;
    let leaf = Leaf::of("catalog").common_name("gateway").host("gateway");
    let caller = Caller::with(&town, stamp.make(&leaf)?, "catalog-called-gateway.pem")?;
    let reply = caller.get("booking", "/bookings").await?;
    reply.expect(403, Some("caller_not_allowed"))?;
    let leaf = Leaf::of("gateway").common_name("catalog");
    let caller = Caller::with(&town, stamp.make(&leaf)?, "gateway-called-catalog.pem")?;
    caller.get("booking", "/bookings").await?.expect(200, None)
}

async fn two_names_are_none(case: Case) -> Verdict {
    let town = case.town(Plan::default()).await?;
    let stamp = Stamp::inside(&town)?;
    let names: [(&[&str], &str); 4] = [
        (&[], "no-name.pem"),
        (
            &["spiffe://escale.lab/gateway", "spiffe://escale.lab/catalog"],
            "two-names.pem",
        ),
        (&["spiffe://escale.lab.example/gateway"], "other-domain.pem"),
        (&["https://escale.lab/gateway"], "no-spiffe.pem"),
    ];
    for (uris, file) in names {
        let pem = stamp.make(&Leaf::of("gateway").uris(uris))?;
        let caller = Caller::with(&town, pem, file)?;
        let reply = caller.get("booking", "/bookings").await?;
        reply.expect_no_connection()?;
    }
    Ok(())
}

async fn a_servers_certificate_is_no_clients(case: Case) -> Verdict {
    let town = case.town(Plan::default()).await?;
    let leaf = Leaf::of("gateway").for_servers_only();
    let pem = Stamp::inside(&town)?.make(&leaf)?;
    let caller = Caller::with(&town, pem, "gateway-for-servers.pem")?;
    let reply = caller.get("booking", "/bookings").await?;
    reply.expect_no_connection()
}

async fn a_list_is_one_routes_own(case: Case) -> Verdict {
    let town = case.town(Plan::default()).await?;
    let id = some_id(&case.dice);
    // Payment may ask for a booking's price, and for nothing else there; booking may order a refund, and no more.
    let payment = Caller::of(&town, "payment")?;
    let charge = format!("/internal/bookings/{id}/charge?userId={id}");
    let let_in = payment.get("booking", &charge).await?;
    let_in.expect(404, Some("not_found"))?;
    for path in ["/bookings".to_owned(), format!("/bookings/{id}")] {
        let refused = payment.get("booking", &path).await?;
        refused.expect(403, Some("caller_not_allowed"))?;
    }
    let booking = Caller::of(&town, "booking")?;
    let refused = booking.get("payment", "/payments");
    refused.await?.expect(403, Some("caller_not_allowed"))
}
