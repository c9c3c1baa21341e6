//! Whose certificate the platform believes.

use rustls::SupportedProtocolVersion;
use rustls::version::TLS13;
use serde_json::Value;

use super::{book, pay};
use crate::{
    Answer, Case, Failure, Impostor, Leaf, Message, Overheard, Plan, Stamp, Town, Verdict,
};

/// A payment on a platform whose payment-service finds an impostor where booking-service should be.
pub async fn paid_to_impostor(
    case: &Case,
    version: &'static SupportedProtocolVersion,
    certificate: impl FnOnce(&Town) -> Result<String, Failure>,
) -> Result<(Impostor, Answer), Failure> {
    let impostor = Impostor::listen(hang_up).await?;
    let plan = Plan::default().set("payment", "BOOKING_URL", impostor.url());
    let town = case.town(plan).await?;
    impostor.show(&certificate(&town)?, version)?;
    let alice = town.account("alice").await?;
    let (booking, _) = book(&town, &alice, &case.dice).await?;
    let answer = pay(&alice, &booking, &case.dice).await?;
    if impostor.callers() == 0 {
        let none = "payment-service did not call booking-service at all";
        return Err(Failure::Broken(none.to_owned()));
    }
    Ok((impostor, answer))
}

pub(super) fn hang_up(_: &Overheard) -> Option<Value> {
    None
}

/// Nothing may have been said to the impostor, and who paid is told that the service is away.
pub fn expect_not_believed((impostor, answer): (Impostor, Answer)) -> Verdict {
    if impostor.believers() == 0 {
        answer.expect_refused(503, "service_unavailable")?;
        return Ok(());
    }
    let expected = Message::new(
        "payment raccroche pendant la négociation TLS, sans rien dire",
        "payment hangs up during the TLS handshake and says nothing",
    );
    let told = impostor.requests().first().map(|told| told.line.clone());
    let told = told.unwrap_or_default();
    Err(answer.differs(expected).note(
        format!("L’imposteur a été cru, et a reçu : {told}"),
        format!("The impostor was believed, and was told: {told}"),
    ))
}

pub(super) async fn the_right_certificate_is_believed(case: Case) -> Verdict {
    let renewed = |town: &Town| Stamp::inside(town)?.make(&Leaf::of("booking"));
    let (booking, answer) = paid_to_impostor(&case, &TLS13, renewed).await?;
    if booking.requests().is_empty() {
        return Err(answer.differs(Message::new(
            "payment parle à booking, dont le certificat vient d’être renouvelé",
            "payment speaks to booking, whose certificate has just been renewed",
        )));
    }
    Ok(())
}

pub(super) async fn a_strangers_certificate_is_not_believed(case: Case) -> Verdict {
    let forged = |_: &Town| Stamp::stranger()?.make(&Leaf::of("booking"));
    expect_not_believed(paid_to_impostor(&case, &TLS13, forged).await?)
}

pub(super) async fn an_expired_certificate_is_not_believed(case: Case) -> Verdict {
    let old = |town: &Town| Stamp::inside(town)?.make(&Leaf::of("booking").expired());
    expect_not_believed(paid_to_impostor(&case, &TLS13, old).await?)
}

pub(super) async fn another_service_does_not_answer_in_its_place(case: Case) -> Verdict {
    let other = |town: &Town| Stamp::inside(town)?.make(&Leaf::of("catalog"));
    expect_not_believed(paid_to_impostor(&case, &TLS13, other).await?)
}
