//! The clock is a dependency: expiry, holds and windows are tested by moving it, never by sleeping.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::format_description::well_known::Rfc3339;
use time::{Date, OffsetDateTime};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// A moment, in milliseconds since 1970-01-01T00:00:00Z: the form in which times are stored. On the wire it is
/// RFC 3339 text in UTC, `2027-06-30T12:00:00.000Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Whole seconds since 1970, as JWT's `exp` and `iat` want them (RFC 7519 section 2).
    pub fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    pub fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(millis(span)))
    }

    pub fn minus(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(millis(span)))
    }

    /// How long ago `earlier` was; nothing, if it is still to come.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// The calendar day in UTC.
    pub fn date(self) -> Date {
        OffsetDateTime::from_unix_timestamp(self.seconds()).map_or(Date::MIN, OffsetDateTime::date)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moment = OffsetDateTime::from_unix_timestamp(self.seconds()).map_err(|_| fmt::Error)?;
        let (date, clock) = (moment.date(), moment.time());
        write!(
            f,
            "{:04}-{:02}-{:02}",
            date.year(),
            u8::from(date.month()),
            date.day()
        )?;
        let (hour, minute, second) = clock.as_hms();
        write!(
            f,
            "T{hour:02}:{minute:02}:{second:02}.{:03}Z",
            self.0.rem_euclid(1000)
        )
    }
}

/// In UTC, with milliseconds, always.
const SHAPE: &str = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$";

impl PartialSchema for Timestamp {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String);
        let text = text.format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)));
        text.pattern(Some(SHAPE)).into()
    }
}

impl ToSchema for Timestamp {}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let moment = OffsetDateTime::parse(&text, &Rfc3339).map_err(D::Error::custom)?;
        let millis = moment.unix_timestamp_nanos() / 1_000_000;
        i64::try_from(millis).map(Self).map_err(D::Error::custom)
    }
}

/// The system's clock, or one that a test moves by hand. Clones share the same hands.
#[derive(Debug, Clone)]
pub struct Clock(Source);

#[derive(Debug, Clone)]
enum Source {
    System,
    Manual(Arc<AtomicI64>),
}

impl Clock {
    pub fn system() -> Self {
        Self(Source::System)
    }

    pub fn manual(start: Timestamp) -> Self {
        Self(Source::Manual(Arc::new(AtomicI64::new(start.0))))
    }

    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Source::System => {
                let now = OffsetDateTime::now_utc().unix_timestamp_nanos() / 1_000_000;
                Timestamp(i64::try_from(now).expect("the year is before 292 million"))
            }
            Source::Manual(hands) => Timestamp(hands.load(Ordering::SeqCst)),
        }
    }

    pub fn today(&self) -> Date {
        self.now().date()
    }

    /// What a manual clock shows; `None` for the system's. For who asks a clock elsewhere for the time, a store's, and
    /// must go by a test's instead where there is one.
    pub fn by_hand(&self) -> Option<Timestamp> {
        match self.0 {
            Source::System => None,
            Source::Manual(_) => Some(self.now()),
        }
    }

    /// Moves a manual clock forward.
    ///
    /// # Panics
    /// On the system's clock: only tests move time.
    pub fn advance(&self, span: Duration) {
        match &self.0 {
            Source::System => panic!("the system's clock cannot be moved"),
            Source::Manual(hands) => {
                hands.fetch_add(millis(span), Ordering::SeqCst);
            }
        }
    }
}

fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_goes_over_the_wire_as_rfc_3339_and_comes_back() {
        let moment = Timestamp(1_814_356_800_042);
        let text = serde_json::to_string(&moment).expect("text");
        assert_eq!(text, "\"2027-06-30T12:00:00.042Z\"");
        assert_eq!(
            serde_json::from_str::<Timestamp>(&text).expect("a moment"),
            moment
        );
    }

    #[test]
    fn a_manual_clock_moves_only_when_it_is_moved_and_its_clones_with_it() {
        let clock = Clock::manual(Timestamp(1_000));
        let twin = clock.clone();
        assert_eq!(twin.now(), Timestamp(1_000));
        clock.advance(Duration::from_secs(86_400));
        assert_eq!(twin.now(), Timestamp(86_401_000));
        assert_eq!(twin.today().to_string(), "1970-01-02");
    }
}
