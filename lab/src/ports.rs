//! Which port each service takes (L1), and whether it is free.

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use serde::{Deserialize, Serialize};

use crate::service::Service;

/// A service's admin port lies this far above its own.
pub const ADMIN_DISTANCE: u16 = 10_000;

/// The highest port whose admin port is still a port.
pub const HIGHEST: u16 = u16::MAX - ADMIN_DISTANCE;

/// The port of every service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ports(BTreeMap<Service, u16>);

/// Why a choice of ports cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PortFault {
    Shape,
    Range,
    Twice {
        port: u16,
        one: Service,
        other: Service,
    },
}

/// A port that cannot be listened on.
#[derive(Debug)]
pub struct Taken {
    pub service: Service,
    pub port: u16,
    pub error: io::Error,
}

impl Default for Ports {
    fn default() -> Self {
        Self(
            Service::ALL
                .into_iter()
                .map(|service| (service, service.default_port()))
                .collect(),
        )
    }
}

impl Ports {
    /// The default ports with some changed.
    pub fn with(changes: &[(Service, u16)]) -> Result<Self, PortFault> {
        let mut ports = Self::default();
        ports.0.extend(changes.iter().copied());
        let mut seen = BTreeMap::new();
        for service in Service::ALL {
            for port in [ports.port(service), ports.admin_port(service)] {
                match seen.insert(port, service) {
                    Some(one) => {
                        return Err(PortFault::Twice {
                            port,
                            one,
                            other: service,
                        });
                    }
                    None => continue,
                }
            }
        }
        Ok(ports)
    }

    /// Ports that are free now, for tests that run beside each other.
    ///
    /// # Errors
    /// The system has none left.
    pub fn any_free() -> io::Result<Self> {
        // All are held until the last is found, so that none is given twice.
        let mut held = Vec::new();
        let mut ports = BTreeMap::new();
        while let Some(service) = Service::ALL.get(ports.len()) {
            let listener = TcpListener::bind(loopback(0))?;
            let port = listener.local_addr()?.port();
            let admin =
                (port <= HIGHEST).then(|| TcpListener::bind(loopback(port + ADMIN_DISTANCE)));
            if let Some(Ok(admin)) = admin {
                ports.insert(*service, port);
                held.push(admin);
            }
            held.push(listener);
        }
        Ok(Self(ports))
    }

    pub fn port(&self, service: Service) -> u16 {
        self.0
            .get(&service)
            .copied()
            .unwrap_or(service.default_port())
    }

    /// Where the service listens: this machine only.
    pub fn address(&self, service: Service) -> SocketAddr {
        loopback(self.port(service))
    }

    /// Where its health, readiness and metrics are.
    pub fn admin(&self, service: Service) -> SocketAddr {
        loopback(self.admin_port(service))
    }

    /// How it is called by the others and, at the gateway, by the world.
    pub fn url(&self, service: Service) -> String {
        format!("https://localhost:{}", self.port(service))
    }

    /// The first port of these services that cannot be listened on.
    pub fn check_free(&self, services: &[Service]) -> Result<(), Taken> {
        for &service in services {
            for address in [self.address(service), self.admin(service)] {
                try_listen(address).map_err(|error| Taken {
                    service,
                    port: address.port(),
                    error,
                })?;
            }
        }
        Ok(())
    }

    fn admin_port(&self, service: Service) -> u16 {
        self.port(service).saturating_add(ADMIN_DISTANCE)
    }
}

/// `gateway=8443`.
pub fn parse(text: &str) -> Result<(Service, u16), PortFault> {
    let (name, port) = text.split_once('=').ok_or(PortFault::Shape)?;
    let service = name.trim().parse().map_err(|_| PortFault::Shape)?;
    let port: u32 = port.trim().parse().map_err(|_| PortFault::Shape)?;
    match u16::try_from(port) {
        Ok(port) if (1..=HIGHEST).contains(&port) => Ok((service, port)),
        _ => Err(PortFault::Range),
    }
}

/// A port near the wanted one that is free, with its admin port: what to propose instead.
pub fn free_near(port: u16) -> u16 {
    let free = |port: &u16| {
        try_listen(loopback(*port)).is_ok() && try_listen(loopback(port + ADMIN_DISTANCE)).is_ok()
    };
    let base = if port > HIGHEST {
        port - ADMIN_DISTANCE
    } else {
        port
    };
    let (first, last) = (
        base.saturating_add(100).min(HIGHEST),
        base.saturating_add(300).min(HIGHEST),
    );
    (first..=last).find(free).unwrap_or(first)
}

/// macOS lets one bind a loopback port that another program listens on at every address, so there the port is
/// called as well.
fn try_listen(address: SocketAddr) -> io::Result<()> {
    TcpListener::bind(address)?;
    #[cfg(target_os = "macos")]
    {
        let wait = std::time::Duration::from_millis(200);
        if std::net::TcpStream::connect_timeout(&address, wait).is_ok() {
            return Err(io::ErrorKind::AddrInUse.into());
        }
    }
    Ok(())
}

fn loopback(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_port_takes_its_admin_port_and_url_along() {
        let change = parse("gateway=8443").expect("a port");
        let ports = Ports::with(&[change]).expect("no clash");
        assert_eq!(ports.url(Service::Gateway), "https://localhost:8443");
        assert_eq!(ports.admin(Service::Gateway).to_string(), "127.0.0.1:18443");
        assert_eq!(ports.port(Service::Auth), 3001);
    }

    #[test]
    fn what_is_no_port_is_told_apart_from_what_is_out_of_range() {
        for bad in [
            "",
            "gateway",
            "gateway=",
            "gateway=x",
            "=1",
            "nobody=80",
            "gateway=-1",
        ] {
            assert_eq!(parse(bad), Err(PortFault::Shape), "{bad}");
        }
        for far in ["gateway=0", "gateway=55536", "gateway=70000"] {
            assert_eq!(parse(far), Err(PortFault::Range), "{far}");
        }
    }

    #[test]
    fn no_port_is_used_twice_not_even_as_an_admin_port() {
        let clash = Ports::with(&[(Service::Gateway, 3001)]);
        assert!(
            matches!(clash, Err(PortFault::Twice { port: 3001, .. })),
            "{clash:?}"
        );
        let clash = Ports::with(&[(Service::Gateway, 13_002)]);
        assert!(
            matches!(clash, Err(PortFault::Twice { port: 13_002, .. })),
            "{clash:?}"
        );
    }

    #[test]
    fn a_taken_port_is_named_with_the_service_that_wants_it() {
        let ports = Ports::any_free().expect("free ports");
        ports.check_free(&Service::ALL).expect("still free");
        let _holder = TcpListener::bind(ports.admin(Service::Bank)).expect("the port");
        let taken = ports.check_free(&Service::ALL).expect_err("taken");
        assert_eq!(
            (taken.service, taken.port),
            (Service::Bank, ports.admin(Service::Bank).port())
        );
    }
}
