//! Without Redis: what is closed, what is open, and how it comes back.

use service_kit::error::ApiError;

use super::*;
use crate::test_store::eventually;

fn status(answer: &Result<Decision, ApiError>) -> u16 {
    match answer {
        Ok(decision) if decision.allowed => 200,
        Ok(_) => 429,
        Err(error) => error.code.status().as_u16(),
    }
}

#[tokio::test]
async fn a_closed_route_is_503_an_open_one_is_counted_here_and_both_are_shared_again_afterwards() {
    let Some((mut redis, store)) = test_store::lent().await else {
        return;
    };
    let class = class("address", 3, 7 * 24 * 3_600);
    let (open, closed) = (
        limit(&class, RedisAway::Open),
        limit(&class, RedisAway::Closed),
    );
    let limits = Limits::shared(&[class], &Clock::system(), 1_000, store.clone());
    let key = address(1);
    let ask = async |limit: &RouteLimit| limits.count(limit, &key).await;
    for expected in [200, 200, 200, 429] {
        assert_eq!(status(&ask(&closed).await), expected);
    }
    redis.kill();
    let refused = ask(&closed).await.expect_err("the route is closed");
    assert_eq!(
        (refused.code, refused.retry_after),
        (Code::ServiceUnavailable, Some(1))
    );
    // Its own allowance: what was counted together cannot be known here.
    for expected in [200, 200, 200, 429] {
        assert_eq!(status(&ask(&open).await), expected);
    }
    assert_eq!(status(&ask(&closed).await), 503);
    // What has no route is open too.
    assert_eq!(
        limits
            .count_address(&key)
            .await
            .map(|said| said.allowed)
            .ok(),
        Some(false)
    );
    redis.restart();
    eventually("Redis is back", async || status(&ask(&closed).await) != 503).await;
    // It came back empty; one was counted while this waited.
    for (limit, expected) in [(&open, 200), (&closed, 200), (&open, 429)] {
        assert_eq!(status(&ask(limit).await), expected);
    }
}
