//! The parameters of `POST /oauth/token` (RFC 6749 section 3.2), form-urlencoded.

use std::collections::BTreeMap;

use secrecy::SecretString;
use utoipa::ToSchema;

/// A parameter without a value counts as absent; one that this server does not know is passed over (section 3.2).
#[derive(Debug, Default, ToSchema)]
pub struct TokenRequest {
    #[schema(required, pattern = "^client_credentials$")]
    pub grant_type: Option<String>,
    #[schema(required)]
    pub scope: Option<String>,
    pub client_id: Option<String>,
    #[schema(value_type = Option<String>, format = Password)]
    pub client_secret: Option<SecretString>,
}

/// A parameter came twice: two readers may each believe another of the two values (section 3.2 forbids it).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Doubled;

impl TokenRequest {
    pub fn read(body: &[u8]) -> Result<Self, Doubled> {
        let mut given = BTreeMap::new();
        for (name, value) in url::form_urlencoded::parse(body) {
            if given
                .insert(name.into_owned(), value.into_owned())
                .is_some()
            {
                return Err(Doubled);
            }
        }
        let mut take = |name| given.remove(name).filter(|value| !value.is_empty());
        Ok(Self {
            grant_type: take("grant_type"),
            scope: take("scope"),
            client_id: take("client_id"),
            client_secret: take("client_secret").map(SecretString::from),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_parameter_is_absent_and_a_doubled_one_is_refused_even_when_empty_or_unknown() {
        let request = TokenRequest::read(b"grant_type=a+b%20c&scope=&x=1").expect("a request");
        assert_eq!(request.grant_type.as_deref(), Some("a b c"));
        assert_eq!(request.scope, None);
        for doubled in [
            "scope=a&scope=a",
            "scope=a&scope=",
            "x=1&x=2",
            "scope=a&%73cope=b",
        ] {
            assert_eq!(
                TokenRequest::read(doubled.as_bytes()).err(),
                Some(Doubled),
                "{doubled}"
            );
        }
    }
}
