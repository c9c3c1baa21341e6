//! How a client shows who it is at the token endpoint: `client_secret_basic` or `client_secret_post` (RFC 6749 section
//! 2.3.1), never both, which would let one be checked and the other be believed.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use secrecy::SecretString;

use super::oauth_error::OAuthError;
use crate::forms::TokenRequest;

/// What the client claims; nothing is checked yet.
pub struct Credentials {
    pub id: String,
    pub secret: SecretString,
}

impl Credentials {
    pub fn of(headers: &HeaderMap, request: &TokenRequest) -> Result<Self, OAuthError> {
        let mut values = headers.get_all(AUTHORIZATION).iter();
        match (values.next(), values.next()) {
            (None, _) => Self::from_body(request),
            (Some(_), Some(_)) => Err(OAuthError::invalid_request("Two Authorization headers")),
            (Some(_), None) if request.client_secret.is_some() => Err(OAuthError::invalid_request(
                "Two ways of client authentication",
            )),
            (Some(value), None) => {
                let unreadable = || OAuthError::invalid_client("unreadable Authorization header");
                let credentials =
                    basic(value.to_str().unwrap_or_default()).ok_or_else(unreadable)?;
                if request
                    .client_id
                    .as_ref()
                    .is_some_and(|id| *id != credentials.id)
                {
                    return Err(OAuthError::invalid_request("Two different client ids"));
                }
                Ok(credentials)
            }
        }
    }

    fn from_body(request: &TokenRequest) -> Result<Self, OAuthError> {
        match (&request.client_id, &request.client_secret) {
            (Some(id), Some(secret)) => Ok(Self {
                id: id.clone(),
                secret: secret.clone(),
            }),
            _ => Err(OAuthError::invalid_client("no client authentication")),
        }
    }
}

/// `Basic base64(id:secret)`, each half form-urlencoded first.
fn basic(header: &str) -> Option<Credentials> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("Basic") {
        return None;
    }
    let pair = BASE64_STANDARD.decode(encoded.trim()).ok()?;
    let pair = String::from_utf8(pair).ok()?;
    let (id, secret) = pair.split_once(':')?;
    Some(Credentials {
        id: form_decoded(id)?,
        secret: form_decoded(secret)?.into(),
    })
}

/// One value of a form. `&` and `=` would be encoded in it; where they are not, it is no such value.
fn form_decoded(text: &str) -> Option<String> {
    if text.contains(['&', '=']) {
        return None;
    }
    let (value, _) = url::form_urlencoded::parse(text.as_bytes()).next()?;
    Some(value.into_owned())
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn header(pair: &str) -> String {
        format!("basic {}", BASE64_STANDARD.encode(pair))
    }

    #[test]
    fn both_halves_are_form_decoded() {
        let credentials = basic(&header("my%2Dapp:a%3A+b%2B%25")).expect("credentials");
        assert_eq!(credentials.id, "my-app");
        assert_eq!(credentials.secret.expose_secret(), "a: b+%");
    }

    #[test]
    fn what_is_not_basic_gives_no_credentials() {
        for bad in [
            "",
            "Basic",
            "Basic !!!",
            "Bearer abc",
            &header("no colon"),
            &header(":secret"),
            &header("a=b:c"),
        ] {
            assert!(basic(bad).is_none(), "{bad}");
        }
    }
}
