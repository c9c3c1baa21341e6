//! A caller from outside: somebody with a browser, or an application.

use std::time::Duration;

use http::Method;
use reqwest::Client;
use serde_json::{Value, json};

use crate::call::{Bearer, Call};
use crate::{Answer, Failure, Message};

/// A call that is not answered by then has no answer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Debug, Clone)]
pub struct Visitor {
    client: Client,
    base: String,
    shown_base: Option<String>,
    bearer: Option<Bearer>,
    headers: Vec<(String, String)>,
}

impl Visitor {
    pub(crate) fn new(client: Client, base: String) -> Self {
        Self {
            client,
            base,
            shown_base: None,
            bearer: None,
            headers: Vec::new(),
        }
    }

    /// Commands that are shown name this address instead of the platform's gateway.
    #[must_use]
    pub(crate) fn shown_at(self, base: &str) -> Self {
        Self {
            shown_base: Some(base.to_owned()),
            ..self
        }
    }

    /// The same caller with a token that no command makes: it is shown whole.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        self.with_bearer(token, token)
    }

    /// The same caller with a token; a pasted command says `shown` instead of it.
    #[must_use]
    pub fn with_bearer(&self, token: &str, shown: &str) -> Self {
        Self {
            bearer: Some(Bearer {
                token: token.to_owned(),
                shown: shown.to_owned(),
            }),
            ..self.clone()
        }
    }

    /// The same caller without credentials.
    #[must_use]
    pub fn without_token(&self) -> Self {
        Self {
            bearer: None,
            ..self.clone()
        }
    }

    /// The same caller, who sends this header with each request.
    #[must_use]
    pub fn with_header(&self, name: &str, value: &str) -> Self {
        let mut visitor = self.clone();
        visitor.headers.push((name.to_owned(), value.to_owned()));
        visitor
    }

    pub fn token(&self) -> &str {
        self.bearer.as_ref().map_or("", |bearer| &bearer.token)
    }

    /// A call that may still be changed; [`Visitor::send`] sends it.
    pub fn call(&self, method: Method, path: &str) -> Call {
        let mut call = Call::new(method, &self.base, path);
        call.bearer.clone_from(&self.bearer);
        call.headers.clone_from(&self.headers);
        if let Some(shown) = &self.shown_base {
            call.shown_base.clone_from(shown);
        }
        call
    }

    pub async fn send(&self, call: Call) -> Result<Answer, Failure> {
        match call.request(&self.client).send().await {
            Ok(response) => Answer::read(call, response).await,
            Err(error) => Err(no_answer(&call, &error)),
        }
    }

    pub async fn get(&self, path: &str) -> Result<Answer, Failure> {
        self.send(self.call(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Result<Answer, Failure> {
        self.send(self.call(Method::POST, path).json(body)).await
    }

    /// Logs in; the answer says whether that worked.
    pub async fn try_login(&self, pseudo: &str, password: &str) -> Result<Answer, Failure> {
        let credentials = json!({"pseudo": pseudo, "password": password});
        self.post("/auth/login", &credentials).await
    }

    pub async fn login(&self, pseudo: &str, password: &str) -> Result<Self, Failure> {
        let answer = self.try_login(pseudo, password).await?.expect_status(200)?;
        let shown = format!("$(cargo lab token --user {pseudo})");
        Ok(self.with_bearer(&answer.field("/access_token")?, &shown))
    }

    /// A new account, logged in.
    pub async fn register(&self, pseudo: &str, password: &str) -> Result<Self, Failure> {
        let account = json!({"pseudo": pseudo, "email": format!("{pseudo}@exemple.fr"), "password": password});
        self.post("/auth/register", &account)
            .await?
            .expect_status(201)?;
        self.login(pseudo, password).await
    }
}

/// A refused connection, a handshake that fails, an answer that does not come.
pub(crate) fn no_answer(call: &Call, error: &reqwest::Error) -> Failure {
    if error.is_timeout() {
        return Failure::Stuck {
            sent: call.curl(),
            seconds: PATIENCE.as_secs(),
        };
    }
    let mut reasons = vec![error.to_string()];
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        reasons.push(cause.to_string());
        source = cause.source();
    }
    let expected = Message::new("une réponse HTTP", "an HTTP answer");
    Failure::differs(call, expected, reasons.join(": "))
}
