//! The first words of a TLS connection, written by hand: whatever version and suites, TLS libraries that refuse to say
//! them notwithstanding.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Failure;

const PATIENCE: Duration = Duration::from_secs(5);

/// What a ClientHello offers.
#[derive(Debug, Clone)]
pub struct Hello {
    /// `0x0304` is TLS 1.3, `0x0303` 1.2, `0x0302` 1.1, `0x0301` 1.0.
    pub version: u16,
    pub suites: Vec<u16>,
}

impl Hello {
    /// An old version, with the suites that its clients had.
    pub fn old(version: u16) -> Self {
        // ECDHE with AES-GCM for 1.2, with AES-CBC before.
        let suites = vec![0xc02b, 0xc02c, 0xc02f, 0xc030, 0xc009, 0xc00a, 0xc013];
        Self { version, suites }
    }

    /// TLS 1.3 with these suites alone.
    pub fn tls13(suites: &[u16]) -> Self {
        Self {
            version: 0x0304,
            suites: suites.to_vec(),
        }
    }

    /// Whether whoever listens there goes on with the handshake. An alert or a closed connection is a no.
    pub async fn is_accepted(&self, address: SocketAddr) -> Result<bool, Failure> {
        let asked = async {
            let mut stream = TcpStream::connect(address).await?;
            stream.write_all(&self.record()).await?;
            // A record of handshake messages begins with 22, an alert with 21.
            Ok(stream.read_u8().await.is_ok_and(|first| first == 22))
        };
        let asked = tokio::time::timeout(PATIENCE, asked).await;
        let asked = asked.map_err(|_| Failure::Broken("no answer to a ClientHello".to_owned()))?;
        asked.map_err(|error: std::io::Error| Failure::Broken(error.to_string()))
    }

    /// RFC 8446 section 4.1.2.
    fn record(&self) -> Vec<u8> {
        let mut body = Vec::new();
        body.extend(self.version.min(0x0303).to_be_bytes());
        body.extend([7; 32]);
        body.push(0);
        body.extend(counted(&words(&self.suites)));
        body.extend([1, 0]);
        body.extend(counted(&self.extensions()));
        let mut message = vec![1, 0];
        message.extend(counted(&body));
        let mut record = vec![22, 3, 1];
        record.extend(counted(&message));
        record
    }

    fn extensions(&self) -> Vec<u8> {
        const X25519: u16 = 0x001d;
        // Any 32 bytes are a public key of X25519.
        let share = [words(&[X25519]), counted(&[9; 32])].concat();
        let mut known = vec![
            (0x000a, counted(&words(&[X25519]))),
            (0x000b, vec![1, 0]),
            (0x000d, counted(&words(&[0x0403, 0x0804, 0x0401]))),
        ];
        if self.version >= 0x0304 {
            known.push((0x002b, vec![2, 3, 4]));
            known.push((0x0033, counted(&share)));
        }
        let written = known.into_iter();
        written
            .flat_map(|(kind, body)| [words(&[kind]), counted(&body)].concat())
            .collect()
    }
}

fn words(values: &[u16]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|value| value.to_be_bytes())
        .collect()
}

/// With its length in two bytes before it.
fn counted(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).expect("a hello is short");
    [&length.to_be_bytes(), bytes].concat()
}
