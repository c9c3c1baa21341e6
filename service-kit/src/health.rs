//! `<service> health`: is the one that runs here ready? For a container's health check, which has neither a shell nor
//! curl: the program that serves asks itself, on its admin address (R8: what is not in an image cannot be misused).

use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// The word on the command line.
pub const VERB: &str = "health";

/// For the whole of question and answer. A service that takes longer over `/ready` cannot do its work either.
const DEADLINE: Duration = Duration::from_secs(2);

/// As much of the answer as says how it went.
const STATUS: &[u8] = b"HTTP/1.1 200 ";

/// Whether `/ready` at this admin address answers 200 within the deadline.
///
/// # Errors
/// Nobody answers, not in time, or something else than 200.
pub fn ask(admin: SocketAddr) -> io::Result<()> {
    let end = Instant::now() + DEADLINE;
    let address = reachable(admin);
    let mut stream = TcpStream::connect_timeout(&address, DEADLINE)?;
    stream.set_write_timeout(Some(DEADLINE))?;
    // In one piece: who hangs up on the rest of a question may take the answer with it.
    let question = format!("GET /ready HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(question.as_bytes())?;
    let mut status = [0; STATUS.len()];
    let mut filled = 0;
    while filled < status.len() {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        stream.set_read_timeout(Some(left))?;
        match stream.read(&mut status[filled..])? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => filled += read,
        }
    }
    if status == STATUS {
        return Ok(());
    }
    let told = String::from_utf8_lossy(&status).into_owned();
    Err(io::Error::other(format!("not ready ({})", told.trim())))
}

/// Who listens on all addresses is asked on loopback.
fn reachable(admin: SocketAddr) -> SocketAddr {
    let ip = match admin.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, admin.port())
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader};
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    /// An admin address that answers the first question with this text, and then says nothing more.
    fn answering(text: &'static str) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a question");
            let mut lines = BufReader::new(&stream).lines().map_while(Result::ok);
            assert_eq!(lines.next().as_deref(), Some("GET /ready HTTP/1.1"));
            // To its end: what is closed with something unread in it is reset, and the answer lost.
            assert!(lines.any(|line| line.is_empty()), "a whole head");
            drop(lines);
            stream.write_all(text.as_bytes()).expect("written");
        });
        address
    }

    #[test]
    fn only_200_is_healthy() {
        for (answer, healthy) in [
            ("HTTP/1.1 200 OK\r\n\r\n", true),
            ("HTTP/1.1 503 Service Unavailable\r\n\r\n", false),
            ("HTTP/1.1 404 Not Found\r\n\r\n", false),
            ("HTTP/1.1 2000 \r\n\r\n", false),
            ("HTTP/1.1 2", false),
            ("", false),
        ] {
            assert_eq!(ask(answering(answer)).is_ok(), healthy, "{answer}");
        }
    }

    #[test]
    fn nobody_there_is_not_healthy() {
        let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = free.local_addr().expect("an address");
        drop(free);
        assert!(ask(address).is_err());
    }

    #[test]
    fn a_service_that_takes_the_question_and_says_nothing_is_not_waited_for() {
        let silent = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let begun = Instant::now();
        assert!(ask(silent.local_addr().expect("an address")).is_err());
        assert!(begun.elapsed() < DEADLINE * 3);
    }

    #[test]
    fn who_listens_everywhere_is_asked_at_home() {
        for (listens, asked) in [
            ("0.0.0.0:18080", "127.0.0.1:18080"),
            ("[::]:18080", "[::1]:18080"),
            ("192.0.2.7:18080", "192.0.2.7:18080"),
        ] {
            let listens: SocketAddr = listens.parse().expect("an address");
            assert_eq!(reachable(listens).to_string(), asked);
        }
    }
}
