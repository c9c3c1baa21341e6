//! Password hashing that cannot exhaust the service.
//!
//! Each hash takes 19 MiB and some tens of milliseconds of one core: on purpose, and a gift to who wants to bring the
//! service down. So few run at a time, few wait, and the rest is told to come back (OWASP API4:2023).

mod argon2id;

use std::sync::{Arc, Mutex, PoisonError};

use argon2id::Workspace;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

/// At most this many at once, on however many cores: 76 MiB.
const MOST_RUNNING: usize = 4;
const MOST_WAITING: usize = 64;

#[derive(Debug, Clone)]
pub struct PasswordHasher {
    running: Arc<Semaphore>,
    admitted: Arc<Semaphore>,
    /// Those that are not in use; there are never more than may run.
    workspaces: Arc<Mutex<Vec<Workspace>>>,
    /// The hash of a password that nobody knows.
    nobodys: Arc<str>,
}

#[derive(Debug, thiserror::Error)]
pub enum HashingError {
    #[error("too many passwords are being checked")]
    Busy,
    #[error("argon2: {0}")]
    Failed(argon2::password_hash::Error),
    #[error("a password hash cannot be read")]
    Unreadable,
    #[error("the hashing task ended without an answer")]
    Lost,
}

impl PasswordHasher {
    /// Makes one hash, of a random password: it costs what each later one costs.
    pub fn new() -> Result<Self, HashingError> {
        let running = std::thread::available_parallelism()
            .map_or(1, usize::from)
            .min(MOST_RUNNING);
        let mut random = [0; 32];
        aws_lc_rs::rand::fill(&mut random).expect("the system gives random bytes");
        let mut workspace = Workspace::default();
        let nobodys = workspace.hash(&random)?.into();
        Ok(Self {
            running: Arc::new(Semaphore::new(running)),
            admitted: Arc::new(Semaphore::new(running + MOST_WAITING)),
            workspaces: Arc::new(Mutex::new(vec![workspace])),
            nobodys,
        })
    }

    /// A PHC string, to be stored.
    pub async fn hash(&self, password: &SecretString) -> Result<String, HashingError> {
        let password = normalised(password);
        self.run(move |workspace| workspace.hash(password.expose_secret().as_bytes()))
            .await
    }

    /// Whether the password is the one of `stored`. Without a stored hash (no such account) the answer is no, after
    /// exactly the same work: the time tells nobody who has an account.
    pub async fn verify(
        &self,
        password: &SecretString,
        stored: Option<&str>,
    ) -> Result<bool, HashingError> {
        let exists = stored.is_some();
        let expected = stored.unwrap_or(&self.nobodys).to_owned();
        let password = normalised(password);
        let matches = self
            .run(move |workspace| workspace.verify(password.expose_secret().as_bytes(), &expected))
            .await?;
        Ok(matches && exists)
    }

    /// Gives back the memory of hashes that are done: the next login may be hours away. One workspace serves all the
    /// hashes of the start, because the system's allocator keeps the second block of a size that it has seen freed.
    pub fn rest(&self) {
        let mut idle = self
            .workspaces
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *idle = Vec::new();
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Workspace) -> Result<T, HashingError> + Send + 'static,
    ) -> Result<T, HashingError> {
        let admitted = Arc::clone(&self.admitted);
        let place = admitted
            .try_acquire_owned()
            .map_err(|_| HashingError::Busy)?;
        let running = Arc::clone(&self.running);
        let turn = running
            .acquire_owned()
            .await
            .map_err(|_| HashingError::Lost)?;
        let hasher = self.clone();
        tokio::task::spawn_blocking(move || {
            let mut workspace = hasher.take_workspace();
            let result = work(&mut workspace);
            hasher.give_back(workspace);
            // Only now: a caller that hangs up in the middle frees nothing before the work is done.
            drop((turn, place));
            result
        })
        .await
        .map_err(|_| HashingError::Lost)?
    }

    fn take_workspace(&self) -> Workspace {
        let mut idle = self
            .workspaces
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        idle.pop().unwrap_or_default()
    }

    fn give_back(&self, workspace: Workspace) {
        let mut idle = self
            .workspaces
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        idle.push(workspace);
    }
}

/// One keyboard sends `é` as one character, another as two (RFC 8265 section 4.2.2 asks for form C).
fn normalised(password: &SecretString) -> SecretString {
    password.expose_secret().nfc().collect::<String>().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Proves: as-brute-force
    #[tokio::test]
    async fn nobodys_password_costs_the_same_work_and_never_matches() {
        let hasher = PasswordHasher::new().expect("a hasher");
        assert!(
            hasher
                .nobodys
                .starts_with("$argon2id$v=19$m=19456,t=2,p=1$")
        );
        let answer = hasher.verify(&"anything at all".into(), None).await;
        assert!(matches!(answer, Ok(false)));
    }

    #[tokio::test]
    async fn an_accent_typed_in_two_ways_is_the_same_password() {
        let hasher = PasswordHasher::new().expect("a hasher");
        let composed = "caf\u{e9} du port".into();
        let stored = hasher.hash(&composed).await.expect("a hash");
        let decomposed = "cafe\u{301} du port".into();
        let answer = hasher.verify(&decomposed, Some(&stored)).await;
        assert!(matches!(answer, Ok(true)));
    }

    #[tokio::test]
    async fn who_comes_when_too_many_wait_is_told_at_once() {
        let hasher = PasswordHasher::new().expect("a hasher");
        let all = u32::try_from(hasher.admitted.available_permits()).expect("a small number");
        let _held = hasher.admitted.acquire_many(all).await.expect("it is open");
        let answer = hasher.verify(&"anything".into(), None).await;
        assert!(matches!(answer, Err(HashingError::Busy)));
    }

    #[tokio::test]
    async fn a_hasher_at_rest_holds_no_workspace() {
        let hasher = PasswordHasher::new().expect("a hasher");
        let held = || hasher.workspaces.lock().expect("no panic").len();
        assert_eq!(held(), 1);
        hasher.hash(&"anything".into()).await.expect("a hash");
        assert_eq!(held(), 1);
        hasher.rest();
        assert_eq!(held(), 0);
    }

    #[tokio::test]
    async fn however_many_hash_at_once_there_are_no_more_workspaces_than_may_run() {
        let hasher = PasswordHasher::new().expect("a hasher");
        let most = hasher.running.available_permits();
        let tasks = (0..most * 3).map(|_| {
            let hasher = hasher.clone();
            tokio::spawn(async move { hasher.verify(&"anything".into(), None).await })
        });
        for task in tasks.collect::<Vec<_>>() {
            assert!(matches!(task.await, Ok(Ok(false))));
        }
        assert!(hasher.workspaces.lock().expect("no panic").len() <= most);
    }
}
