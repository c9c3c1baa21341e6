//! The learner's program at work: who asks it for badges, shows them, and what it must say to them.

use serde_json::{Value, json};

use super::header;
use crate::{Answer, App, Case, Failure, Verdict, Visitor, forge};

/// The learner's program, with a key that the criterion knows.
pub struct Desk {
    pub key: String,
    pub visitor: Visitor,
    _app: App,
}

impl Desk {
    pub async fn open(case: &Case) -> Result<Self, Failure> {
        let word = || case.dice.word();
        Self::with_key(case, &format!("{}{}{}", word(), word(), word())).await
    }

    pub async fn with_key(case: &Case, key: &str) -> Result<Self, Failure> {
        let app = case.app("escale-badge", &[("BADGE_KEY", key)]).await?;
        Ok(Self {
            key: key.to_owned(),
            visitor: app.visitor("http://localhost:8081")?,
            _app: app,
        })
    }

    pub async fn login(&self, body: &Value) -> Result<Answer, Failure> {
        self.visitor.post("/login", body).await
    }

    pub async fn badge_of(&self, pseudo: &str) -> Result<String, Failure> {
        let answer = self.login(&json!({"pseudo": pseudo})).await?;
        answer.expect_status(200)?.field("/token")
    }

    /// A badge as the service makes them, with these claims.
    pub fn signed(&self, claims: &Value) -> String {
        forge::hs256(&header("HS256"), claims, self.key.as_bytes())
    }

    pub async fn show(&self, badge: &str) -> Result<Answer, Failure> {
        self.visitor.with_token(badge).get("/protected").await
    }

    /// `what` it is: a reader can hardly tell from the badge.
    pub async fn expect_refused(&self, badge: &str, error: &str, what: [&str; 2]) -> Verdict {
        let refused = expect_told(self.show(badge).await?, 401, error);
        let with = format!("BADGE_KEY={}", self.key);
        let [fr, en] = what;
        refused.map(drop).map_err(|failure| {
            failure.note(
                format!("Ce badge : {fr}. Programme lancé avec {with}."),
                format!("This badge: {en}. The program was started with {with}."),
            )
        })
    }
}

pub fn expect_told(answer: Answer, status: u16, error: &str) -> Result<Answer, Failure> {
    let told = json!({"success": false, "error": error});
    answer.expect(
        |answer| answer.status == status && answer.json() == told,
        format!("{status} et {told}"),
        format!("{status} and {told}"),
    )
}
