//! A token that was good and was taken back, verified anew or remembered.

use super::*;
use crate::revocations::{News, Position, Revocation, Revocations, What};

fn tokens(issuer: &TestIssuer, revocations: &Revocations) -> (Tokens, Lifecycle) {
    let life = Lifecycle::new(Clock::manual(Timestamp(NOW * 1000)));
    let document = issuer.jwks();
    let fetch = move || std::future::ready(Ok(document.clone().into())).boxed();
    let jwks = Jwks::new(Arc::new(fetch), &life);
    let own = Issuer::own(ISSUER, AUDIENCE, jwks);
    (
        Tokens::of(vec![own], revocations.clone(), life.clock.clone()),
        life,
    )
}

fn revoke(revocations: &Revocations, what: What) {
    let news = News {
        position: Position {
            feed: "test".to_owned(),
            after: 1,
        },
        more: false,
        revocations: vec![Revocation {
            what,
            ends: NOW + 960,
        }],
    };
    revocations.take(&news, Timestamp(NOW * 1000));
}

#[tokio::test]
async fn a_revoked_token_is_refused_remembered_or_not_and_others_are_not() {
    let issuer = TestIssuer::new("k1");
    let (jti, sid) = ("5e1f", "0f0f");
    for what in [
        What::Token(jti.into()),
        What::Family(sid.into()),
        What::Subject(ALICE.into(), NOW),
    ] {
        for is_remembered in [true, false] {
            let revocations = crate::test_issuer::none_revoked();
            let (tokens, _life) = tokens(&issuer, &revocations);
            let mut claims = issuer.claims();
            (claims["jti"], claims["sid"]) = (json!(jti), json!(sid));
            let token = issuer.sign(&issuer.header().to_string(), &claims.to_string());
            if is_remembered {
                assert!(tokens.verify(&token).await.is_ok());
            }
            revoke(&revocations, what.clone());
            assert_invalid(&tokens.verify(&token).await, &format!("{what:?}"));
            let other = issuer.token_with("sub", json!("somebody-else"));
            assert!(tokens.verify(&other).await.is_ok(), "{what:?}");
        }
    }
}

#[tokio::test]
async fn a_family_that_is_null_or_empty_does_not_slip_past_a_revocation() {
    let issuer = TestIssuer::new("k1");
    let (tokens, _life) = issuer.tokens();
    for sid in [Value::Null, json!(""), json!(7), json!(["0f0f"])] {
        let token = issuer.token_with("sid", sid.clone());
        assert_invalid(&tokens.verify(&token).await, &sid.to_string());
    }
}

#[tokio::test]
async fn until_the_list_has_come_once_nothing_is_said_of_our_tokens() {
    let issuer = TestIssuer::new("k1");
    let revocations = Revocations::unknown();
    let (tokens, _life) = tokens(&issuer, &revocations);
    assert!(!tokens.is_ready());
    let token = issuer.token();
    let (waiting, ()) = tokio::join!(tokens.verify(&token), async {
        tokio::task::yield_now().await;
        revoke(&revocations, What::Token("another".into()));
    });
    assert!(
        waiting.is_ok(),
        "a request waits for the first list: {waiting:?}"
    );
    assert!(tokens.is_ready());
}
