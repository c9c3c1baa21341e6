//! Caps on open connections, in all and for one address: a peer cannot hold every socket of the service.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard};

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
    /// `None` while nobody knows yet whose it is: behind a load balancer that takes a moment.
    address: Option<IpAddr>,
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

    /// A place for one more connection, if there is one.
    pub(super) fn admit(&self) -> Option<Permit> {
        let mut open = self.open();
        if open.total >= self.0.most {
            return None;
        }
        open.total += 1;
        metrics::gauge!(CONNECTIONS_OPEN).increment(1.0);
        Some(Permit {
            connections: self.clone(),
            address: None,
        })
    }

    /// Counts one more for this address, unless it has as many as it may.
    fn count(&self, address: IpAddr) -> bool {
        let mut open = self.open();
        let of_address = open.by_address.get(&address).copied().unwrap_or(0);
        if of_address >= self.0.most_per_address {
            return false;
        }
        open.by_address.insert(address, of_address + 1);
        true
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.0.open.lock().expect("no panic while the lock is held")
    }
}

impl Permit {
    /// The same place, counted for this address, if it may have one more.
    pub(super) fn of(mut self, address: IpAddr) -> Option<Self> {
        if !self.connections.count(address) {
            return None;
        }
        self.address = Some(address);
        Some(self)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut open = self.connections.open();
        open.total -= 1;
        metrics::gauge!(CONNECTIONS_OPEN).decrement(1.0);
        let Some(address) = self.address else {
            return;
        };
        if let Some(count) = open.by_address.get_mut(&address) {
            *count -= 1;
            if *count == 0 {
                open.by_address.remove(&address);
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
        let admit = |address| connections.admit()?.of(address);
        let held = [admit(first), admit(first)];
        assert!(held.iter().all(Option::is_some));
        assert!(admit(first).is_none(), "two an address");
        let other = admit(second);
        assert!(other.is_some());
        assert!(admit(second).is_none(), "three in all");
        drop(held);
        assert!(admit(second).is_some());
    }

    #[test]
    fn a_connection_whose_client_is_not_known_yet_takes_a_place_of_nobodys() {
        let connections = Connections::new(2, 1);
        let unknown = [connections.admit(), connections.admit()];
        assert!(connections.admit().is_none(), "two in all");
        drop(unknown);
        let address = [10, 0, 0, 1].into();
        assert!(
            connections
                .admit()
                .and_then(|permit| permit.of(address))
                .is_some()
        );
    }
}
