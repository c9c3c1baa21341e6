//! A TCP load balancer in front of a town's gateway: it passes bytes on, after a header that names the client.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use tokio::io::{AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

use crate::Town;
use crate::visitor::Visitor;

/// The client of one of the balancer's connections, as it says in its header.
#[derive(Debug, Clone, Copy)]
pub enum Says {
    /// Version 1 of the PROXY protocol.
    Line(SocketAddr),
    /// Version 2.
    Binary(SocketAddr),
    /// No header at all.
    Nothing,
}

impl Says {
    /// The header; the gateway's own address in it is one that nobody reads.
    pub fn header(self) -> Vec<u8> {
        match self {
            Self::Nothing => Vec::new(),
            Self::Line(client) => {
                let (family, gateway) = match client {
                    SocketAddr::V4(_) => ("TCP4", "192.0.2.1"),
                    SocketAddr::V6(_) => ("TCP6", "2001:db8::1"),
                };
                let (address, port) = (client.ip(), client.port());
                format!("PROXY {family} {address} {gateway} {port} 8080\r\n").into_bytes()
            }
            Self::Binary(client) => binary(client),
        }
    }
}

fn binary(client: SocketAddr) -> Vec<u8> {
    let (family, addresses) = match client.ip() {
        IpAddr::V4(address) => (0x11, [address.octets(), [192, 0, 2, 1]].concat()),
        IpAddr::V6(address) => (
            0x21,
            [address.octets(), Ipv6Addr::LOCALHOST.octets()].concat(),
        ),
    };
    let ports = [client.port(), 8080].map(u16::to_be_bytes).concat();
    let length = [
        0,
        u8::try_from(addresses.len() + ports.len()).expect("at most 36"),
    ];
    let beginning = b"\r\n\r\n\0\r\nQUIT\n\x21";
    [&beginning[..], &[family], &length, &addresses, &ports].concat()
}

impl Town {
    /// Somebody whose connections come through a balancer that speaks to the gateway from 127.0.0.1.
    pub async fn visitor_behind(&self, says: Says) -> Visitor {
        Visitor::new(self.public_client(), self.balancer(says).await)
    }

    /// Where this balancer listens, for as long as the test runs.
    pub async fn balancer(&self, says: Says) -> SocketAddr {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await;
        let listener = listener.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let gateway = self.address("gateway");
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass_on(client, gateway, says.header()));
            }
        });
        address
    }
}

/// A gateway that closes is no fault of the balancer's: its client sees the end of the connection.
async fn pass_on(mut client: TcpStream, gateway: SocketAddr, header: Vec<u8>) {
    let mut server = TcpStream::connect(gateway)
        .await
        .expect("the gateway listens");
    if server.write_all(&header).await.is_ok() {
        let _ = copy_bidirectional(&mut client, &mut server).await;
    }
}
