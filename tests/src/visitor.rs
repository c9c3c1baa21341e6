//! A caller from outside: a person with a browser, or an application. It trusts the platform's root, and nothing else.

use std::net::SocketAddr;

use http::Method;
use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::logs;
use crate::platform::Platform;

#[derive(Debug, Clone)]
pub struct Visitor {
    client: reqwest::Client,
    base: String,
    token: Option<String>,
    api_key: Option<String>,
    /// The answer to the login, for tests of refresh and logout.
    pub session: Value,
    pub pseudo: String,
    pub password: String,
}

impl Visitor {
    pub(crate) fn new(client: reqwest::Client, gateway: SocketAddr) -> Self {
        let base = format!("https://localhost:{}", gateway.port());
        Self {
            client,
            base,
            token: None,
            api_key: None,
            session: Value::Null,
            pseudo: String::new(),
            password: String::new(),
        }
    }

    /// Somebody who calls a platform of real processes.
    pub fn of_platform(platform: &Platform) -> Self {
        service_kit::process::install_crypto_provider();
        let pem = std::fs::read(platform.home().join("certs/ca.pem")).expect("an authority");
        let roots = reqwest::Certificate::from_pem_bundle(&pem).expect("PEM");
        let client = reqwest::Client::builder()
            .tls_certs_only(roots)
            .no_proxy()
            .build();
        let gateway = SocketAddr::from(([127, 0, 0, 1], platform.port("gateway")));
        Self::new(client.expect("a client"), gateway)
    }

    /// The same visitor, who calls at another address.
    #[must_use]
    pub fn through(&self, gateway: SocketAddr) -> Self {
        Self {
            base: format!("https://localhost:{}", gateway.port()),
            ..self.clone()
        }
    }

    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self {
            token: Some(token.to_owned()),
            api_key: None,
            ..self.clone()
        }
    }

    /// Who shows an API key, and no token.
    #[must_use]
    pub fn with_api_key(&self, key: &str) -> Self {
        Self {
            token: None,
            api_key: Some(key.to_owned()),
            ..self.clone()
        }
    }

    pub fn token(&self) -> &str {
        self.token.as_deref().unwrap_or_default()
    }

    /// A request that the test may still change; [`Visitor::send`] sends it.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.base));
        match (&self.token, &self.api_key) {
            (Some(token), _) => request.bearer_auth(token),
            (None, Some(key)) => request.header("x-api-key", key),
            (None, None) => request,
        }
    }

    pub async fn send(&self, request: RequestBuilder) -> Answer {
        Answer::read(request.send().await.expect("the gateway answers")).await
    }

    /// The same where the gateway may be dead, or die while it answers: then there is no whole answer.
    pub async fn try_send(&self, request: RequestBuilder) -> Option<Answer> {
        Answer::try_read(request.send().await.ok()?).await.ok()
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    /// Null: no body at all, and no word of its type.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        let request = self.request(Method::POST, path);
        let request = match body {
            Value::Null => request,
            body => request.json(body),
        };
        self.send(request).await
    }

    pub async fn post_with_key(&self, path: &str, key: &str, body: &Value) -> Answer {
        let request = self
            .request(Method::POST, path)
            .header("idempotency-key", key)
            .json(body);
        self.send(request).await
    }

    /// A new account with random name and password, logged in.
    pub async fn register(&self) -> Self {
        let mark = uuid::Uuid::new_v4().simple().to_string();
        let pseudo = format!("v-{}", &mark[..16]);
        let (email, password) = (format!("{mark}@canary.example"), format!("Canari-{mark}"));
        logs::canary(&mark);
        let account = json!({"pseudo": pseudo, "email": email, "password": password});
        self.post("/auth/register", &account)
            .await
            .assert_status(201);
        self.login(&pseudo, &password).await
    }

    pub async fn login(&self, pseudo: &str, password: &str) -> Self {
        logs::canary(password);
        let credentials = json!({"pseudo": pseudo, "password": password});
        let answer = self
            .post("/auth/login", &credentials)
            .await
            .assert_status(200);
        logs::canary(&answer.field("/refresh_token"));
        let token = answer.field("/access_token");
        Self {
            session: answer.json(),
            pseudo: pseudo.to_owned(),
            password: password.to_owned(),
            ..self.with_token(&token)
        }
    }
}
