//! Somebody who may read the logs, and would rather not be found in them.

use super::check::{book, records, remove_records, text, verified};
use crate::{Failure, Ground, Loot, Plan, Raid, Town};

pub async fn attack(ground: Ground) -> Raid {
    let word = || ground.dice().word();
    let (password, in_url) = (format!("Plage-{}", word()), word());
    let town = ground
        .town(Plan::default().account("zoe", &password))
        .await?;
    ground.say(
        "Zoé se connecte ; un vieux lien demande une page avec un jeton dans l'URL.",
        "Zoé logs in; an old link asks for a page with a token in the URL.",
    );
    let zoe = town.account("zoe").await?;
    zoe.without_token()
        .get(&format!("/api//tours?access_token={in_url}"))
        .await?;
    let forged = forge_a_line(&ground, &town).await?;
    let (alice, action) = book(&town, "").await?;
    let trace = records(&town, &action).await?.len();
    let secrets = [
        (
            "le mot de passe de Zoé",
            "Zoé's password",
            password.as_str(),
        ),
        ("le jeton du lien", "the link's token", &in_url),
        ("le jeton d'Alice", "Alice's token", alice.token()),
    ];
    let stolen = read_secrets(&ground, &town, &secrets).await?;
    let forged = forged && has_forged_line(&ground, &town);
    let unseen = cover_up(&ground, &town, &action, trace)?;
    if stolen == 0 && !forged && !unseen {
        return Loot::nothing(
            "Aucun secret dans les journaux, aucune ligne forgée, et l'effacement se voit.",
            "No secret in the logs, no forged line, and what was erased is noticed.",
        );
    }
    let (lines, traces) = (u8::from(forged), u8::from(unseen));
    Loot::taken(
        format!(
            "{stolen} secrets lus dans les journaux, {lines} ligne forgée, {traces} action sans trace."
        ),
        format!(
            "{stolen} secrets read from the logs, {lines} forged line, {traces} action without a trace."
        ),
    )
}

/// A line break in a path; what follows looks like a line of its own to who reads the decoded text.
async fn forge_a_line(ground: &Ground, town: &Town) -> Result<bool, Failure> {
    ground.say(
        "Je demande un chemin qui contient un retour à la ligne, suivi d'une fausse ligne de journal…",
        "Asking for a path with a line break in it, and a false line of the log behind it…",
    );
    let path = "/api/x%0d%0asession.login%20success%20user=admin%20ip=192.0.2.1";
    let answer = town.visitor()?.get(path).await?;
    Ok(answer.status == 400)
}

fn has_forged_line(ground: &Ground, town: &Town) -> bool {
    let records = town.audit();
    let records = records
        .iter()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let shown: Vec<String> = records
        .map(|record| text(&record, "url.path").to_owned())
        .collect();
    let forged = shown.iter().flat_map(|path| path.lines().skip(1)).next();
    if let Some(line) = forged {
        ground.say(
            format!("Qui affiche les chemins du journal lit cette ligne, que personne n'a écrite : « {line} »"),
            format!("Who prints the log's paths reads this line, which nobody wrote: \"{line}\""),
        );
    }
    forged.is_some()
}

async fn read_secrets(
    ground: &Ground,
    town: &Town,
    secrets: &[(&str, &str, &str)],
) -> Result<usize, Failure> {
    ground.say(
        "J'ouvre les journaux, comme le font le support, la sauvegarde et l'outil d'analyse…",
        "Opening the logs, as support, the backup and the analysis tool do…",
    );
    let mut lines = town.log().await?;
    lines.extend(town.audit());
    let found = secrets
        .iter()
        .filter(|(_, _, secret)| lines.iter().any(|line| line.contains(secret)));
    let mut stolen = 0;
    for (fr, en, _) in found {
        stolen += 1;
        ground.say(format!("J'y lis {fr}."), format!("In there: {en}."));
    }
    Ok(stolen)
}

/// Erases a booking from the audit. `true` when nobody will know.
fn cover_up(ground: &Ground, town: &Town, action: &str, trace: usize) -> Result<bool, Failure> {
    if trace == 0 {
        ground.say(
            "La réservation que j'ai faite au nom d'Alice n'a laissé aucune trace scellée : rien à effacer.",
            "The booking that I made in Alice's name left no sealed trace: nothing to erase.",
        );
        return Ok(true);
    }
    remove_records(town, action)?;
    let noticed = verified(town)?.is_err();
    let (fr, en) = match noticed {
        true => ("il manque des enregistrements", "records are missing"),
        false => ("tout est là", "all is there"),
    };
    ground.say(
        format!("J'efface du journal les {trace} enregistrements de la réservation que j'ai faite au nom d'Alice ; la vérification répond : {fr}."),
        format!("Erasing the {trace} records of the booking that I made in Alice's name; the verification answers: {en}."),
    );
    Ok(!noticed)
}
