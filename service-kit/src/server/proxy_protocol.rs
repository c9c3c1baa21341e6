//! Whose connection it is, told by a TCP load balancer in front of us: the PROXY protocol, versions 1 and 2.
//!
//! - Threat: behind a balancer every client has the balancer's address, so one of them uses up the limits of all and
//!   gets all of them banned; and a client that writes such a header itself would choose its address.
//! - Rule: where the operator has named the balancer, its connections begin with a header and are refused without one
//!   ("the receiver MUST NOT try to guess whether the header is present or not", section 2 of the specification).
//!   From everybody else no header is read. The source address and port of a TCP connection are believed, and nothing
//!   more: no extension (TLV), no other protocol. `LOCAL` (version 2) and `UNKNOWN` (version 1) are the balancer's own
//!   connections, which ask whether we are there.
//! - Answer when it refuses: the connection is closed; the log says why.
//! - Settings: `PROXY_PROTOCOL_FROM`, none by default; its time is a part of `TLS_HANDSHAKE_SECONDS`.
//!
//! <https://www.haproxy.org/download/2.6/doc/proxy-protocol.txt>

use std::io;
use std::net::{IpAddr, SocketAddr};

use ppp::{HeaderResult, v1, v2};
use tokio::io::{AsyncRead, AsyncReadExt};

/// As much of a header as tells its version. No header is shorter.
const BEGINNING: usize = v2::PROTOCOL_PREFIX.len();
/// Where the length of the rest stands in version 2, and where the rest begins.
const LENGTH: std::ops::Range<usize> = 14..16;
/// The longest line of version 1 (section 2.1), with its end.
const LONGEST_LINE: usize = 107;
/// Version 2 could announce 64 kB. The addresses take 36 bytes at most; the rest, which nobody here reads, is for what
/// balancers add: names, ids, certificates' subjects.
const LONGEST: usize = 2_048;

/// Whose connection it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    /// The client that the balancer speaks for.
    Client(SocketAddr),
    /// The balancer itself.
    Balancer,
}

/// Why a header is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("a load balancer's connection without a PROXY header")]
    Missing,
    #[error("a PROXY header that is too long")]
    TooLong,
    #[error("a PROXY header that cannot be read")]
    Malformed,
    #[error("a PROXY header of a connection that is not TCP")]
    NotTcp,
}

/// Takes the header from the stream, and not a byte of what follows it.
pub(super) async fn read(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Speaker> {
    let mut header = Vec::new();
    loop {
        let lacking = lacking(&header).map_err(io::Error::other)?;
        if lacking == 0 {
            return speaker(&header).map_err(io::Error::other);
        }
        let received = header.len();
        header.resize(received + lacking, 0);
        stream.read_exact(&mut header[received..]).await?;
    }
}

/// How many more bytes belong to this header for certain; 0 once it is whole.
///
/// Version 1 ends where its line ends, so its bytes are taken by ones and twos: a few system calls, for the older of
/// two versions, against keeping what was read too much for the TLS session that follows.
///
/// # Errors
/// When it is no header, or too long a one: nothing that may follow changes that.
pub fn lacking(header: &[u8]) -> Result<usize, Fault> {
    if header.len() < BEGINNING {
        return Ok(BEGINNING - header.len());
    }
    if header.starts_with(v2::PROTOCOL_PREFIX) {
        return lacking_of_version_2(header);
    }
    if !header.starts_with(b"PROXY ") {
        return Err(Fault::Missing);
    }
    let lacking = match header {
        [.., b'\r', b'\n'] => 0,
        [.., b'\r'] => 1,
        _ => 2,
    };
    within(LONGEST_LINE, header.len(), lacking)
}

fn lacking_of_version_2(header: &[u8]) -> Result<usize, Fault> {
    let Some(&[high, low]) = header.get(LENGTH) else {
        return Ok(LENGTH.end - header.len());
    };
    let whole = LENGTH.end + usize::from(u16::from_be_bytes([high, low]));
    within(LONGEST, header.len(), whole.saturating_sub(header.len()))
}

fn within(longest: usize, received: usize, lacking: usize) -> Result<usize, Fault> {
    if received + lacking > longest {
        return Err(Fault::TooLong);
    }
    Ok(lacking)
}

/// Whose connection a whole header says it is.
///
/// # Errors
/// What is not to be believed.
pub fn speaker(header: &[u8]) -> Result<Speaker, Fault> {
    match HeaderResult::parse(header) {
        HeaderResult::V2(Ok(read)) => of_version_2(&read),
        // The line that was read has to be the whole of it: a carriage return within would end it for the parser alone.
        HeaderResult::V1(Ok(read)) if read.header.len() == header.len() => {
            Ok(of_version_1(&read.addresses))
        }
        _ => Err(Fault::Malformed),
    }
}

fn of_version_1(addresses: &v1::Addresses) -> Speaker {
    match addresses {
        v1::Addresses::Tcp4(of) => client(of.source_address.into(), of.source_port),
        v1::Addresses::Tcp6(of) => client(of.source_address.into(), of.source_port),
        v1::Addresses::Unknown => Speaker::Balancer,
    }
}

fn of_version_2(header: &v2::Header<'_>) -> Result<Speaker, Fault> {
    match (header.command, header.protocol, header.addresses) {
        (v2::Command::Local, _, _) => Ok(Speaker::Balancer),
        (_, v2::Protocol::Stream, v2::Addresses::IPv4(of)) => {
            Ok(client(of.source_address.into(), of.source_port))
        }
        (_, v2::Protocol::Stream, v2::Addresses::IPv6(of)) => {
            Ok(client(of.source_address.into(), of.source_port))
        }
        // A receiver is free to reject the rest (section 2.2): nobody could be told from anybody else.
        _ => Err(Fault::NotTcp),
    }
}

fn client(address: IpAddr, port: u16) -> Speaker {
    Speaker::Client(SocketAddr::new(address.to_canonical(), port))
}

#[cfg(test)]
mod tests;
