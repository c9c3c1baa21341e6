//! What each layer from `route` down would do with a request that has a route.

use service_kit::error::Language;

use super::{Step, step};
use crate::cli::outcome::Found;
use crate::cli::policy::{classes_of, limit};
use crate::route_table::{Access, Target};

pub(super) fn of_route(found: &Found<'_>, language: Language) -> Vec<Step> {
    vec![
        step("route", route(found, language)),
        step("jail", jail(language)),
        step("rate_limit", rate_limit(found, language)),
        step("content_type", content_type(found, language)),
        step("authenticate", authenticate(found, language)),
        step("quota", quota(found, language)),
        step("authorize", authorize(found, language)),
        step("audit", audit(found, language)),
        step("validate", validate(found, language)),
        step("identity_headers", identity_headers(found, language)),
        step("forward", forward(found, language)),
    ]
}

fn route(found: &Found<'_>, language: Language) -> String {
    let name = &found.route.name;
    language.pick(
        format!("la route est {name}"),
        format!("the route is {name}"),
    )
}

fn jail(language: Language) -> &'static str {
    language.pick(
        "429 pour une adresse ou un utilisateur banni",
        "429 for a banned address or user",
    )
}

fn rate_limit(found: &Found<'_>, language: Language) -> String {
    let classes = classes_of(found.row, found.written);
    let told: Vec<String> = classes
        .iter()
        .map(|class| limit(class, found.written, language))
        .collect();
    let over = language.pick("au-delà 429", "beyond it 429");
    if told.is_empty() {
        let by_address = language.pick("compte par adresse", "counts by address");
        return format!("{by_address}, {over}");
    }
    format!("{}, {over}", told.join(", "))
}

fn content_type(found: &Found<'_>, language: Language) -> &'static str {
    match found.row.text("body") {
        "json" => language.pick(
            "un corps en JSON, sinon 415 ; trop long 413 ; autre réponse voulue que JSON 406",
            "a body in JSON, else 415; too long 413; an answer other than JSON wanted 406",
        ),
        "form" => language.pick(
            "un corps de formulaire, sinon 415 ; trop long 413 ; autre réponse voulue que JSON 406",
            "a form as its body, else 415; too long 413; an answer other than JSON wanted 406",
        ),
        _ => language.pick(
            "autre réponse voulue que JSON : 406 ; corps trop long : 413",
            "an answer other than JSON wanted: 406; a body too long: 413",
        ),
    }
}

fn authenticate(found: &Found<'_>, language: Language) -> &'static str {
    match found.route.access {
        Access::Public => language.pick(
            "rien : la route est publique, aucun jeton n'est lu",
            "nothing: the route is public, no token is read",
        ),
        Access::Protected { api_key: true, .. } => language.pick(
            "un jeton d'accès valable dans Authorization: Bearer, ou une clé dans X-API-Key, sinon 401",
            "a good access token in Authorization: Bearer, or a key in X-API-Key, else 401",
        ),
        Access::Protected { .. } => language.pick(
            "un jeton d'accès valable dans Authorization: Bearer, sinon 401",
            "a good access token in Authorization: Bearer, else 401",
        ),
    }
}

fn quota(found: &Found<'_>, language: Language) -> String {
    let over = language.pick("au-delà 429", "beyond it 429");
    match found.written.limit("daily") {
        Some(_) => format!("{}, {over}", limit("daily", found.written, language)),
        None => {
            let by_user = language.pick(
                "compte par utilisateur et par jour",
                "counts by user and day",
            );
            format!("{by_user}, {over}")
        }
    }
}

fn authorize(found: &Found<'_>, language: Language) -> String {
    let Access::Protected { scopes, roles, .. } = &found.route.access else {
        return language
            .pick(
                "rien : la route est publique",
                "nothing: the route is public",
            )
            .to_owned();
    };
    let (scopes, roles) = (scopes.join(" + "), roles.join(", "));
    match roles.is_empty() {
        true => language.pick(
            format!("le scope {scopes}, sinon 403"),
            format!("the scope {scopes}, else 403"),
        ),
        false => language.pick(
            format!("le scope {scopes} et un des rôles {roles}, sinon 403"),
            format!("the scope {scopes} and one of the roles {roles}, else 403"),
        ),
    }
}

fn audit(found: &Found<'_>, language: Language) -> String {
    match found.row.text("audit") {
        "" => language
            .pick(
                "aucune action sensible : seuls certains refus sont enregistrés",
                "no sensitive action: only refusals that matter are recorded",
            )
            .to_owned(),
        action => language.pick(
            format!("{action} : un enregistrement avant, un après"),
            format!("{action}: one record before, one after"),
        ),
    }
}

fn validate(found: &Found<'_>, language: Language) -> String {
    match found.row.text("schema") {
        "" => language
            .pick(
                "rien : la route n'a pas de schéma",
                "nothing: the route has no schema",
            )
            .to_owned(),
        schema => language.pick(
            format!("le schéma {schema}, toutes les fautes à la fois, sinon 400"),
            format!("the schema {schema}, all faults at once, else 400"),
        ),
    }
}

fn identity_headers(found: &Found<'_>, language: Language) -> &'static str {
    match (&found.route.access, found.route.client_credentials) {
        (Access::Protected { .. }, _) => language.pick(
            "retire ce que le client a mis, pose x-user-id, x-user-role, x-user-scope ; Authorization reste ici",
            "strips what the client sent, sets x-user-id, x-user-role, x-user-scope; Authorization stays here",
        ),
        (Access::Public, false) => language.pick(
            "retire ce que le client a mis, n'en pose aucun ; Authorization reste ici",
            "strips what the client sent, sets none; Authorization stays here",
        ),
        (Access::Public, true) => language.pick(
            "retire ce que le client a mis, n'en pose aucun ; Authorization: Basic passe",
            "strips what the client sent, sets none; Authorization: Basic passes",
        ),
    }
}

fn forward(found: &Found<'_>, language: Language) -> String {
    let Target::Upstream { service, path } = &found.route.target else {
        return language
            .pick(
                "la passerelle répond elle-même",
                "the gateway answers by itself",
            )
            .to_owned();
    };
    let (service, path) = (service.as_str(), path.render(&found.path));
    format!("{} {path} -> {service} (mTLS)", found.method)
        + language.pick(
            " ; injoignable 503, trop lent 504",
            "; out of reach 503, too slow 504",
        )
}
