//! Who calls the platform: strangers, new users, and those who were seeded.

use serde_json::Value;

use super::Town;
use crate::visitor::Visitor;

impl Town {
    /// Somebody without a token.
    pub fn visitor(&self) -> Visitor {
        Visitor::new(self.public_client(), self.addresses["gateway"])
    }

    /// The same visitor, who calls through another gateway.
    #[must_use]
    pub fn through(&self, gateway: &str, visitor: &Visitor) -> Visitor {
        visitor.through(self.addresses[gateway])
    }

    /// A new user, registered and logged in.
    pub async fn user(&self) -> Visitor {
        self.visitor().register().await
    }

    /// One of the seeded accounts: alice, bob, gina (guide), admin.
    pub async fn account(&self, pseudo: &str) -> Visitor {
        let accounts = self.accounts["accounts"].as_array().expect("a list");
        let account = accounts
            .iter()
            .find(|account| account["pseudo"] == pseudo)
            .expect("seeded");
        let password = account["password"].as_str().expect("a text");
        self.visitor().login(pseudo, password).await
    }

    /// What was seeded: `accounts` and `clients`, with their secrets.
    pub fn seed(&self) -> &Value {
        &self.accounts
    }

    /// The seeded application's id and secret.
    pub fn app_credentials(&self) -> (String, String) {
        let client = &self.accounts["clients"][0];
        let text = |key: &str| client[key].as_str().expect("a text").to_owned();
        (text("id"), text("secret"))
    }

    /// The seeded API key: gina's.
    pub fn api_key(&self) -> String {
        let mut keys = self.accounts["accounts"].as_array().expect("a list").iter();
        let key = keys.find_map(|account| account["api_keys"][0]["key"].as_str());
        key.expect("seeded").to_owned()
    }

    /// The seeded application with an access token for these scopes.
    pub async fn app(&self, scope: &str) -> Visitor {
        let (id, secret) = self.app_credentials();
        let visitor = self.visitor();
        let form = [("grant_type", "client_credentials"), ("scope", scope)];
        let request = visitor.request(http::Method::POST, "/oauth/token");
        let answer = visitor
            .send(request.basic_auth(id, Some(secret)).form(&form))
            .await;
        visitor.with_token(&answer.assert_status(200).field("/access_token"))
    }
}
