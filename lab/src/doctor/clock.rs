//! The machine's clock, judged by what was made on it: nothing of that can be dated in the future.

use std::path::PathBuf;

use time::{Duration, OffsetDateTime};

use super::{Patient, Verdict};
use crate::texts::doctor as texts;

/// Clocks are corrected by a little all the time.
const TOLERANCE: Duration = Duration::minutes(2);

pub(super) fn check(patient: &Patient<'_>) -> (Verdict, String) {
    match dated_in_the_future(patient, OffsetDateTime::now_utc()) {
        Some(file) => (
            Verdict::Bad,
            patient.say(&texts::CLOCK_BEHIND, &[("file", &file.display())]),
        ),
        None => patient.fine(),
    }
}

fn dated_in_the_future(patient: &Patient<'_>, now: OffsetDateTime) -> Option<PathBuf> {
    let reports = patient.layout.certs().show().unwrap_or_default();
    let certificates = reports
        .into_iter()
        .map(|report| (report.file, report.not_before));
    let own = std::env::current_exe().ok().and_then(|program| {
        let changed = std::fs::metadata(&program).ok()?.modified().ok()?;
        Some((program, OffsetDateTime::from(changed)))
    });
    certificates
        .chain(own)
        .find(|(_, dated)| *dated > now + TOLERANCE)
        .map(|(file, _)| file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certs::CertsDir;
    use crate::doctor::tests::Home;

    /// Proves: val-clock
    #[test]
    fn a_clock_from_before_the_certificates_is_wrong() {
        let home = Home::empty();
        CertsDir::create(&home.layout.certs_folder()).expect("certificates");
        let now = OffsetDateTime::now_utc();
        assert_eq!(dated_in_the_future(&home.patient(), now), None);
        assert!(dated_in_the_future(&home.patient(), now - Duration::days(1)).is_some());
    }
}
