//! A call, as it is sent and as the command that does the same on the reader's own platform.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::stream;
use http::Method;
use serde_json::Value;

/// Of a body that goes out in pieces.
const PIECE: usize = 1_024;

/// Where `cargo lab up` puts the gateway, and where a command that is pasted finds it.
const PLATFORM: &str = "https://localhost:8080";

#[derive(Debug, Clone)]
pub struct Call {
    pub method: Method,
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: Option<String>,
    /// `https://localhost:PORT` of what is really called.
    pub(crate) base: String,
    /// What a pasted command says instead of `base`.
    pub(crate) shown_base: String,
    pub(crate) bearer: Option<Bearer>,
    /// Of a body that goes out in pieces: the bytes that were taken so far.
    taken: Option<Arc<AtomicUsize>>,
}

/// A token, and how a reader gets one of the same kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bearer {
    pub(crate) token: String,
    /// `$(cargo lab token --user alice)`, or the token itself where no command makes it.
    pub(crate) shown: String,
}

impl Call {
    pub(crate) fn new(method: Method, base: &str, path: &str) -> Self {
        Self {
            method,
            path: path.to_owned(),
            headers: Vec::new(),
            body: None,
            base: base.to_owned(),
            shown_base: PLATFORM.to_owned(),
            bearer: None,
            taken: None,
        }
    }

    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.text("application/json", body.to_string())
    }

    /// A body as it stands, of this type.
    #[must_use]
    pub fn text(self, content_type: &str, body: impl Into<String>) -> Self {
        let mut call = self.header("content-type", content_type);
        call.body = Some(body.into());
        call
    }

    /// Sends the body piece by piece, without a word about its length beforehand.
    #[must_use]
    pub fn in_pieces(mut self) -> Self {
        self.taken = Some(Arc::default());
        self
    }

    /// How many bytes of a body in pieces have left: who is refused in the middle sends no more.
    pub fn taken(&self) -> usize {
        let taken = self.taken.as_ref();
        taken.map_or(0, |taken| taken.load(Ordering::Relaxed))
    }

    pub(crate) fn request(&self, client: &reqwest::Client) -> reqwest::RequestBuilder {
        let mut request =
            client.request(self.method.clone(), format!("{}{}", self.base, self.path));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if let Some(bearer) = &self.bearer {
            request = request.bearer_auth(&bearer.token);
        }
        match (&self.body, &self.taken) {
            (Some(body), Some(taken)) => request.body(pieces(body, Arc::clone(taken))),
            (Some(body), None) => request.body(body.clone()),
            (None, _) => request,
        }
    }

    /// For `sh`, and for PowerShell on Windows, where the word `curl` may mean something else.
    pub fn curl(&self) -> String {
        self.curl_for(cfg!(windows))
    }

    fn curl_for(&self, powershell: bool) -> String {
        let program = if powershell { "curl.exe" } else { "curl" };
        let mut parts = vec![program.to_owned(), "-sS".to_owned(), "-i".to_owned()];
        if self.shown_base.starts_with("https") {
            parts.push("--cacert certs/ca.pem".to_owned());
        }
        let default = if self.body.is_some() {
            Method::POST
        } else {
            Method::GET
        };
        if self.taken.is_some() {
            // HTTP/2 has no such header and needs none; curl declares a length all the same.
            parts.push("--http1.1 -H 'Transfer-Encoding: chunked'".to_owned());
        }
        if self.method != default {
            parts.push(format!("-X {}", self.method));
        }
        if let Some(bearer) = &self.bearer {
            parts.push(format!("-H \"Authorization: Bearer {}\"", bearer.shown));
        }
        for (name, value) in &self.headers {
            parts.push(format!(
                "-H {}",
                quoted(&format!("{name}: {value}"), powershell)
            ));
        }
        if let Some(body) = &self.body {
            parts.push(format!(
                "--data-raw {}",
                quoted(&shortened(body), powershell)
            ));
        }
        parts.push(quoted(
            &format!("{}{}", self.shown_base, self.path),
            powershell,
        ));
        parts.join(" ")
    }
}

fn pieces(body: &str, taken: Arc<AtomicUsize>) -> reqwest::Body {
    let pieces: Vec<_> = body.as_bytes().chunks(PIECE).map(<[u8]>::to_vec).collect();
    let counted = pieces.into_iter().map(move |piece| {
        taken.fetch_add(piece.len(), Ordering::Relaxed);
        Ok::<_, Infallible>(piece)
    });
    reqwest::Body::wrap_stream(stream::iter(counted))
}

/// Bodies of megabytes are told, not shown.
fn shortened(body: &str) -> String {
    const LONGEST: usize = 600;
    if body.chars().count() <= LONGEST {
        return body.to_owned();
    }
    let start: String = body.chars().take(LONGEST / 2).collect();
    format!("{start}… ({} octets)", body.len())
}

fn quoted(text: &str, powershell: bool) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/?=%+,@".contains(c);
    // zsh takes a question mark for a pattern.
    if text.chars().all(plain) && (powershell || !text.contains('?')) {
        return text.to_owned();
    }
    match powershell {
        true => format!("'{}'", text.replace('\'', "''").replace('"', "\\\"")),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn call() -> Call {
        let mut call = Call::new(Method::POST, "https://localhost:1", "/api/bookings?x=1")
            .json(&json!({"specialRequests": "l'ascenseur"}));
        call.bearer = Some(Bearer {
            token: "secret".to_owned(),
            shown: "$(cargo lab token --user alice)".to_owned(),
        });
        call
    }

    #[test]
    fn a_call_is_shown_as_a_command_against_the_readers_own_platform() {
        assert_eq!(
            call().curl_for(false),
            r#"curl -sS -i --cacert certs/ca.pem -H "Authorization: Bearer $(cargo lab token --user alice)" -H 'content-type: application/json' --data-raw '{"specialRequests":"l'\''ascenseur"}' 'https://localhost:8080/api/bookings?x=1'"#
        );
        assert_eq!(
            call().curl_for(true),
            r#"curl.exe -sS -i --cacert certs/ca.pem -H "Authorization: Bearer $(cargo lab token --user alice)" -H 'content-type: application/json' --data-raw '{\"specialRequests\":\"l''ascenseur\"}' https://localhost:8080/api/bookings?x=1"#
        );
    }

    #[test]
    fn a_method_that_curl_would_not_choose_is_named() {
        let call = Call::new(Method::DELETE, "https://localhost:1", "/api/tours/7");
        assert!(call.curl_for(false).contains("-X DELETE"));
    }
}
