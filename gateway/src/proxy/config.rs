//! How the gateway treats the services behind it: the settings, each with what it protects.

use std::time::Duration;

use service_kit::config::{ServerConfig, Settings};

#[derive(Debug, Clone)]
pub struct ForwardConfig {
    /// `UPSTREAM_CONNECTIONS`: HTTP/2 connections to each service. One carries 256 requests at a time.
    pub connections: usize,
    /// `UPSTREAM_BREAKER_FAILURES`: so many failures within ten seconds, if they are half of the calls, open the
    /// breaker.
    pub breaker_failures: u32,
    /// `UPSTREAM_BREAKER_SECONDS`: an open breaker lets one request through this often.
    pub breaker_pause: Duration,
    /// `UPSTREAM_RETRY_PERCENT`: repeated requests in a hundred, at most; 0 repeats none.
    pub retry_percent: u32,
    /// `UPSTREAM_BODY_SECONDS`: the longest pause between two pieces of an answer.
    pub answer_pause: Duration,
    /// `HTTP_BODY_SECONDS`: a client's body is waited for no longer than this in all.
    pub upload_wait: Duration,
}

impl ForwardConfig {
    /// `server` has read its own keys already.
    pub fn read(settings: &Settings, server: Option<&ServerConfig>) -> Option<Self> {
        let connections = within(settings, "UPSTREAM_CONNECTIONS", 2, 1, 64);
        let breaker_failures = within(settings, "UPSTREAM_BREAKER_FAILURES", 5, 1, 10_000);
        let breaker_pause = settings.seconds_or("UPSTREAM_BREAKER_SECONDS", 2);
        let retry_percent = within(settings, "UPSTREAM_RETRY_PERCENT", 20, 0, 100);
        let answer_pause = settings.seconds_or("UPSTREAM_BODY_SECONDS", 10);
        Some(Self {
            connections: connections? as usize,
            breaker_failures: breaker_failures?,
            breaker_pause: breaker_pause?,
            retry_percent: retry_percent?,
            answer_pause: answer_pause?,
            upload_wait: server?.body_timeout,
        })
    }
}

fn within(settings: &Settings, key: &str, default: u32, least: u32, most: u32) -> Option<u32> {
    let number = settings.parse_or(key, default)?;
    if (least..=most).contains(&number) {
        return Some(number);
    }
    settings.fault(key, format_args!("must be between {least} and {most}"));
    None
}

/// The defaults, for tests of what uses them.
#[cfg(test)]
pub(crate) fn tests_config() -> ForwardConfig {
    let read = |settings: &Settings| {
        let server = ServerConfig::read(settings, 1);
        ForwardConfig::read(settings, server.as_ref())
    };
    let none: [(&str, &str); 0] = [];
    Settings::from_pairs(none).load(read).expect("defaults")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&'static str, &'static str)]) -> Result<ForwardConfig, String> {
        Settings::from_pairs(pairs.iter().copied())
            .load(|settings| {
                let server = ServerConfig::read(settings, 1);
                ForwardConfig::read(settings, server.as_ref())
            })
            .map_err(|faults| faults.to_string())
    }

    #[test]
    fn numbers_out_of_range_are_faults_that_name_their_key() {
        assert!(read(&[]).is_ok());
        for (key, value) in [
            ("UPSTREAM_CONNECTIONS", "0"),
            ("UPSTREAM_BREAKER_FAILURES", "0"),
            ("UPSTREAM_BREAKER_SECONDS", "0"),
            ("UPSTREAM_RETRY_PERCENT", "101"),
            ("UPSTREAM_BODY_SECONDS", "0"),
        ] {
            let faults = read(&[(key, value)]).expect_err(key);
            assert!(faults.contains(key), "{faults}");
        }
    }
}
