//! `watch`: a check at every save of the lab's files, until Ctrl-C.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tokio::time::{MissedTickBehavior, interval};

use super::check::check;
use crate::cli::exercises::Chosen;
use crate::console::Console;
use crate::exercise::catalogue::Exercise;
use crate::exercise::desk::Desk;
use crate::outcome::Outcome;
use crate::signals::StopSignals;
use crate::texts::exercise_check as texts;

/// Looked at, not listened to: every system and every editor can do that, also over a network drive.
const LOOK: Duration = Duration::from_millis(300);

pub async fn run(chosen: &Chosen, console: &Console) -> anyhow::Result<Outcome> {
    let mut desk = Desk::open(console)?;
    let exercise = desk.exercise(chosen.exercise.as_deref())?;
    let mut stop = StopSignals::listen(false)?;
    tokio::select! {
        ended = check_at_every_save(&mut desk, &exercise) => ended.map(|()| Outcome::Done),
        () = stop.recv() => Ok(Outcome::Done),
    }
}

async fn check_at_every_save(desk: &mut Desk, exercise: &Exercise) -> anyhow::Result<()> {
    let files: Vec<_> = exercise.card.files.iter().collect();
    let shown: Vec<_> = files
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    let paths: Vec<PathBuf> = files.iter().map(|file| desk.workspace.join(file)).collect();
    loop {
        // Taken before the check: a save in its midst is another check.
        let seen = times(&paths);
        if let Err(error) = check(desk, exercise).await {
            // A manifest that cannot be read is mended by the next save too.
            desk.console.error(&format!("{error:#}"));
        }
        desk.console
            .say(&texts::WATCHING, &[("files", &shown.join(", "))]);
        changed(&paths, &seen).await;
    }
}

/// Resolves once a file has another time than it had.
async fn changed(paths: &[PathBuf], seen: &[Option<SystemTime>]) {
    let mut look = interval(LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        look.tick().await;
        if times(paths) != seen {
            return;
        }
    }
}

/// An editor may take the file away for a moment.
fn times(paths: &[PathBuf]) -> Vec<Option<SystemTime>> {
    let time = |path: &PathBuf| modified(path);
    paths.iter().map(time).collect()
}

fn modified(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path)
        .and_then(|file| file.modified())
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_save_is_seen_and_a_look_alone_is_not_one() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("layer.rs");
        std::fs::write(&path, "one").expect("written");
        let paths = [path.clone()];
        let seen = times(&paths);
        let mut save = std::pin::pin!(changed(&paths, &seen));
        let early = tokio::time::timeout(2 * LOOK, &mut save).await;
        assert!(early.is_err(), "nothing was saved");
        let file = std::fs::File::options().write(true).open(&path);
        let later = SystemTime::now() + Duration::from_secs(5);
        file.and_then(|file| file.set_modified(later))
            .expect("touched");
        let seen = tokio::time::timeout(100 * LOOK, save).await;
        assert!(seen.is_ok());
    }
}
