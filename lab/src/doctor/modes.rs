//! Files that hold secrets are their owner's alone (R5).

use super::{Patient, Verdict};
use crate::private_file::is_open_to_others;
use crate::texts::doctor as texts;

pub(super) fn check(patient: &Patient<'_>) -> (Verdict, String) {
    if cfg!(windows) {
        return (Verdict::Good, patient.say(&texts::MODES_WINDOWS, &[]));
    }
    let layout = patient.layout;
    let mut secrets = layout.certs().keys();
    secrets.extend([layout.accounts(), layout.master_key(), layout.state()]);
    // A file that is not there is open to nobody.
    secrets.retain(|path| is_open_to_others(path).unwrap_or(false));
    if secrets.is_empty() {
        return patient.fine();
    }
    let files: Vec<_> = secrets
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    (
        Verdict::Bad,
        patient.say(&texts::MODES_OPEN, &[("files", &files.join(" "))]),
    )
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::doctor::tests::Home;
    use crate::private_file::write_public;

    #[test]
    fn a_secret_that_others_can_read_is_named() {
        let home = Home::empty();
        let patient = home.patient();
        assert_eq!(check(&patient).0, Verdict::Good);
        write_public(&home.layout.accounts(), "{}").expect("written");
        let (verdict, detail) = check(&patient);
        assert_eq!(verdict, Verdict::Bad);
        assert!(detail.contains("accounts.json"), "{detail}");
    }
}
