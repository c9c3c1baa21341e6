//! What happens in the jail at other gateways: bans, and who was let out.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use service_kit::clock::Timestamp;
use service_kit::lifecycle::Lifecycle;

use super::{EVENTS, SharedRegister};
use crate::jail::{Ban, Inmate, Offence};
use crate::shared_store::{NoAnswer, Question};

/// A ban holds everywhere within a second; most of it is kept for a slow network.
const EVERY: Duration = Duration::from_millis(200);
/// Events of one answer.
const PAGE: usize = 1_000;

/// Milliseconds of Redis' clock, and a number within them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct EventId(u64, u64);

impl EventId {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (time, number) = text.split_once('-')?;
        Some(Self(time.parse().ok()?, number.parse().ok()?))
    }
}

/// How far the stream has been followed.
#[derive(Default)]
pub(super) struct Position(Mutex<Followed>);

#[derive(Clone, Copy, Default)]
struct Followed {
    last: EventId,
    /// Over which link to Redis; see [`crate::shared_store::SharedStore::links_made`].
    link: u64,
}

impl Position {
    pub(super) fn is_before(&self, id: EventId) -> bool {
        self.get().last < id
    }

    fn get(&self) -> Followed {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, followed: Followed) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = followed;
    }
}

/// An entry of the stream: its id and its fields.
type Entry = (String, HashMap<String, String>);

impl SharedRegister {
    pub(super) fn keep_up(&self, life: &Lifecycle) {
        let register = self.clone();
        let clock = life.clock.clone();
        life.every(EVERY, move || {
            let (register, now) = (register.clone(), clock.now());
            async move { register.catch_up(now).await }
        });
    }

    /// Takes all that is new; later, where Redis does not answer.
    pub(super) async fn catch_up(&self, now: Timestamp) {
        while let Ok(PAGE) = self.take_page(now).await {}
    }

    /// How many events it took.
    ///
    /// A new link begins with the first event again: the Redis behind it may be another, whose clock, and so whose ids,
    /// lie behind. To take an event twice changes nothing.
    async fn take_page(&self, now: Timestamp) -> Result<usize, NoAnswer> {
        let link = self.0.store.links_made();
        let from = self.0.position.get();
        let from = match from.link == link {
            true => from,
            false => Followed {
                last: EventId::default(),
                link,
            },
        };
        let EventId(time, number) = from.last;
        let mut command = redis::cmd("XRANGE");
        command
            .arg(EVENTS)
            .arg(format!("({time}-{number}"))
            .arg("+");
        command.arg("COUNT").arg(PAGE);
        let events: Vec<Entry> = self.0.store.query(Question::JailEvents, &command).await?;
        let mut last = from.last;
        for (id, fields) in &events {
            self.take(fields, now);
            last = EventId::parse(id).unwrap_or(last);
        }
        self.0.position.set(Followed { last, link });
        Ok(events.len())
    }

    /// What is not readable is not ours, and no reason to stop following.
    fn take(&self, fields: &HashMap<String, String>, now: Timestamp) {
        let Some(Ok(who)) = fields.get("who").map(|who| who.parse::<Inmate>()) else {
            return;
        };
        if fields.contains_key("freed") {
            self.0.memory.forget(&who);
        } else if let Some(ban) = ban_of(fields) {
            self.0.memory.note(&who, ban, now);
        }
    }
}

fn ban_of(fields: &HashMap<String, String>) -> Option<Ban> {
    Some(Ban {
        until: Timestamp(fields.get("until")?.parse().ok()?),
        count: fields.get("count")?.parse().ok()?,
        offence: Offence::named(fields.get("offence")?)?,
    })
}
