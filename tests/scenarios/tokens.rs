//! Access tokens: every way to get in with one that is not good, over the real gateway. In auth's place stands an
//! issuer that signs whatever the test wants, in the catalogue's a spy that must see nothing.

mod claims;
mod forged;
mod keys;
mod places;
mod revoked;

use escale_tests::{Answer, Plan, TestIssuer, Town};

struct Bench {
    town: Town,
    issuer: TestIssuer,
}

impl Bench {
    async fn start() -> Self {
        let issuer = TestIssuer::new("k1");
        let plan = Plan {
            spies: vec!["catalog"],
            stand_ins: vec![("auth", issuer.app())],
            ..Plan::default()
        };
        let town = Town::planned(plan).await;
        let bench = Self { town, issuer };
        // Whatever is refused below, a good token is not.
        bench
            .get(&bench.issuer.token(&bench.town))
            .await
            .assert_status(200);
        bench
    }

    async fn get(&self, token: &str) -> Answer {
        self.town
            .visitor()
            .with_token(token)
            .get("/api/tours")
            .await
    }

    fn reached_the_catalogue(&self) -> usize {
        self.town.spies["catalog"].seen().len()
    }

    /// 401 with this code and the challenge of RFC 6750 section 3, and no service has seen the request.
    async fn assert_refused(&self, token: &str, code: &str, what: &str) {
        let before = self.reached_the_catalogue();
        let answer = self.get(token).await;
        assert_eq!(answer.status, 401, "{what}: {}", answer.text());
        let answer = answer.assert_refused(401, code);
        let challenge = answer.header("www-authenticate");
        assert!(
            challenge.contains(r#"error="invalid_token""#),
            "{what}: {challenge}"
        );
        assert_eq!(self.reached_the_catalogue(), before, "{what}");
    }

    async fn assert_invalid(&self, token: &str, what: &str) {
        self.assert_refused(token, "token_invalid", what).await;
    }
}
