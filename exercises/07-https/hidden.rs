//! Lab 07, for grading: the same questions of other lines.

use rustls::version::{TLS12, TLS13};

use super::check::{expect_not_believed, paid_to_impostor};
use crate::{Case, Criterion, Failure, Impostor, Leaf, Message, Plan, Stamp, Text, Town, Verdict};

pub fn criteria() -> Vec<Criterion> {
    vec![
        Criterion::new(
            "the-client-does-not-go-down-to-1-2",
            &["R12"],
            Text::new(
                "payment ne se laisse pas ramener à TLS 1.2 par celui qu’il appelle",
                "payment is not brought down to TLS 1.2 by who it calls",
            ),
            the_client_does_not_go_down_to_1_2,
        ),
        Criterion::new(
            "the-host-name-counts-too",
            &["L13"],
            Text::new(
                "un certificat fait pour un autre hôte n’est pas cru",
                "a certificate made for another host is not believed",
            ),
            the_host_name_counts_too,
        ),
        Criterion::new(
            "the-gateway-is-as-strict",
            &["L13", "L1"],
            Text::new(
                "la passerelle n’est pas plus crédule que payment",
                "the gateway is no more credulous than payment",
            ),
            the_gateway_is_as_strict,
        ),
    ]
}

async fn the_client_does_not_go_down_to_1_2(case: Case) -> Verdict {
    let right = |town: &Town| Stamp::inside(town)?.make(&Leaf::of("booking"));
    expect_not_believed(paid_to_impostor(&case, &TLS12, right).await?)
}

async fn the_host_name_counts_too(case: Case) -> Verdict {
    let elsewhere = |town: &Town| Stamp::inside(town)?.make(&Leaf::of("booking").host("elsewhere"));
    expect_not_believed(paid_to_impostor(&case, &TLS13, elsewhere).await?)
}

async fn the_gateway_is_as_strict(case: Case) -> Verdict {
    let impostor = Impostor::listen(|_| None).await?;
    let plan = Plan::default().set("gateway", "CATALOG_URL", impostor.url());
    let town = case.town(plan).await?;
    impostor.show(&Stamp::stranger()?.make(&Leaf::of("catalog"))?, &TLS13)?;
    let answer = town.account("alice").await?.get("/api/tours").await?;
    if impostor.callers() == 0 {
        let none = "the gateway did not call catalog-service at all";
        return Err(Failure::Broken(none.to_owned()));
    }
    if impostor.believers() > 0 {
        let expected = Message::new(
            "la passerelle raccroche pendant la négociation TLS",
            "the gateway hangs up during the TLS handshake",
        );
        return Err(answer.differs(expected).note(
            "L’imposteur, à la place de catalog, a été cru.",
            "The impostor, in catalog's place, was believed.",
        ));
    }
    answer.expect_refused(503, "service_unavailable")?;
    Ok(())
}
