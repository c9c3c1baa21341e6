//! Where bookings are tried: alice at the gateway, a spy behind it.

use http::Method;
use serde_json::{Value, json};

use super::BOOKINGS;
use crate::{Answer, Call, Case, Failure, Message, Plan, Town, Verdict, Visitor};

/// A platform with a spy in booking's place: "refused" means that nothing arrived there.
pub(super) struct Desk {
    pub town: Town,
    pub alice: Visitor,
    /// No tour of the catalogue: the spy does not look it up.
    pub tour: String,
}

impl Desk {
    pub async fn open(case: &Case) -> Result<Self, Failure> {
        let town = case.town(Plan::default().spy("booking")).await?;
        let alice = town.account("alice").await?;
        let tour = format!(
            "{:08x}-58a5-4b3b-9d52-{}",
            case.dice.within(0..0xffff_ffff),
            &case.dice.word()[..12]
        );
        Ok(Self { town, alice, tour })
    }

    pub async fn booking(&self) -> Result<Value, Failure> {
        let tomorrow = self.town.day(1).await?;
        Ok(json!({"tourId": self.tour, "numberOfParticipants": 2, "bookingDate": tomorrow}))
    }

    /// A good booking but for this field.
    pub async fn with(&self, field: &str, value: Value) -> Result<Value, Failure> {
        let mut booking = self.booking().await?;
        booking[field] = value;
        Ok(booking)
    }

    pub fn call(&self) -> Call {
        self.alice.call(Method::POST, BOOKINGS)
    }

    pub async fn arrived(&self) -> Result<usize, Failure> {
        Ok(self.town.seen("booking").await?.len())
    }

    /// The service gets it.
    pub async fn passes(&self, call: Call) -> Result<Answer, Failure> {
        let before = self.arrived().await?;
        let answer = self.alice.send(call).await?.expect_status(200)?;
        match self.arrived().await? - before {
            1 => Ok(answer),
            times => Err(answer.differs(Message::new(
                format!("une demande chez booking, et non {times}"),
                format!("one request at booking, and not {times}"),
            ))),
        }
    }

    /// The gateway answers by itself, and the service never hears of it.
    pub async fn refused(&self, call: Call, status: u16, code: &str) -> Result<Answer, Failure> {
        let before = self.arrived().await?;
        let answer = self.alice.send(call).await?;
        if self.arrived().await? > before {
            let expected = Message::new(
                format!("{status} de la passerelle, et rien chez booking"),
                format!("{status} from the gateway, and nothing at booking"),
            );
            return Err(answer.differs(expected));
        }
        answer.expect_refused(status, code)
    }

    /// 400, and the fault of this field told by its pointer.
    pub async fn faulty(&self, field: &str, value: Value) -> Verdict {
        let call = self.call().json(&self.with(field, value).await?);
        let answer = self.refused(call, 400, "invalid_booking").await?;
        tells(&answer, field)
    }
}

pub(super) fn tells(answer: &Answer, field: &str) -> Verdict {
    let pointer = format!("/{field}");
    let errors = answer.json()["errors"].clone();
    let errors = errors.as_array().cloned().unwrap_or_default();
    if errors.iter().any(|error| error["pointer"] == pointer) {
        return Ok(());
    }
    Err(answer.differs(Message::new(
        format!("une faute de pointeur {pointer} dans errors"),
        format!("a fault with the pointer {pointer} in errors"),
    )))
}
