//! The certificates: there, whole, and valid for a while.

use std::fmt::Display;

use time::OffsetDateTime;

use super::{Patient, Verdict};
use crate::certs::RENEW_DAYS;
use crate::texts::doctor as texts;

pub(super) fn check(patient: &Patient<'_>) -> (Verdict, String) {
    let certs = patient.layout.certs();
    if !certs.root().exists() {
        return (Verdict::Good, patient.say(&texts::CERTIFICATES_NONE, &[]));
    }
    let reports = match certs.authorities().and_then(|_| certs.show()) {
        Ok(reports) => reports,
        Err(error) => {
            let folder = patient.layout.certs_folder();
            let values: [(&str, &dyn Display); 2] =
                [("error", &error), ("folder", &folder.display())];
            return (
                Verdict::Bad,
                patient.say(&texts::CERTIFICATES_BROKEN, &values),
            );
        }
    };
    let now = OffsetDateTime::now_utc();
    let first_to_end = reports
        .iter()
        .map(|report| (report.days_left(now), report.name))
        .min();
    let (days, name) = first_to_end.unwrap_or_default();
    let (verdict, text) = match days {
        ..0 => (Verdict::Bad, texts::CERTIFICATES_EXPIRED),
        0..RENEW_DAYS => (Verdict::Warning, texts::CERTIFICATES_SOON),
        _ => (Verdict::Good, texts::CERTIFICATES_VALID),
    };
    (
        verdict,
        patient.say(&text, &[("days", &days), ("name", &name)]),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certs::{CertsDir, Validity};
    use crate::doctor::tests::Home;
    use crate::private_file::write_public;

    #[test]
    fn none_is_fine_new_is_fine_soon_is_a_warning_and_expired_is_bad() {
        let home = Home::empty();
        let patient = home.patient();
        assert_eq!(check(&patient).0, Verdict::Good);
        let certs = CertsDir::create(&home.layout.certs_folder()).expect("certificates");
        assert_eq!(check(&patient).0, Verdict::Good);
        let authorities = certs.authorities().expect("authorities");
        for (validity, verdict) in [
            (Validity::days(5), Verdict::Warning),
            (Validity::expired(), Verdict::Bad),
        ] {
            let (certificate, _) = authorities.issue_service("bank", validity).expect("a leaf");
            write_public(&certs.path("bank").0, &certificate).expect("written");
            assert_eq!(check(&patient).0, verdict);
        }
    }
}
