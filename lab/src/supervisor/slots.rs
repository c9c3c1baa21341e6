//! What the supervisor knows of each service that it ever started.

use std::collections::BTreeMap;

use service_kit::clock::Clock;

use super::child::Child;
use crate::service::Service;
use crate::service_status::{Ending, ServiceStatus, State};

/// In the services' fixed order.
#[derive(Default)]
pub(super) struct Slots(BTreeMap<Service, Slot>);

pub(super) struct Slot {
    pub status: ServiceStatus,
    /// Rises with each start: news of an earlier process is not taken for news of this one.
    pub generation: u64,
    pub child: Option<Child>,
}

impl Slots {
    pub fn put(&mut self, slot: Slot) {
        self.0.insert(slot.status.service, slot);
    }

    /// The slot that this news is about, unless it comes from a process of an earlier start.
    pub fn current(&mut self, service: Service, generation: u64) -> Option<&mut Slot> {
        let slot = self.0.get_mut(&service)?;
        (slot.generation == generation).then_some(slot)
    }

    pub fn next_generation(&self, service: Service) -> u64 {
        self.0.get(&service).map_or(0, |slot| slot.generation + 1)
    }

    pub fn statuses(&self) -> Vec<ServiceStatus> {
        self.0.values().map(|slot| slot.status.clone()).collect()
    }

    /// Whether the service, or every one, has no process.
    pub fn ended(&self, service: Option<Service>) -> bool {
        let ours = |slot: &&Slot| service.is_none_or(|service| service == slot.status.service);
        self.0
            .values()
            .filter(ours)
            .all(|slot| slot.child.is_none())
    }

    /// Tells the service, or every one, to stop.
    pub fn stop(&mut self, service: Option<Service>) {
        for slot in self.0.values_mut() {
            let ours = service.is_none_or(|service| service == slot.status.service);
            if let Some(child) = slot.child.as_mut().filter(|_| ours) {
                child.stop();
                slot.enter(State::Stopping);
            }
        }
    }
}

impl Slot {
    pub fn enter(&mut self, state: State) {
        self.status.state = state;
        self.status.since = Clock::system().now();
    }

    /// Its process is gone. Whether nobody had asked for that.
    pub fn end(&mut self, ending: Ending) -> bool {
        let by_itself = self.status.state != State::Stopping;
        self.child = None;
        self.status.pid = None;
        self.status.ending = Some(ending);
        self.enter(if by_itself {
            State::Dead
        } else {
            State::Stopped
        });
        by_itself
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service_status::tests::status;

    fn slot(state: State) -> Slot {
        Slot {
            status: status(Service::Bank, state),
            generation: 3,
            child: None,
        }
    }

    #[test]
    fn an_end_that_was_asked_for_is_no_death() {
        assert!(!slot(State::Stopping).end(Ending::Code(0)));
        for state in [State::Starting, State::Ready] {
            let mut slot = slot(state);
            assert!(slot.end(Ending::Code(0)));
            assert_eq!(slot.status.state, State::Dead);
        }
    }

    #[test]
    fn news_of_an_earlier_process_is_not_about_this_one() {
        let mut slots = Slots::default();
        slots.put(slot(State::Ready));
        assert!(slots.current(Service::Bank, 3).is_some());
        assert!(slots.current(Service::Bank, 2).is_none());
        assert!(slots.current(Service::Auth, 3).is_none());
        assert_eq!(
            (
                slots.next_generation(Service::Bank),
                slots.next_generation(Service::Auth)
            ),
            (4, 0)
        );
    }
}
