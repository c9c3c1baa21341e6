//! Whom a foreign token names: never one of ours.

use super::*;

/// Proves: T7
#[tokio::test]
async fn a_foreign_token_gives_what_the_list_allows_under_an_id_of_its_own() {
    let (own, sso) = (TestIssuer::new("k1"), TestIssuer::new("k1"));
    let (tokens, _life) = gateway(&own, &json!([sso.jwk()]), &[Algorithm::ES256]);
    let token = sso.sign(&header("k1", "ES256").to_string(), &claims().to_string());
    for _ in 0..2 {
        let verified = tokens.verify(&token).await.expect("a good token");
        assert_eq!(verified.subject, user_id(SSO, "f:1:alice").to_string());
        assert_eq!(
            (&verified.scope, &verified.roles),
            (
                &"tours:read".parse().expect("a value"),
                &"user".parse().expect("a value")
            )
        );
    }
    assert!(tokens.verify(&own.token()).await.is_ok(), "our own go on");
}

/// The quota and the jail go by the verified subject alone.
#[tokio::test]
async fn a_foreign_subject_is_never_counted_or_banned_as_one_of_ours() {
    let (own, sso) = (TestIssuer::new("k1"), TestIssuer::new("k1"));
    let (tokens, _life) = gateway(&own, &json!([sso.jwk()]), &[Algorithm::ES256]);
    let ours = tokens.verify(&own.token()).await.expect("a good token");
    assert_eq!(ours.subject, ALICE);
    // Of an account, of an application, and of somebody of its own.
    for claimed in [ALICE, "app", &user_id(SSO, ALICE).to_string()] {
        let mut claims = claims();
        claims["sub"] = json!(claimed);
        let token = sso.sign(&header("k1", "ES256").to_string(), &claims.to_string());
        let theirs = tokens.verify(&token).await.expect("a good token");
        let theirs = theirs.subject.to_str().expect("ASCII");
        for subject in [ALICE, claimed] {
            assert_ne!(Key::subject(subject), Key::subject(theirs), "{claimed}");
            assert_ne!(Inmate::user(subject), Inmate::user(theirs), "{claimed}");
        }
    }
}
