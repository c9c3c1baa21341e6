//! What is sold, and to whom. Settings: `GATE_PASS` (or `GATE_PASS_FILE`), `LISTEN_ADDR`. It needs no badge key.

use escale_app_kit::Key;
use escale_gate::product_service;

const PORT: u16 = 8084;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let app = product_service::app(Key::required("GATE_PASS")?);
    escale_app_kit::serve(app, PORT).await
}
