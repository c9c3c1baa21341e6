//! Caps on open connections, in all and for one address: a peer cannot hold every socket of the service.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};

/// On the public and the inside address; the admin address is not counted.
const CONNECTIONS_OPEN: &str = "connections_open";

#[derive(Debug, Clone)]
pub(super) struct Connections(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    most: usize,
    most_per_address: usize,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    total: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// One open connection; dropping it gives the place back.
#[derive(Debug)]
pub(super) struct Permit {
    connections: Connections,
    address: IpAddr,
}

impl Connections {
    pub(super) fn new(most: usize, most_per_address: usize) -> Self {
        metrics::gauge!(CONNECTIONS_OPEN).increment(0.0);
        metrics::counter!("connections_refused_total").increment(0);
        Self(Arc::new(Inner {
            most,
            most_per_address,
            open: Mutex::default(),
        }))
    }

    /// A place for one more connection of this address, if there is one.
    pub(super) fn admit(&self, address: IpAddr) -> Option<Permit> {
        let mut open = self.0.open.lock().expect("no panic while the lock is held");
        let of_address = open.by_address.get(&address).copied().unwrap_or(0);
        if open.total >= self.0.most || of_address >= self.0.most_per_address {
            return None;
        }
        open.total += 1;
        metrics::gauge!(CONNECTIONS_OPEN).increment(1.0);
        open.by_address.insert(address, of_address + 1);
        Some(Permit {
            connections: self.clone(),
            address,
        })
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut open = self
            .connections
            .0
            .open
            .lock()
            .expect("no panic while the lock is held");
        open.total -= 1;
        metrics::gauge!(CONNECTIONS_OPEN).decrement(1.0);
        if let Some(count) = open.by_address.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                open.by_address.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_cannot_take_every_place_and_a_closed_connection_gives_its_place_back() {
        let connections = Connections::new(3, 2);
        let [first, second]: [IpAddr; 2] = [[10, 0, 0, 1].into(), [10, 0, 0, 2].into()];
        let held = [connections.admit(first), connections.admit(first)];
        assert!(held.iter().all(Option::is_some));
        assert!(connections.admit(first).is_none(), "two a address");
        let other = connections.admit(second);
        assert!(other.is_some());
        assert!(connections.admit(second).is_none(), "three in all");
        drop(held);
        assert!(connections.admit(second).is_some());
    }
}
