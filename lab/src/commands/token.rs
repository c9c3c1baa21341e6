//! `token`: an access token on standard output and nothing else, for `$(cargo lab token --user alice)`.

use std::fmt::Display;

use serde_json::json;

use super::accounts;
use crate::cli::gateway::Token;
use crate::console::Console;
use crate::expired_token;
use crate::gateway_client::GatewayClient;
use crate::layout::Layout;
use crate::outcome::{Outcome, Refusal};
use crate::texts::{Text, accounts as texts};

pub async fn run(arguments: &Token, console: &Console) -> anyhow::Result<Outcome> {
    let layout = Layout::from_environment(console)?;
    if arguments.expired {
        return expired(&layout, console);
    }
    let demo = accounts::read(&layout, console)?;
    let gateway = GatewayClient::new(&arguments.target, &layout, console)?;
    let unknown = |text: &Text, name: &str, names: Vec<&str>| {
        let values: [(&str, &dyn Display); 2] = [("name", &name), ("names", &names.join(", "))];
        Refusal::Usage(console.text(text, &values))
    };
    let request = if let Some(id) = &arguments.client {
        let client = demo
            .clients
            .iter()
            .find(|client| client.id == *id)
            .ok_or_else(|| {
                let ids = demo.clients.iter().map(|client| client.id.as_str());
                unknown(&texts::NO_SUCH_CLIENT, id, ids.collect())
            })?;
        let scope = arguments
            .scope
            .clone()
            .unwrap_or_else(|| client.scopes.join(" "));
        let form = [("grant_type", "client_credentials"), ("scope", &scope)];
        let request = gateway.client.post(format!("{}/oauth/token", gateway.base));
        request
            .basic_auth(form_encoded(&client.id), Some(form_encoded(&client.secret)))
            .form(&form)
    } else {
        let pseudo = arguments.user.as_deref().unwrap_or_default();
        let account = demo
            .accounts
            .iter()
            .find(|account| account.pseudo == pseudo)
            .ok_or_else(|| {
                let names = demo.accounts.iter().map(|account| account.pseudo.as_str());
                unknown(&texts::NO_SUCH_USER, pseudo, names.collect())
            })?;
        let body = json!({"pseudo": account.pseudo, "password": account.password});
        gateway
            .client
            .post(format!("{}/auth/login", gateway.base))
            .json(&body)
    };
    let answer = gateway.send(request).await?;
    match answer.body["access_token"].as_str() {
        Some(token) if answer.status == 200 && console.json => {
            console
                .answer(&json!({"accessToken": token, "expiresIn": answer.body["expires_in"]}))?;
        }
        Some(token) if answer.status == 200 => console.line(token),
        _ => {
            let values: [(&str, &dyn Display); 2] =
                [("status", &answer.status), ("answer", &answer.body)];
            return Err(Refusal::Check(console.text(&texts::TOKEN_REFUSED, &values)).into());
        }
    }
    Ok(Outcome::Done)
}

fn expired(layout: &Layout, console: &Console) -> anyhow::Result<Outcome> {
    let token = expired_token::make(layout).map_err(|reason| {
        Refusal::Check(console.text(&texts::NO_EXPIRED_TOKEN, &[("reason", &reason)]))
    })?;
    if console.json {
        console.answer(&json!({"accessToken": token, "expiresIn": 0}))?;
    } else {
        console.line(&token);
    }
    Ok(Outcome::Done)
}

/// RFC 6749 section 2.3.1: identifier and secret are form-encoded before they go into the Basic header. The secrets made
/// here need none of it; a teacher's own may.
fn form_encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::form_encoded;

    #[test]
    fn a_secret_with_special_signs_survives_the_basic_header() {
        assert_eq!(form_encoded("a+b/c=="), "a%2Bb%2Fc%3D%3D");
        assert_eq!(form_encoded("app"), "app");
    }
}
