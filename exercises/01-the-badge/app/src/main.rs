//! The badge desk: `POST /login` gives a signed badge, `GET /protected` lets in who shows one (J1-J3).
//!
//! - Run it: `cargo run --bin escale-badge`, then follow `exercises/01-the-badge/lab.en.md` (`lab.fr.md`).
//! - Settings: `LISTEN_ADDR` (127.0.0.1:8081), `BADGE_KEY` or `BADGE_KEY_FILE` (made at random when absent).

use escale_app_kit::Key;

const PORT: u16 = 8081;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let key = Key::or_random("BADGE_KEY")?;
    escale_app_kit::serve(escale_badge::app(key), PORT).await
}
