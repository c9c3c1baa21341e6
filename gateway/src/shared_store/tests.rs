//! Redis away, slow, refusing, and back.

use std::time::Instant;

use service_kit::clock::Clock;

use super::*;
use crate::jail::{Inmate, Offence, Register, SharedRegister};
use crate::limits::{Key, Limits};
use crate::route_table::{BUILT_IN, RouteTable};
use crate::test_log::LogCapture;
use crate::test_network::TestNetwork;
use crate::test_store::{configured, eventually, lent, with};

async fn answers(store: &SharedStore) -> bool {
    let mut echo = redis::cmd("ECHO");
    let answer: Result<String, _> = store.query(Question::Pulse, echo.arg("here")).await;
    answer.is_ok_and(|answer| answer == "here")
}

#[tokio::test]
async fn a_killed_redis_is_away_at_once_and_back_by_itself_and_each_change_is_told_once() {
    let (log, _guard) = LogCapture::start();
    let Some((mut redis, store)) = lent().await else {
        return;
    };
    assert!(answers(&store).await);
    redis.kill();
    for _ in 0..100 {
        assert!(!answers(&store).await);
    }
    redis.restart();
    eventually("it answers", async || answers(&store).await).await;
    let told = log.text();
    assert_eq!(told.matches("Redis is away").count(), 1, "{told}");
    assert_eq!(told.matches("Redis answers").count(), 2, "{told}");
    assert!(!told.contains(redis.password()));
}

#[tokio::test]
async fn a_frozen_redis_costs_three_deadlines_and_then_nothing() {
    let Some((redis, _)) = lent().await else {
        return;
    };
    let deadline = std::time::Duration::from_millis(300);
    let store = with(&redis.url(), 300).await;
    assert!(answers(&store).await);
    redis.stop();
    let begun = Instant::now();
    for _ in 0..1_000 {
        assert!(!answers(&store).await);
    }
    let took = begun.elapsed();
    // The pulse may have been one of the three.
    assert!(took >= deadline && took < 10 * deadline, "{took:?}");
    redis.cont();
    eventually("it answers", async || answers(&store).await).await;
}

#[tokio::test]
async fn a_redis_that_cannot_write_is_as_good_as_away() {
    let Some((redis, store)) = lent().await else {
        return;
    };
    assert_eq!(redis.ask("CONFIG SET maxmemory 1").as_deref(), Some("+OK"));
    eventually("it is given up", async || !answers(&store).await).await;
    assert_eq!(redis.ask("CONFIG SET maxmemory 0").as_deref(), Some("+OK"));
    eventually("it answers", async || answers(&store).await).await;
}

#[tokio::test]
async fn a_gateway_starts_without_redis_and_with_a_wrong_password_and_tells_why() {
    let (log, _guard) = LogCapture::start();
    let Some((redis, _)) = lent().await else {
        return;
    };
    let wrong = format!("redis://:canari-faux@127.0.0.1:{}", redis.port());
    assert!(!answers(&with(&wrong, 1_000).await).await);
    let nobody = escale_engines::free_port();
    let begun = Instant::now();
    let store = with(&format!("redis://127.0.0.1:{nobody}"), 1_000).await;
    assert!(!answers(&store).await && begun.elapsed().as_secs() < 5);
    let told = log.text();
    assert_eq!(told.matches("Redis cannot be reached").count(), 2, "{told}");
    assert!(!told.contains("canari-faux"), "{told}");
}

/// The rights that `.env.example` names are enough, and no others are asked for.
#[tokio::test]
async fn the_user_of_the_example_may_ask_all_that_is_asked() {
    let Some((redis, _)) = lent().await else {
        return;
    };
    let example = include_str!("../../../.env.example");
    let (_, rights) = example.split_once("ACL SETUSER gateway ").expect("a user");
    let mut lines = rights.lines();
    let rights: Vec<&str> = (0..2)
        .filter_map(|_| Some(lines.next()?.trim_start_matches('#').trim()))
        .collect();
    let order = format!("ACL SETUSER gateway {}", rights.join(" "));
    assert_eq!(redis.ask(&order).as_deref(), Some("+OK"), "{order}");
    let url = format!("redis://gateway:password@127.0.0.1:{}", redis.port());
    let store = with(&url, 1_000).await;

    let table = RouteTable::read(BUILT_IN).expect("no fault");
    let life = Lifecycle::new(Clock::system());
    let limits = Limits::shared(table.limits(), &life.clock, 1_000, store.clone());
    let login = table
        .routes()
        .iter()
        .find(|route| &*route.name == "auth.login");
    let login = &login.expect("a route").limits;
    let (who, key) = (Inmate::user("alice"), Key::subject("alice"));
    for classes in [&*login.by_address, login.quota.as_slice()] {
        limits.count_each(classes, &key).await.expect("an answer");
    }
    let register = SharedRegister::follow(table.jail().clone(), store.clone(), &life).await;
    let now = life.clock.now();
    for points in [1, 300] {
        register.charge(&who, Offence::NotFound, points, now).await;
    }
    register.is_walk(&who, "/api/tours/1", now).await;
    assert_eq!(register.free(&who).await, Ok(true));
    let mut log = redis::cmd("ACL");
    let admin = with(&redis.url(), 1_000).await;
    let refused = admin.query(Question::Pulse, log.arg("LOG")).await;
    assert_eq!(refused, Ok(Vec::<redis::Value>::new()));
}

/// Redis asks for a certificate of ours, as it does unless told otherwise.
#[tokio::test]
async fn over_tls_both_sides_show_certificates_and_a_foreign_authority_is_not_believed() {
    service_kit::process::install_crypto_provider();
    let (inside, foreign) = (TestNetwork::new(), TestNetwork::new());
    let of_redis = inside.files(&inside, "redis");
    let tls = escale_engines::RedisTls {
        certificate: of_redis.certificate,
        key: of_redis.key,
        authority: of_redis.authorities,
    };
    let Some(redis) = escale_engines::redis_with(Some(tls)).await else {
        return;
    };
    let url = format!(
        "rediss://:{}@localhost:{}",
        redis.password(),
        redis.tls_port()
    );
    for (own, trusted, expected) in [
        (&inside, &inside, true),
        (&inside, &foreign, false),
        (&foreign, &inside, false),
    ] {
        let own = own.files(own, "gateway");
        let authorities = trusted.authorities();
        let authorities = authorities.to_str().expect("a UTF-8 path");
        let settings = [
            ("REDIS_URL", &*url),
            ("REDIS_CA_FILE", authorities),
            ("REDIS_TIMEOUT_MS", "1000"),
        ];
        let store = configured(&settings, Some(&own)).await;
        assert_eq!(answers(&store).await, expected);
    }
}
