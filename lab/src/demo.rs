//! The demo: a new user registers, logs in, searches, books and pays, against a real gateway. Each step is shown as
//! the command that does it by hand, and as the answer that really came.

pub mod curl;
mod expect;

use std::fmt::Display;
use std::time::{Duration, Instant};

use reqwest::Method;
use serde::Serialize;
use serde_json::{Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::console::Console;
use crate::gateway_client::{Answer, GatewayClient};
use crate::outcome::Refusal;
use crate::random_text;
use crate::texts::{Text, demo as texts};
use curl::Call;
use expect::Unexpected;

/// How long a payment that was answered with 202 may take.
const PAYMENT_LIMIT: Duration = Duration::from_secs(15);

/// One step as it happened.
#[derive(Debug, Clone, Serialize)]
pub struct Step {
    pub title: String,
    pub curl: String,
    pub status: u16,
    pub answer: Value,
}

pub struct Journey {
    gateway: GatewayClient,
    console: Console,
    pub steps: Vec<Step>,
}

impl Journey {
    pub fn new(gateway: GatewayClient, console: Console) -> Self {
        Self {
            gateway,
            console,
            steps: Vec::new(),
        }
    }

    /// # Errors
    /// The first step whose answer is not the expected one, with its number.
    pub async fn run(&mut self) -> Result<(), Refusal> {
        let mark = Uuid::new_v4().simple().to_string();
        let pseudo = format!("demo-{}", &mark[..12]);
        let password = random_text::password();
        let account = json!({"pseudo": pseudo, "email": format!("{pseudo}@example.org"), "password": password});
        let call = Call::new(Method::POST, "/auth/register").body(account);
        self.step(texts::REGISTER, &call, &[201]).await?;

        let call = Call::new(Method::POST, "/auth/login")
            .body(json!({"pseudo": pseudo, "password": password}));
        let session = self.step(texts::LOGIN, &call, &[200]).await?;
        let token = self.text(&session, texts::LOGIN, "/access_token")?;
        let line = call.keep_token(&self.gateway.base, &self.gateway.cacert);
        let title = self.console.text(&texts::KEEP_TOKEN, &[]);
        self.console.note(&format!("\n{title}\n\n{line}"));

        let call = Call::new(Method::GET, "/api/tours/search?q=paris").token(&token);
        let found = self.step(texts::SEARCH, &call, &[200]).await?;
        let tour = self.text(&found, texts::SEARCH, "/items/0/id")?;

        let booking = json!({"tourId": tour, "numberOfParticipants": 2, "bookingDate": some_day()});
        let call = Call::new(Method::POST, "/api/bookings")
            .body(booking)
            .token(&token)
            .key(Uuid::new_v4());
        let booked = self.step(texts::BOOK, &call, &[201]).await?;
        let booking = self.text(&booked, texts::BOOK, "/id")?;

        let payment = json!({"bookingId": booking, "cardToken": "tok_accepted"});
        let call = Call::new(Method::POST, "/api/payments")
            .body(payment)
            .token(&token)
            .key(Uuid::new_v4());
        self.step(texts::PAY, &call, &[201, 202]).await?;

        let call = Call::new(Method::GET, &format!("/api/bookings/{booking}")).token(&token);
        self.until_confirmed(&call).await
    }

    /// A payment that was answered with 202 is known a little later.
    async fn until_confirmed(&mut self, call: &Call) -> Result<(), Refusal> {
        let begun = Instant::now();
        loop {
            let answer = self.send(call).await?;
            let confirmed = answer.body["status"] == "confirmed";
            if !confirmed && answer.status == 200 && begun.elapsed() < PAYMENT_LIMIT {
                tokio::time::sleep(Duration::from_millis(250)).await;
                continue;
            }
            self.show(texts::CONFIRMED, call, &answer);
            let checked = expect::status(&answer, &[200])
                .and_then(|()| expect::value(&answer.body, "/status", "confirmed"));
            return checked.map_err(|why| self.refusal(texts::CONFIRMED, &why));
        }
    }

    async fn step(&mut self, title: Text, call: &Call, expected: &[u16]) -> Result<Value, Refusal> {
        let answer = self.send(call).await?;
        self.show(title, call, &answer);
        expect::status(&answer, expected).map_err(|why| self.refusal(title, &why))?;
        Ok(answer.body)
    }

    async fn send(&self, call: &Call) -> Result<Answer, Refusal> {
        self.gateway
            .send(call.request(&self.gateway.client, &self.gateway.base))
            .await
    }

    fn text(&self, body: &Value, title: Text, pointer: &str) -> Result<String, Refusal> {
        expect::text(body, pointer).map_err(|why| self.refusal(title, &why))
    }

    fn show(&mut self, title: Text, call: &Call, answer: &Answer) {
        let step = Step {
            title: self.console.text(&title, &[]),
            curl: call.curl(&self.gateway.base, &self.gateway.cacert),
            status: answer.status,
            answer: without_tokens(&answer.body),
        };
        if !self.console.json {
            let shown = serde_json::to_string_pretty(&step.answer).unwrap_or_default();
            let number = self.steps.len() + 1;
            self.console
                .line(&format!("\n{number}. {}\n\n{}\n", step.title, step.curl));
            self.console.line(&format!("HTTP {}\n{shown}", step.status));
        }
        self.steps.push(step);
    }

    fn refusal(&self, title: Text, why: &Unexpected) -> Refusal {
        let values: [(&str, &dyn Display); 3] = [
            ("number", &self.steps.len()),
            ("title", &self.console.text(&title, &[])),
            ("why", &why.describe(&self.console)),
        ];
        Refusal::Check(self.console.text(&texts::UNEXPECTED, &values))
    }
}

/// A day one to eleven months ahead, by chance: many demos do not fill one day's tour.
fn some_day() -> String {
    let days = 30 + i64::from(random_text::below(300));
    (OffsetDateTime::now_utc() + time::Duration::days(days))
        .date()
        .to_string()
}

/// What is shown may end up in a recording: tokens are cut short (R20).
fn without_tokens(body: &Value) -> Value {
    let mut shown = body.clone();
    for key in ["access_token", "refresh_token"] {
        if let Some(Value::String(token)) = shown.get_mut(key) {
            *token = format!("{}…", token.chars().take(12).collect::<String>());
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_cut_short_and_nothing_else_is_changed() {
        let shown = without_tokens(&json!({"access_token": "x".repeat(900), "expires_in": 900}));
        assert_eq!(
            shown,
            json!({"access_token": format!("{}…", "x".repeat(12)), "expires_in": 900})
        );
    }

    #[test]
    fn the_day_is_a_calendar_day_ahead() {
        let (today, day) = (OffsetDateTime::now_utc().date().to_string(), some_day());
        assert!(day.len() == 10 && day > today, "{day}");
    }
}
