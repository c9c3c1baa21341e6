//! Reading the bank's answers: one schema for all of them, compared with what was asked.

use http::StatusCode;
use serde::Deserialize;
use uuid::Uuid;

use crate::domain::failure::Failure;
use crate::domain::money::{Currency, Money};
use crate::ports::{Authorisation, Capture, ChargeOrder, NotKnown};

/// A field that the bank adds is ignored; one that is missing, or a status that is not listed, is not understood.
/// The id is a UUID and nothing else, because it becomes a part of a path.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChargeAnswer {
    id: Uuid,
    reference: Uuid,
    amount_cents: i64,
    currency: Currency,
    status: ChargeStatus,
    decline_code: Option<DeclineCode>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum ChargeStatus {
    Authorised,
    Captured,
    Refunded,
    Declined,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum DeclineCode {
    CardDeclined,
    InsufficientFunds,
    UnknownToken,
    /// A reason that we do not know is still a no.
    #[serde(other)]
    Other,
}

impl ChargeAnswer {
    /// The answer is about the charge that was asked for, with the amount that was asked for.
    fn of(self, order: ChargeOrder, charge_id: Option<Uuid>) -> Result<Self, NotKnown> {
        let amount = Money {
            cents: self.amount_cents,
            currency: self.currency,
        };
        let same = self.reference == order.reference
            && amount == order.amount
            && charge_id.is_none_or(|id| id == self.id);
        if same {
            return Ok(self);
        }
        Err(NotKnown(
            "bank: the answer is about another charge or another amount".to_owned(),
        ))
    }

    fn failure(&self) -> Failure {
        match self.decline_code {
            Some(DeclineCode::InsufficientFunds) => Failure::InsufficientFunds,
            Some(DeclineCode::UnknownToken) => Failure::CardTokenUnknown,
            Some(DeclineCode::CardDeclined | DeclineCode::Other) | None => Failure::CardDeclined,
        }
    }
}

fn unexpected(what: &str, status: StatusCode, answer: &ChargeAnswer) -> NotKnown {
    NotKnown(format!(
        "bank: {what} answered {status} {:?}",
        answer.status
    ))
}

pub(crate) fn read_authorisation(
    order: ChargeOrder,
    status: StatusCode,
    answer: ChargeAnswer,
) -> Result<Authorisation, NotKnown> {
    let answer = answer.of(order, None)?;
    match (status, answer.status) {
        (StatusCode::OK, ChargeStatus::Declined) => Ok(Authorisation::Declined(answer.failure())),
        // A repeated order finds the charge where an earlier driver has left it.
        (StatusCode::OK, _) => Ok(Authorisation::Granted {
            charge_id: answer.id,
        }),
        _ => Err(unexpected("authorise", status, &answer)),
    }
}

pub(crate) fn read_capture(
    order: ChargeOrder,
    charge_id: Uuid,
    status: StatusCode,
    answer: ChargeAnswer,
) -> Result<Capture, NotKnown> {
    let answer = answer.of(order, Some(charge_id))?;
    match (status, answer.status) {
        (StatusCode::OK, ChargeStatus::Captured) => Ok(Capture::Taken),
        (StatusCode::CONFLICT, ChargeStatus::Declined | ChargeStatus::Refunded) => {
            Ok(Capture::Refused)
        }
        _ => Err(unexpected("capture", status, &answer)),
    }
}

pub(crate) fn read_refund(
    order: ChargeOrder,
    charge_id: Uuid,
    status: StatusCode,
    answer: ChargeAnswer,
) -> Result<(), NotKnown> {
    let answer = answer.of(order, Some(charge_id))?;
    match (status, answer.status) {
        (StatusCode::OK, ChargeStatus::Refunded) => Ok(()),
        _ => Err(unexpected("refund", status, &answer)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn order() -> ChargeOrder {
        ChargeOrder {
            reference: Uuid::from_u128(1),
            amount: Money::euros(12_900),
        }
    }

    fn charge(status: &str) -> Value {
        json!({ "id": Uuid::from_u128(2), "reference": Uuid::from_u128(1), "amountCents": 12_900, "currency": "EUR",
                "status": status, "declineCode": null })
    }

    fn authorisation(status: StatusCode, answer: Value) -> Result<Authorisation, NotKnown> {
        let answer = serde_json::from_value(answer).map_err(|error| NotKnown(error.to_string()))?;
        read_authorisation(order(), status, answer)
    }

    /// Proves: API10:2023
    #[test]
    fn an_answer_about_another_charge_or_another_amount_is_not_known() {
        assert!(authorisation(StatusCode::OK, charge("authorised")).is_ok());
        for (field, value) in [
            ("reference", json!(Uuid::from_u128(3))),
            ("amountCents", json!(12_901)),
            ("amountCents", json!("12900")),
            ("amountCents", json!(12_900.5)),
            ("currency", json!("USD")),
            ("status", json!("approved")),
            ("status", json!(null)),
            ("id", json!("../../internal")),
        ] {
            let mut answer = charge("authorised");
            answer[field] = value;
            assert!(
                authorisation(StatusCode::OK, answer.clone()).is_err(),
                "{answer}"
            );
        }
        assert!(authorisation(StatusCode::OK, json!({ "status": "authorised" })).is_err());
        assert!(authorisation(StatusCode::CONFLICT, charge("authorised")).is_err());
    }

    #[test]
    fn a_decline_keeps_its_reason_and_an_unknown_reason_is_a_plain_no() {
        for (code, failure) in [
            (json!("card_declined"), Failure::CardDeclined),
            (json!("insufficient_funds"), Failure::InsufficientFunds),
            (json!("unknown_token"), Failure::CardTokenUnknown),
            (json!("stolen_card"), Failure::CardDeclined),
            (json!(null), Failure::CardDeclined),
        ] {
            let mut answer = charge("declined");
            answer["declineCode"] = code;
            let read = authorisation(StatusCode::OK, answer).expect("a definite answer");
            assert_eq!(read, Authorisation::Declined(failure));
        }
    }

    #[test]
    fn money_is_taken_or_given_back_only_when_the_charge_says_so() {
        let read = |status: &str| -> ChargeAnswer {
            serde_json::from_value(charge(status)).expect("a charge")
        };
        let id = Uuid::from_u128(2);
        for status in ["authorised", "refunded", "declined"] {
            assert!(read_capture(order(), id, StatusCode::OK, read(status)).is_err());
        }
        for status in ["authorised", "captured", "declined"] {
            assert!(read_refund(order(), id, StatusCode::OK, read(status)).is_err());
        }
        let taken = read_capture(order(), id, StatusCode::OK, read("captured"));
        assert_eq!(taken.expect("an answer"), Capture::Taken);
        let refused = read_capture(order(), id, StatusCode::CONFLICT, read("refunded"));
        assert_eq!(refused.expect("an answer"), Capture::Refused);
        let other = Uuid::from_u128(9);
        assert!(read_capture(order(), other, StatusCode::OK, read("captured")).is_err());
    }
}
