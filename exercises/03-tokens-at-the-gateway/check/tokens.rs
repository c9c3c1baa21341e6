//! Which tokens open nothing, and which one does.

use serde_json::json;

use super::mint::Mint;
use crate::{Case, Verdict, forge};

pub async fn a_token_does_not_choose_its_algorithm(case: Case) -> Verdict {
    let mint = Mint::open(&case).await?;
    for algorithm in ["none", "None", "nOnE", "NONE", ""] {
        let mut header = mint.header();
        header["alg"] = algorithm.into();
        mint.refused(&forge::unsigned(&header, &mint.claims()))
            .await?;
        mint.refused(&mint.sign(&header, &mint.claims())).await?;
    }
    Ok(())
}

pub async fn the_public_key_is_no_secret(case: Case) -> Verdict {
    let mint = Mint::open(&case).await?;
    let mut header = mint.header();
    header["alg"] = "HS256".into();
    for secret in mint.public_key_in_all_forms() {
        let token = forge::hs256(&header, &mint.claims(), &secret);
        mint.refused(&token).await?;
    }
    Ok(())
}

pub async fn a_changed_token_is_refused(case: Case) -> Verdict {
    let mint = Mint::open(&case).await?;
    let mut claims = mint.claims();
    let good = mint.sign(&mint.header(), &claims);
    claims["roles"] = json!(["admin"]);
    let changed = forge::with_old_signature(&good, &mint.header(), &claims);
    mint.refused(&changed).await?;
    let stranger = forge::es256_key();
    let foreign = forge::es256(&mint.header(), &mint.claims(), &stranger);
    mint.refused(&foreign).await
}

pub async fn only_tokens_for_this_audience(case: Case) -> Verdict {
    let mint = Mint::open(&case).await?;
    let other = format!("escale-{}", case.dice.word());
    for audience in [
        json!(other),
        json!([other, "escale-web"]),
        json!("escale-api2"),
        json!([]),
    ] {
        mint.refused_with("aud", audience).await?;
    }
    mint.passes_with("aud", json!([other, "escale-api"])).await
}

pub async fn only_tokens_of_this_issuer(case: Case) -> Verdict {
    let mint = Mint::open(&case).await?;
    let ours = mint.claims()["iss"].as_str().unwrap_or_default().to_owned();
    for issuer in [
        format!("https://{}.example", case.dice.word()),
        format!("{ours}/"),
        format!("{ours}.evil.example"),
        ours.to_uppercase(),
    ] {
        mint.refused_with("iss", issuer.into()).await?;
    }
    Ok(())
}

pub async fn only_access_tokens(case: Case) -> Verdict {
    let mint = Mint::open(&case).await?;
    for kind in ["JWT", "id_token", "logout+jwt", ""] {
        let mut header = mint.header();
        header["typ"] = kind.into();
        mint.refused(&mint.sign(&header, &mint.claims())).await?;
    }
    mint.refused_with("cnf", json!({"jkt": case.dice.word()}))
        .await?;
    let mut header = mint.header();
    header["typ"] = "AT+JWT".into();
    mint.passes(&mint.sign(&header, &mint.claims())).await
}
