//! A call, as a request and as the curl command that does the same in `sh`.

use std::path::Path;

use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;
use uuid::Uuid;

pub(super) struct Call {
    method: Method,
    path: String,
    body: Option<Value>,
    token: Option<String>,
    idempotency_key: Option<Uuid>,
}

impl Call {
    pub fn new(method: Method, path: &str) -> Self {
        Self {
            method,
            path: path.to_owned(),
            body: None,
            token: None,
            idempotency_key: None,
        }
    }

    pub fn body(self, body: Value) -> Self {
        Self {
            body: Some(body),
            ..self
        }
    }

    pub fn token(self, token: &str) -> Self {
        Self {
            token: Some(token.to_owned()),
            ..self
        }
    }

    pub fn key(self, key: Uuid) -> Self {
        Self {
            idempotency_key: Some(key),
            ..self
        }
    }

    pub fn request(&self, client: &Client, base: &str) -> RequestBuilder {
        let mut request = client.request(self.method.clone(), format!("{base}{}", self.path));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(key) = &self.idempotency_key {
            request = request.header("Idempotency-Key", key.to_string());
        }
        match &self.body {
            Some(body) => request.json(body),
            None => request,
        }
    }

    /// The token itself is not shown: `$TOKEN` is set by the line that [`Call::keep_token`] shows.
    pub fn curl(&self, base: &str, cacert: &Path) -> String {
        self.parts(base, cacert).join(" \\\n  ")
    }

    /// The login once more, as the line that puts the access token into `$TOKEN`.
    pub fn keep_token(&self, base: &str, cacert: &Path) -> String {
        let cut = r#"sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p'"#;
        format!("TOKEN=$({} | {cut})", self.parts(base, cacert).join(" "))
    }

    fn parts(&self, base: &str, cacert: &Path) -> Vec<String> {
        let mut parts = vec![format!("curl -sS --cacert {}", shown_path(cacert))];
        if self.body.is_none() && self.method != Method::GET {
            parts.push(format!("-X {}", self.method));
        }
        if self.token.is_some() {
            parts.push(r#"-H "Authorization: Bearer $TOKEN""#.to_owned());
        }
        if let Some(key) = &self.idempotency_key {
            parts.push(format!("-H 'Idempotency-Key: {key}'"));
        }
        if let Some(body) = &self.body {
            parts.push("-H 'Content-Type: application/json'".to_owned());
            parts.push(format!("-d {}", quoted(&body.to_string())));
        }
        parts.push(quoted(&format!("{base}{}", self.path)));
        parts
    }
}

/// A path as it can be pasted: relative where it lies below the current folder, quoted where it must be.
pub fn shown_path(path: &Path) -> String {
    let here = std::env::current_dir().ok();
    let relative = here.and_then(|here| path.strip_prefix(here).ok());
    let text = relative.unwrap_or(path).display().to_string();
    let plain = |sign: char| sign.is_ascii_alphanumeric() || "/._-".contains(sign);
    if text.chars().all(plain) {
        text
    } else {
        quoted(&text)
    }
}

/// For `sh`: between single quotes nothing is special but the single quote itself.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_call_is_shown_so_that_it_can_be_pasted_and_without_its_token() {
        let call = Call::new(Method::POST, "/api/bookings")
            .body(json!({"a": "l'été"}))
            .token("s3cret")
            .key(Uuid::nil());
        let shown = call.curl("https://localhost:8080", Path::new("/certs/ca.pem"));
        let expected = r#"curl -sS --cacert /certs/ca.pem \
  -H "Authorization: Bearer $TOKEN" \
  -H 'Idempotency-Key: 00000000-0000-0000-0000-000000000000' \
  -H 'Content-Type: application/json' \
  -d '{"a":"l'\''été"}' \
  'https://localhost:8080/api/bookings'"#;
        assert_eq!(shown, expected);
    }

    #[test]
    fn the_token_is_kept_by_one_line() {
        let call = Call::new(Method::POST, "/auth/login").body(json!({"pseudo": "a"}));
        let line = call.keep_token("https://localhost:8080", Path::new("/ca.pem"));
        assert!(
            line.starts_with("TOKEN=$(curl -sS --cacert /ca.pem -H") && line.ends_with("/p')"),
            "{line}"
        );
        assert!(!line.contains('\n'));
    }

    #[test]
    fn a_path_with_a_space_is_quoted() {
        assert_eq!(shown_path(Path::new("/my lab/ca.pem")), "'/my lab/ca.pem'");
    }
}
