//! The sample of a token that is over.

use escale_engines::{Engine, on_each_engine};

use super::service::Service;
use crate::expired_token;

#[on_each_engine]
async fn the_expired_token_has_a_good_signature_of_ours_and_its_time_is_over(engine: Engine) {
    let service = Service::start(engine).await;
    let token = expired_token::make(&service.state).expect("a token");
    // `claims` panics at a signature that is not ours, and gives those of living tokens alone.
    assert_eq!(service.claims(&token).await, None);
}
