//! The word `expired-token` on the command line: prints an access token that ended 45 minutes ago, and nothing else.
//!
//! Whoever writes a client has to see it meet `token_expired`, and a token lives for a quarter of an hour: this one
//! need not be waited for. It is signed with the key that signs now, so nothing but its date is wrong with it, and it
//! opens nothing. Who can run this has the database and the master key, and could sign anything.

use std::time::Duration;

use service_kit::clock::Clock;
use service_kit::config::Settings;
use service_kit::process::{self, Word};
use uuid::Uuid;

use crate::config::Config;
use crate::domain::access_token::Claims;
use crate::domain::role::Role;
use crate::key_set::SigningError;
use crate::state::AppState;

pub const WORD: Word = Word {
    name: "expired-token",
    run: print,
};

/// How long ago it was issued.
const AGE: Duration = Duration::from_secs(3600);

fn print() -> anyhow::Result<()> {
    let mut config = Settings::from_process().load(Config::read)?;
    // It looks at what is there, and adds no account.
    config.auth.seed = None;
    process::install_crypto_provider();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let token = runtime.block_on(async {
        let state = AppState::open(&config, Clock::system()).await?;
        anyhow::Ok(make(&state)?)
    })?;
    println!("{token}");
    Ok(())
}

/// Of a user whom nobody has ever been.
///
/// # Errors
/// There is no key to sign with.
pub fn make(state: &AppState) -> Result<String, SigningError> {
    let now = state.clock.now();
    let (nobody, no_session) = (Uuid::new_v4(), Uuid::new_v4());
    let claims = Claims::for_user(&state.realm, nobody, Role::User, no_session, now.minus(AGE));
    state.keys.sign(&claims, now)
}
