//! Which state and which step follow on an answer:
//!
//! ```text
//! authorise --authorised--> capture --captured--> confirm --confirmed--> (paid)
//!     |                        |                     |
//!  declined                 refused               refused
//!     v                        v                     v
//!  (failed)                 (failed)              refund --refunded--> (money back)
//! ```
//!
//! A cancelled booking asks for the refund step from outside, at any time.

use uuid::Uuid;

use super::failure::Failure;
use super::status::Status;
use super::step::{Answer, Step};

/// What one answer changes. It is written in one transaction with the end of the step that got the answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Effect {
    pub becomes: Option<Status>,
    pub failure: Option<Failure>,
    pub charge_id: Option<Uuid>,
    pub confirmed: bool,
    pub next: Option<Step>,
}

pub fn effect_of(answer: Answer) -> Effect {
    match answer {
        Answer::Authorised { charge_id } => Effect {
            becomes: Some(Status::Authorised),
            charge_id: Some(charge_id),
            next: Some(Step::Capture),
            ..Effect::default()
        },
        Answer::Declined(failure) => Effect {
            becomes: Some(Status::Failed),
            failure: Some(failure),
            ..Effect::default()
        },
        Answer::Captured => Effect {
            becomes: Some(Status::Captured),
            next: Some(Step::Confirm),
            ..Effect::default()
        },
        Answer::CaptureRefused => Effect {
            becomes: Some(Status::Failed),
            failure: Some(Failure::CardDeclined),
            ..Effect::default()
        },
        Answer::Confirmed => Effect {
            confirmed: true,
            ..Effect::default()
        },
        Answer::ConfirmRefused(failure) => Effect {
            failure: Some(failure),
            next: Some(Step::Refund),
            ..Effect::default()
        },
        Answer::Refunded => Effect {
            becomes: Some(Status::Refunded),
            ..Effect::default()
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Follows a list of answers from `created`; gives the state and the step that is still to do.
    fn follow(answers: &[Answer]) -> (Status, Option<Step>) {
        let start = (Status::Created, Some(Step::Authorise));
        answers.iter().fold(start, |(status, _), answer| {
            let effect = effect_of(*answer);
            let next = effect.becomes.unwrap_or(status);
            assert!(
                next == status || status.may_become(next),
                "{status:?} -> {next:?}"
            );
            (next, effect.next)
        })
    }

    const AUTHORISED: Answer = Answer::Authorised {
        charge_id: Uuid::nil(),
    };

    #[test]
    fn every_way_through_ends_captured_and_confirmed_or_refunded_or_failed() {
        let refused = Answer::ConfirmRefused(Failure::BookingNotPayable);
        let declined = Answer::Declined(Failure::CardDeclined);
        for (answers, end) in [
            (
                &[AUTHORISED, Answer::Captured, Answer::Confirmed][..],
                Status::Captured,
            ),
            (
                &[AUTHORISED, Answer::Captured, refused, Answer::Refunded],
                Status::Refunded,
            ),
            (&[declined], Status::Failed),
            (&[AUTHORISED, Answer::CaptureRefused], Status::Failed),
        ] {
            assert_eq!(follow(answers), (end, None), "{answers:?}");
        }
    }

    #[test]
    fn a_refused_confirmation_leads_to_a_refund_and_to_nothing_else() {
        let refused = Answer::ConfirmRefused(Failure::BookingNotPayable);
        assert_eq!(
            follow(&[AUTHORISED, Answer::Captured, refused]),
            (Status::Captured, Some(Step::Refund))
        );
    }
}
