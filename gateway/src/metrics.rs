//! The names of what the gateway counts, in one place; `docs/metrics.md` and its French twin tell what each is for.
//!
//! Labels are of our own lists (a route's name, a service's name), never of what a client sends.

use metrics::{describe_counter, describe_gauge, describe_histogram};

use crate::route_table::Service;
use crate::shared_store::Question;

pub const HTTP_REQUESTS: &str = "http_requests_total";
pub const HTTP_REQUEST_SECONDS: &str = "http_request_seconds";

pub const UPSTREAM_SECONDS: &str = "upstream_seconds";
pub const UPSTREAM_FAILURES: &str = "upstream_failures_total";
pub const UPSTREAM_BROKEN_ANSWERS: &str = "upstream_broken_answers_total";
pub const UPSTREAM_IN_FLIGHT: &str = "upstream_requests_in_flight";
pub const UPSTREAM_CONNECTIONS_OPEN: &str = "upstream_connections_open";
pub const UPSTREAM_CONNECTS: &str = "upstream_connects_total";
pub const UPSTREAM_RETRIES: &str = "upstream_retries_total";
pub const UPSTREAM_RETRY_BUDGET: &str = "upstream_retry_budget";
pub const UPSTREAM_BREAKER_STATE: &str = "upstream_breaker_state";
pub const UPSTREAM_BREAKER_REFUSALS: &str = "upstream_breaker_refusals_total";

pub const SHARED_STORE_UP: &str = "shared_store_up";
pub const SHARED_STORE_SECONDS: &str = "shared_store_seconds";
pub const SHARED_STORE_FAILURES: &str = "shared_store_failures_total";

pub const TOKEN_CACHE_HITS: &str = "token_cache_hits_total";
pub const TOKEN_CACHE_MISSES: &str = "token_cache_misses_total";
pub const API_KEY_QUESTIONS: &str = "api_key_questions_total";
pub const JWKS_FETCHED: &str = "jwks_last_success_timestamp_seconds";
pub const JWKS_FETCHES: &str = "jwks_fetches_total";

/// Why a request got no answer: the values of the label `kind`.
pub const FAILURE_KINDS: [&str; 5] = ["no_connection", "untaken", "broken", "too_slow", "client"];

/// Why Redis gave no answer: not asked, as it is known to be away; after the deadline; a connection that broke; an error.
pub const SHARED_STORE_FAILURE_KINDS: [&str; 4] = ["away", "too_slow", "broken", "refused"];

/// Gives each name its help text, and each counter its zero: a graph should not begin with the first event.
pub fn describe() {
    describe_requests();
    describe_upstreams();
    describe_tokens();
    for service in Service::ALL.map(Service::as_str) {
        for name in [
            UPSTREAM_BROKEN_ANSWERS,
            UPSTREAM_RETRIES,
            UPSTREAM_BREAKER_REFUSALS,
        ] {
            metrics::counter!(name, "service" => service).increment(0);
        }
        for kind in FAILURE_KINDS {
            metrics::counter!(UPSTREAM_FAILURES, "service" => service, "kind" => kind).increment(0);
        }
    }
}

fn describe_requests() {
    describe_counter!(HTTP_REQUESTS, "Answers, by route, method and status.");
    describe_histogram!(
        HTTP_REQUEST_SECONDS,
        "From a request's head to its answer's head, by route, method and status."
    );
}

/// Of a gateway that shares: another one has no such numbers, as 0 would say that Redis is away.
pub fn describe_shared_store() {
    describe_gauge!(SHARED_STORE_UP, "1 while Redis answers.");
    describe_histogram!(
        SHARED_STORE_SECONDS,
        "Until Redis answered, or was given up, by question."
    );
    describe_counter!(
        SHARED_STORE_FAILURES,
        "Questions without an answer, by question and kind."
    );
    for question in Question::ALL.map(Question::as_str) {
        for kind in SHARED_STORE_FAILURE_KINDS {
            let labels = [("question", question), ("kind", kind)];
            metrics::counter!(SHARED_STORE_FAILURES, &labels).increment(0);
        }
    }
}

fn describe_tokens() {
    describe_counter!(TOKEN_CACHE_HITS, "Tokens whose signature was known.");
    describe_counter!(TOKEN_CACHE_MISSES, "Tokens that had to be verified.");
    describe_counter!(
        API_KEY_QUESTIONS,
        "Questions to auth for the holder of an API key, by outcome."
    );
    for outcome in ["known", "unknown", "failed"] {
        metrics::counter!(API_KEY_QUESTIONS, "outcome" => outcome).increment(0);
    }
    describe_gauge!(
        JWKS_FETCHED,
        "When the key set was last fetched, in seconds since 1970; its age is time() less this."
    );
    describe_counter!(JWKS_FETCHES, "Fetches of the key set, by outcome.");
    for counter in [TOKEN_CACHE_HITS, TOKEN_CACHE_MISSES] {
        metrics::counter!(counter).increment(0);
    }
}

fn describe_upstreams() {
    describe_histogram!(
        UPSTREAM_SECONDS,
        "Until a service's answer's head, retries included, by service."
    );
    describe_counter!(
        UPSTREAM_FAILURES,
        "Requests without an answer, by service and kind."
    );
    describe_counter!(
        UPSTREAM_BROKEN_ANSWERS,
        "Answers that ended before their end, by service."
    );
    describe_gauge!(UPSTREAM_IN_FLIGHT, "Requests under way, by service.");
    describe_gauge!(
        UPSTREAM_CONNECTIONS_OPEN,
        "Open connections to a service, by service."
    );
    describe_counter!(
        UPSTREAM_CONNECTS,
        "Connections tried, by service and outcome."
    );
    describe_counter!(UPSTREAM_RETRIES, "Requests sent once more, by service.");
    describe_gauge!(UPSTREAM_RETRY_BUDGET, "Retries in hand, by service.");
    describe_gauge!(
        UPSTREAM_BREAKER_STATE,
        "0 closed, 1 half-open, 2 open, by service."
    );
    describe_counter!(
        UPSTREAM_BREAKER_REFUSALS,
        "Requests refused by an open breaker, by service."
    );
}
