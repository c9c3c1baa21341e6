//! What lab 03 asks for, seen from outside: which tokens open the gateway, and what the services are told of who calls.

#[path = "check/identity.rs"]
mod identity;
#[path = "check/mint.rs"]
mod mint;
#[path = "check/tokens.rs"]
mod tokens;

use serde_json::{Value, json};

use crate::{Answer, Case, Criterion, Failure, Message, Plan, Text, Town, Verdict};

const TOURS: &str = "/api/tours";

pub fn criteria() -> Vec<Criterion> {
    let mut criteria = valid_traffic();
    criteria.extend(tokens());
    criteria.extend(identity());
    criteria
}

fn valid_traffic() -> Vec<Criterion> {
    vec![
        Criterion::new(
            "good-tokens-pass",
            &["L2", "L4"],
            Text::new(
                "un jeton de la maison ouvre ce que son porteur peut faire, les autres reçoivent 401",
                "a token of the house opens what its bearer may do, the others get 401",
            ),
            good_tokens_pass,
        ),
        Criterion::new(
            "services-hear-who-calls",
            &["L3"],
            Text::new(
                "les services apprennent qui appelle, et reçoivent le reste de la demande",
                "the services are told who calls, and get the rest of the request",
            ),
            identity::services_hear_who_calls,
        ),
    ]
}

fn tokens() -> Vec<Criterion> {
    vec![
        Criterion::new(
            "a-token-does-not-choose-its-algorithm",
            &["R6"],
            Text::new(
                "un jeton sans signature (alg: none) n'ouvre rien, de quelque façon qu'il l'écrive",
                "a token without a signature (alg: none) opens nothing, however it spells that",
            ),
            tokens::a_token_does_not_choose_its_algorithm,
        ),
        Criterion::new(
            "the-public-key-is-no-secret",
            &["R6", "R7"],
            Text::new(
                "un jeton HS256 signé avec la clé publique n'ouvre rien",
                "an HS256 token signed with the public key opens nothing",
            ),
            tokens::the_public_key_is_no_secret,
        ),
        Criterion::new(
            "a-changed-token-is-refused",
            &["R6"],
            Text::new(
                "un jeton retouché, ou signé par la clé de quelqu'un d'autre, n'ouvre rien",
                "a token that was changed, or signed with somebody else's key, opens nothing",
            ),
            tokens::a_changed_token_is_refused,
        ),
        Criterion::new(
            "only-tokens-for-this-audience",
            &["R6"],
            Text::new(
                "un jeton bien signé, mais fait pour un autre service, n'ouvre rien",
                "a well-signed token that was made for another service opens nothing",
            ),
            tokens::only_tokens_for_this_audience,
        ),
        Criterion::new(
            "only-tokens-of-this-issuer",
            &["R6"],
            Text::new(
                "l'émetteur est comparé lettre à lettre",
                "the issuer is compared letter by letter",
            ),
            tokens::only_tokens_of_this_issuer,
        ),
        Criterion::new(
            "only-access-tokens",
            &["R6"],
            Text::new(
                "un jeton d'identité, ou lié à une clé, n'est pas un jeton d'accès",
                "an ID token, or one that is bound to a key, is no access token",
            ),
            tokens::only_access_tokens,
        ),
    ]
}

fn identity() -> Vec<Criterion> {
    vec![
        Criterion::new(
            "forged-identity-never-arrives",
            &["L3", "API2:2023"],
            Text::new(
                "x-user-id et ses voisins viennent de la passerelle, routes publiques comprises",
                "x-user-id and its neighbours come from the gateway, on public routes too",
            ),
            identity::forged_identity_never_arrives,
        ),
        Criterion::new(
            "look-alikes-never-arrive",
            &["L3"],
            Text::new(
                "X_User_Id, que certains serveurs lisent x-user-id, n'arrive pas non plus",
                "X_User_Id, which some servers read as x-user-id, does not arrive either",
            ),
            identity::look_alikes_never_arrive,
        ),
        Criterion::new(
            "the-token-stays-at-the-gateway",
            &["T4", "R5"],
            Text::new(
                "ni le jeton ni les cookies du client ne vont plus loin",
                "neither the client's token nor his cookies go any further",
            ),
            identity::the_token_stays_at_the_gateway,
        ),
    ]
}

async fn good_tokens_pass(case: Case) -> Verdict {
    let town = case.town(Plan::default()).await?;
    let alice = town.account("alice").await?;
    let tours = alice.get("/api/tours?limit=1").await?.expect_status(200)?;
    let booking = json!({
        "tourId": tours.field("/items/0/id")?, "numberOfParticipants": 1,
        "bookingDate": town.day(case.dice.within(1..300)).await?,
    });
    let booked = alice.post("/api/bookings", &booking).await?;
    let id = booked.expect_status(201)?.field("/id")?;
    let bob = town.account("bob").await?;
    let path = format!("/api/bookings/{id}");
    alice.get(&path).await?.expect_status(200)?;
    bob.get(&path).await?.expect_status(404)?;
    let nobody = town.visitor()?;
    nobody
        .get(TOURS)
        .await?
        .expect_refused(401, "authorization_missing")?;
    town.pass(std::time::Duration::from_secs(900)).await?;
    alice
        .get(TOURS)
        .await?
        .expect_refused(401, "token_expired")?;
    Ok(())
}

/// What the last request to a service bore under this name.
pub(super) async fn arrives(
    town: &Town,
    service: &str,
    answer: &Answer,
    name: &str,
    expected: &[&str],
) -> Verdict {
    let seen = town.seen(service).await?;
    let last = seen
        .last()
        .ok_or_else(|| Failure::Broken(format!("nothing came to {service}")))?;
    let values: Vec<&str> = last
        .headers
        .iter()
        .filter(|(known, _)| known == name)
        .map(|(_, value)| value.as_str())
        .collect();
    if values == expected {
        return Ok(());
    }
    let told = |values: &[&str]| Value::from(values.to_vec()).to_string();
    let expected = Message::new(
        format!("chez {service}, {name}: {}", told(expected)),
        format!("at {service}, {name}: {}", told(expected)),
    );
    Err(Failure::differs(&answer.call, expected, told(&values)))
}
