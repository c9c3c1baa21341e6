//! The rules with a number: how long, how many, how far ahead.

use std::ops::RangeInclusive;
use std::time::Duration;

use service_kit::clock::Timestamp;
use time::Date;

/// L10.
pub const MOST_PARTICIPANTS: i64 = 20;

/// How long seats are kept for somebody who has not paid.
pub const HOLD: Duration = Duration::from_secs(15 * 60);

/// How many unpaid bookings one user may have open: more would let one person empty a tour without paying (API6:2023).
pub const HOLDS_PER_USER: i64 = 5;

/// How long an Idempotency-Key is remembered.
pub const KEY_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

const YEARS_AHEAD: i32 = 2;

/// From tomorrow to two years from now, in UTC: a departure of today is no longer in the future (L10).
pub fn bookable_dates(now: Timestamp) -> RangeInclusive<Date> {
    let today = now.date();
    let year = today.year() + YEARS_AHEAD;
    // 29 February has no namesake two years later: the day before it has.
    let last = today
        .replace_year(year)
        .or_else(|_| today.saturating_sub(time::Duration::DAY).replace_year(year))
        .unwrap_or(Date::MAX);
    today.next_day().unwrap_or(Date::MAX)..=last
}

#[cfg(test)]
mod tests {
    use service_kit::form::IsoDate;

    use super::*;

    fn date(text: &str) -> Date {
        IsoDate::parse(text).expect("a date").0
    }

    fn noon(text: &str) -> Timestamp {
        let midday = date(text).with_hms(12, 0, 0).expect("noon").assume_utc();
        Timestamp(midday.unix_timestamp() * 1000)
    }

    #[test]
    fn bookings_run_from_tomorrow_to_two_years_ahead() {
        let dates = bookable_dates(noon("2027-06-30"));
        for (day, bookable) in [
            ("2027-06-29", false),
            ("2027-06-30", false),
            ("2027-07-01", true),
            ("2029-06-30", true),
            ("2029-07-01", false),
        ] {
            assert_eq!(dates.contains(&date(day)), bookable, "{day}");
        }
    }

    #[test]
    fn two_years_after_a_leap_day_is_the_last_of_february() {
        let dates = bookable_dates(noon("2028-02-29"));
        assert_eq!(*dates.end(), date("2030-02-28"));
    }
}
