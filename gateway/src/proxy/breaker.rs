//! The circuit breaker of one service: when it fails again and again, callers are told at once (503, `Retry-After`)
//! instead of being kept waiting, and the service is left in peace to come back.
//!
//! - Closed: calls pass. It opens when, within ten seconds, enough of them failed and those are half of all.
//! - Open: calls are refused, but for one probe after each pause (half-open). A probe that is answered closes it.
//!
//! A failure is a connection that cannot be had, breaks, or brings no answer in time. Any answer, a 4xx or a 5xx too,
//! shows that the service is there, and what a client does with its own body is not the service's doing: no caller
//! can open the breaker for the others by sending nonsense, or by sending slowly.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use metrics::Gauge;
use service_kit::clock::{Clock, Timestamp};

use super::config::ForwardConfig;
use crate::metrics::{UPSTREAM_BREAKER_REFUSALS, UPSTREAM_BREAKER_STATE};

/// Failures are counted against the calls of this long.
const WINDOW: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub(super) struct Breaker {
    service: &'static str,
    clock: Clock,
    failures: u32,
    pause: Duration,
    state: Mutex<State>,
    shown: Gauge,
}

#[derive(Debug)]
enum State {
    Closed(Window),
    Open { next_probe: Timestamp },
}

#[derive(Debug, Clone, Copy)]
struct Window {
    began: Timestamp,
    calls: u32,
    failures: u32,
}

/// Leave to make one call. Whoever has it tells what became of it; a caller who goes away tells nothing by that.
#[derive(Debug)]
pub(super) struct Permit {
    breaker: Arc<Breaker>,
    is_probe: bool,
    told: bool,
}

/// Seconds until the next call may be tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refused(pub(super) u64);

impl Breaker {
    pub(super) fn new(service: &'static str, clock: Clock, config: &ForwardConfig) -> Arc<Self> {
        let window = Window::from(clock.now());
        let breaker = Self {
            service,
            clock,
            failures: config.breaker_failures,
            pause: config.breaker_pause,
            state: Mutex::new(State::Closed(window)),
            shown: metrics::gauge!(UPSTREAM_BREAKER_STATE, "service" => service),
        };
        breaker.show(Shown::Closed);
        Arc::new(breaker)
    }

    /// # Errors
    /// [`Refused`] while the breaker is open and no probe is due.
    pub(super) fn admit(self: &Arc<Self>) -> Result<Permit, Refused> {
        let is_probe = match &mut *self.state() {
            State::Closed(_) => false,
            State::Open { next_probe } => {
                let now = self.clock.now();
                if now < *next_probe {
                    metrics::counter!(UPSTREAM_BREAKER_REFUSALS, "service" => self.service)
                        .increment(1);
                    return Err(Refused(seconds_until(*next_probe, now)));
                }
                // A probe that takes long, because its client uploads slowly, does not keep the next one out.
                *next_probe = now.plus(self.pause);
                self.show(Shown::HalfOpen);
                true
            }
        };
        Ok(Permit {
            breaker: Arc::clone(self),
            is_probe,
            told: false,
        })
    }

    fn answered(&self, is_probe: bool) {
        let mut state = self.state();
        match &mut *state {
            State::Closed(window) => window.at(self.clock.now()).calls += 1,
            State::Open { .. } if is_probe => {
                *state = State::Closed(Window::from(self.clock.now()));
                drop(state);
                self.show(Shown::Closed);
                tracing::info!(service = self.service, "the service answers again");
            }
            // It was sent before the breaker opened, and says nothing of the time since.
            State::Open { .. } => {}
        }
    }

    fn failed(&self, is_probe: bool) {
        let now = self.clock.now();
        let mut state = self.state();
        match &mut *state {
            State::Closed(window) => {
                let window = window.at(now);
                window.calls += 1;
                window.failures += 1;
                if window.failures < self.failures || window.failures * 2 < window.calls {
                    return;
                }
                let (failures, calls) = (window.failures, window.calls);
                tracing::warn!(service = self.service, failures, calls, "the breaker opens");
            }
            State::Open { .. } if !is_probe => return,
            State::Open { .. } => {}
        }
        *state = State::Open {
            next_probe: now.plus(self.pause),
        };
        drop(state);
        self.show(Shown::Open);
    }

    /// The probe's client went away: the next request is the probe.
    fn abandoned(&self) {
        if let State::Open { next_probe } = &mut *self.state() {
            *next_probe = self.clock.now();
        }
    }

    fn show(&self, shown: Shown) {
        self.shown.set(shown as u8);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The values of the metric.
#[derive(Debug, Clone, Copy)]
enum Shown {
    Closed = 0,
    HalfOpen = 1,
    Open = 2,
}

impl Permit {
    /// The service gave an answer, whatever it was.
    pub(super) fn answered(mut self) {
        self.told = true;
        self.breaker.answered(self.is_probe);
    }

    pub(super) fn failed(mut self) {
        self.told = true;
        self.breaker.failed(self.is_probe);
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if self.is_probe && !self.told {
            self.breaker.abandoned();
        }
    }
}

impl Window {
    fn from(began: Timestamp) -> Self {
        Self {
            began,
            calls: 0,
            failures: 0,
        }
    }

    /// The window that `now` is in: this one, or a new one.
    fn at(&mut self, now: Timestamp) -> &mut Self {
        if now >= self.began.plus(WINDOW) {
            *self = Self::from(now);
        }
        self
    }
}

fn seconds_until(later: Timestamp, now: Timestamp) -> u64 {
    u64::try_from(later.0 - now.0).unwrap_or(0).div_ceil(1_000)
}

#[cfg(test)]
mod tests;
