//! What the bank does with a card, by its token.

use secrecy::{ExposeSecret, SecretString};

use super::charge::DeclineCode;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behaviour {
    Accept,
    Decline(DeclineCode),
    /// Accepts, and answers late.
    AnswerLate,
    /// Accepts, and the connection breaks before the answer is through. Once: the same order sent again is answered.
    LoseAnswer,
}

pub fn of(card_token: &SecretString) -> Behaviour {
    match card_token.expose_secret() {
        "tok_accepted" => Behaviour::Accept,
        "tok_declined" => Behaviour::Decline(DeclineCode::CardDeclined),
        "tok_insufficient_funds" => Behaviour::Decline(DeclineCode::InsufficientFunds),
        "tok_slow" => Behaviour::AnswerLate,
        "tok_lost_answer" => Behaviour::LoseAnswer,
        _ => Behaviour::Decline(DeclineCode::UnknownToken),
    }
}

impl Behaviour {
    pub fn decline_code(self) -> Option<DeclineCode> {
        match self {
            Self::Decline(code) => Some(code),
            Self::Accept | Self::AnswerLate | Self::LoseAnswer => None,
        }
    }
}
