//! What a record says. There is no field for a header map, a body or a query: what could be secret has no place to be.

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;

use serde::Serialize;
use uuid::Uuid;

use super::chain::{Hash, Place};
use super::origin::Origin;
use crate::clock::Timestamp;

/// The schema whose names are used: <https://www.elastic.co/guide/en/ecs/8.17/ecs-field-reference.html>.
const ECS_VERSION: &str = "8.17.0";

/// Where in the course of an action the record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Before,
    After,
    /// A request that was refused before it came to an action.
    Refused,
    /// Of the platform itself, such as a ban, or a repair of the log.
    Note,
}

impl Stage {
    /// ECS `event.type`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Before => "start",
            Self::After => "end",
            Self::Refused => "denied",
            Self::Note => "info",
        }
    }
}

/// ECS `event.outcome`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Success,
    Failure,
    /// Not yet, or never: the client or the service went away in between.
    Unknown,
}

impl Outcome {
    pub fn of_status(status: u16) -> Self {
        if status < 400 {
            Self::Success
        } else {
            Self::Failure
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Unknown => "unknown",
        }
    }
}

#[derive(Debug, Clone)]
pub struct Event {
    pub at: Timestamp,
    /// `booking.create`: words of ours, from `routes.toml` or from the code.
    pub action: Cow<'static, str>,
    pub stage: Stage,
    pub outcome: Outcome,
    /// The code of a refusal (`token_expired`), or what happened to the log itself.
    pub reason: Option<Cow<'static, str>>,
    pub status: Option<u16>,
    pub origin: Option<Arc<Origin>>,
    id: Uuid,
}

impl Event {
    pub fn new(at: Timestamp, action: impl Into<Cow<'static, str>>, stage: Stage) -> Self {
        Self {
            at,
            action: action.into(),
            stage,
            outcome: Outcome::Unknown,
            reason: None,
            status: None,
            origin: None,
            id: Uuid::new_v4(),
        }
    }

    /// Something that the platform did by itself, and that is done.
    pub fn note(at: Timestamp, action: impl Into<Cow<'static, str>>) -> Self {
        Self::new(at, action, Stage::Note).outcome(Outcome::Success)
    }

    #[must_use]
    pub fn outcome(mut self, outcome: Outcome) -> Self {
        self.outcome = outcome;
        self
    }

    #[must_use]
    pub fn reason(mut self, reason: impl Into<Cow<'static, str>>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    #[must_use]
    pub fn from(mut self, origin: &Arc<Origin>) -> Self {
        self.origin = Some(Arc::clone(origin));
        self
    }

    /// Of this account, unless a user is known: a verified token says more than an answer.
    #[must_use]
    pub fn or_user(mut self, account: Uuid) -> Self {
        if let Some(origin) = &mut self.origin
            && origin.user.is_none()
        {
            let named = Origin::clone(origin).user(Some(&account.to_string()));
            *origin = Arc::new(named);
        }
        self
    }

    /// With its outcome.
    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self.outcome(Outcome::of_status(status))
    }

    /// ECS `event.category`, from the first word of the action.
    fn category(&self) -> &'static str {
        match self.action.split('.').next() {
            Some("account") => "iam",
            Some("session" | "token") => "authentication",
            Some("audit") => "configuration",
            Some("jail") => "intrusion_detection",
            _ => "web",
        }
    }

    /// The JSON text of the record that follows `last`, to be sealed.
    pub(super) fn to_json(&self, last: Place) -> String {
        let origin = self.origin.as_deref();
        let request = origin.and_then(|origin| origin.request.as_ref());
        let line = Line {
            at: self.at,
            ecs_version: ECS_VERSION,
            sequence: last.sequence + 1,
            id: self.id,
            kind: "event",
            category: [self.category()],
            stage: [self.stage.as_str()],
            action: &self.action,
            outcome: self.outcome.as_str(),
            reason: self.reason.as_deref(),
            user: origin.and_then(|origin| origin.user.as_deref()),
            address: origin.and_then(|origin| origin.address),
            agent: origin.and_then(|origin| origin.agent.as_deref()),
            method: request.map(|request| &*request.method),
            path: request.map(|request| &*request.path),
            request_id: request.map(|request| request.request_id),
            trace_id: request.map(|request| &*request.trace_id),
            status: self.status,
            previous: last.hash,
        };
        serde_json::to_string(&line).expect("texts and numbers are always JSON")
    }
}

#[derive(Serialize)]
struct Line<'a> {
    #[serde(rename = "@timestamp")]
    at: Timestamp,
    #[serde(rename = "ecs.version")]
    ecs_version: &'static str,
    #[serde(rename = "event.sequence")]
    sequence: u64,
    #[serde(rename = "event.id")]
    id: Uuid,
    #[serde(rename = "event.kind")]
    kind: &'static str,
    #[serde(rename = "event.category")]
    category: [&'static str; 1],
    #[serde(rename = "event.type")]
    stage: [&'static str; 1],
    #[serde(rename = "event.action")]
    action: &'a str,
    #[serde(rename = "event.outcome")]
    outcome: &'static str,
    #[serde(rename = "event.reason", skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(rename = "user.id", skip_serializing_if = "Option::is_none")]
    user: Option<&'a str>,
    #[serde(rename = "source.ip", skip_serializing_if = "Option::is_none")]
    address: Option<IpAddr>,
    #[serde(
        rename = "user_agent.original",
        skip_serializing_if = "Option::is_none"
    )]
    agent: Option<&'a str>,
    #[serde(
        rename = "http.request.method",
        skip_serializing_if = "Option::is_none"
    )]
    method: Option<&'a str>,
    #[serde(rename = "url.path", skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    #[serde(rename = "http.request.id", skip_serializing_if = "Option::is_none")]
    request_id: Option<Uuid>,
    #[serde(rename = "trace.id", skip_serializing_if = "Option::is_none")]
    trace_id: Option<&'a str>,
    #[serde(
        rename = "http.response.status_code",
        skip_serializing_if = "Option::is_none"
    )]
    status: Option<u16>,
    #[serde(rename = "event.previous_hash")]
    previous: Hash,
}
