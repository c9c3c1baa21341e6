//! HTTP/2 floods against the gateway as a process of its own: each ends its connection, leaves no memory behind, and
//! is not felt by others (CVE-2023-44487, CVE-2024-27316, CVE-2019-9512, -9515, -9518).

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use escale_tests::frames::{
    ACK, CONTINUATION, DATA, END_HEADERS, END_STREAM, GOAWAY, HEADERS, PING, RST_STREAM, SETTINGS,
    block, frame, get, opening, read, request,
};
use escale_tests::platform::Platform;
use escale_tests::raw::{Kind, connect};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

/// A flood: the frames that follow the opening, one piece after the other.
type Flood = Box<dyn Iterator<Item = Vec<u8>> + Send>;

/// More than the gateway's buffers for some connections, far less than what the floods send.
const MOST_GROWTH: u64 = 24 * 1024;

struct Target {
    gateway: SocketAddr,
    root: PathBuf,
}

impl Target {
    /// Sends until the gateway has had enough; says whether it did.
    async fn is_ended(&self, flood: Flood) -> bool {
        let kind = Kind {
            http2: true,
            ..Kind::default()
        };
        let stream = connect(self.gateway, &self.root, kind).await;
        let (mut reader, mut writer) = tokio::io::split(stream.expect("a handshake"));
        let reading = tokio::spawn(async move {
            let mut bytes = Vec::new();
            while matches!(reader.read_buf(&mut bytes).await, Ok(read) if read > 0) {
                let mut frames = read(&bytes).into_iter();
                if frames.any(|frame| frame.kind == GOAWAY) {
                    return;
                }
            }
        });
        let opened = [opening(&[]), frame(SETTINGS, ACK, 0, &[])].concat();
        writer
            .write_all(&opened)
            .await
            .expect("the opening is taken");
        for piece in flood {
            if reading.is_finished() || writer.write_all(&piece).await.is_err() {
                break;
            }
        }
        let _ = writer.flush().await;
        timeout(Duration::from_secs(10), reading).await.is_ok()
    }
}

fn streams() -> impl Iterator<Item = u32> + Send {
    (0..).map(|number| number * 2 + 1)
}

fn floods() -> Vec<(&'static str, Flood)> {
    let ask = |stream| request(stream, &get("/health"));
    let reset = |stream| frame(RST_STREAM, 0, stream, &8_u32.to_be_bytes());
    let repeat = |frame: Vec<u8>| std::iter::repeat_n(frame, 100_000);
    let half = || frame(HEADERS, 0, 1, &block(&get("/health")));
    let upload = |end: u8| {
        let headers = [&get("/auth/login")[1..], &[(":method", "POST")]].concat();
        frame(HEADERS, END_HEADERS | end, 1, &block(&headers))
    };
    let large: Vec<_> = (0..100).map(|_| ("x-a", "a".repeat(10_000))).collect();
    let large: Vec<_> = large
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let large = block(&[get("/health"), large].concat());
    vec![
        (
            "10,000 streams opened and reset",
            Box::new(
                streams()
                    .take(10_000)
                    .map(move |stream| [ask(stream), reset(stream)].concat()),
            ),
        ),
        (
            "10,000 streams opened and reset a little later",
            Box::new(streams().take(10_000).map(move |stream| match stream {
                1..200 => ask(stream),
                _ => [ask(stream), reset(stream - 198)].concat(),
            })),
        ),
        (
            "a header block that never ends",
            Box::new(std::iter::once(half()).chain(repeat(frame(
                CONTINUATION,
                0,
                1,
                &block(&[("x-a", "1")]),
            )))),
        ),
        (
            "empty continuations",
            Box::new(std::iter::once(half()).chain(repeat(frame(CONTINUATION, 0, 1, &[])))),
        ),
        (
            "1,000,000 header bytes",
            Box::new(
                std::iter::once(half())
                    .chain(
                        large
                            .chunks(16_000)
                            .map(|piece| frame(CONTINUATION, 0, 1, piece))
                            .collect::<Vec<_>>(),
                    )
                    .chain(std::iter::once(frame(CONTINUATION, END_HEADERS, 1, &[]))),
            ),
        ),
        (
            "empty data",
            Box::new(std::iter::once(upload(0)).chain(repeat(frame(DATA, 0, 1, &[])))),
        ),
        (
            "data for a stream that has ended",
            Box::new(std::iter::once(upload(END_STREAM)).chain(repeat(frame(DATA, 0, 1, b"x")))),
        ),
        ("pings", Box::new(repeat(frame(PING, 0, 0, &[1; 8])))),
        ("settings", Box::new(repeat(frame(SETTINGS, 0, 0, &[])))),
        (
            "priorities",
            Box::new(repeat(frame(0x2, 0, 1, &[0, 0, 0, 3, 1]))),
        ),
        (
            "unknown frames",
            Box::new(repeat(frame(0xf0, 0, 0, &[0; 8]))),
        ),
        (
            "window updates",
            Box::new(repeat(frame(0x8, 0, 0, &1_u32.to_be_bytes()))),
        ),
    ]
}

/// Kilobytes in memory, where the system tells them.
fn memory_of(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

/// Proves: L18, API4:2023, edge-http2
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_flood_ends_its_connection_leaves_no_memory_and_is_not_felt_by_others() {
    let platform = Platform::up();
    let target = Target {
        gateway: ([127, 0, 0, 1], platform.port("gateway")).into(),
        root: platform.home().join("certs/ca.pem"),
    };
    let done = Arc::new(AtomicBool::new(false));
    let url = format!("https://localhost:{}/health", platform.port("gateway"));
    let others = tokio::spawn(slowest_answer(client(&target.root), url, Arc::clone(&done)));
    let gateway = platform.pid("gateway");
    // The first round fills what stays filled: pools, buffers of the allocator.
    for (name, flood) in floods() {
        assert!(
            target.is_ended(flood).await,
            "{name}: the connection lives on"
        );
    }
    let before = memory_of(gateway);
    for _ in 0..3 {
        for (name, flood) in floods() {
            assert!(
                target.is_ended(flood).await,
                "{name}: the connection lives on"
            );
        }
    }
    match before.zip(memory_of(gateway)) {
        Some((before, after)) => {
            eprintln!("the gateway's memory: {before} kB before, {after} kB after");
            assert!(after < before + MOST_GROWTH, "{before} kB, then {after} kB");
        }
        None => eprintln!("SKIPPED: this system does not tell a process's memory in /proc"),
    }
    done.store(true, Ordering::Relaxed);
    let slowest = others.await.expect("the others were answered");
    eprintln!("the slowest answer to the others took {slowest:?}");
    assert!(slowest < Duration::from_secs(2), "{slowest:?}");
    platform.check_logs();
}

fn client(root: &Path) -> reqwest::Client {
    service_kit::process::install_crypto_provider();
    let pem = std::fs::read(root).expect("an authority");
    let roots = reqwest::Certificate::from_pem_bundle(&pem).expect("PEM");
    let builder = reqwest::Client::builder().tls_certs_only(roots).no_proxy();
    builder.build().expect("a client")
}

/// An honest client, all the while.
async fn slowest_answer(client: reqwest::Client, url: String, done: Arc<AtomicBool>) -> Duration {
    let mut slowest = Duration::ZERO;
    let mut ticks = tokio::time::interval(Duration::from_millis(100));
    while !done.load(Ordering::Relaxed) {
        ticks.tick().await;
        let begun = Instant::now();
        let status = client.get(&url).send().await.expect("an answer").status();
        // It may have asked often enough to be told so; it was answered.
        assert!(matches!(status.as_u16(), 200 | 429), "{status}");
        slowest = slowest.max(begun.elapsed());
    }
    slowest
}
