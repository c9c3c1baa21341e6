//! The rules with a number: how long, how many, how far ahead.

use std::time::Duration;

use service_kit::clock::Timestamp;
use time::Date;

/// How long seats are kept for somebody who has not paid.
pub const HOLD: Duration = Duration::from_secs(15 * 60);

/// How many unpaid bookings one user may have open: more would let one person empty a tour without paying (API6:2023).
pub const HOLDS_PER_USER: i64 = 5;

/// How long an Idempotency-Key is remembered.
pub const KEY_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

const YEARS_AHEAD: i32 = 2;

/// Two years from now, in UTC.
pub fn last_bookable_date(now: Timestamp) -> Date {
    let today = now.date();
    let year = today.year() + YEARS_AHEAD;
    // 29 February has no namesake two years later: the day before it has.
    today
        .replace_year(year)
        .or_else(|_| today.saturating_sub(time::Duration::DAY).replace_year(year))
        .unwrap_or(Date::MAX)
}

#[cfg(test)]
mod tests {
    use service_kit::iso_date::IsoDate;

    use super::*;

    fn date(text: &str) -> Date {
        IsoDate::parse(text).expect("a date").0
    }

    fn noon(text: &str) -> Timestamp {
        let midday = date(text).with_hms(12, 0, 0).expect("noon").assume_utc();
        Timestamp(midday.unix_timestamp() * 1000)
    }

    #[test]
    fn bookings_run_to_two_years_ahead_and_to_the_last_of_february_after_a_leap_day() {
        for (today, last) in [("2027-06-30", "2029-06-30"), ("2028-02-29", "2030-02-28")] {
            assert_eq!(last_bookable_date(noon(today)), date(last), "{today}");
        }
    }
}
