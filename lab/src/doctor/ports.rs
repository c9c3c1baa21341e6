//! The ports: free, or taken by the platform itself.

use std::fmt::Display;

use super::{Patient, Verdict};
use crate::ports::free_near;
use crate::service::Service;
use crate::texts::{doctor as texts, start};

pub(super) fn check(patient: &Patient<'_>) -> (Verdict, String) {
    if let Some(found) = patient.found {
        return (
            Verdict::Good,
            patient.say(&texts::PORTS_OURS, &[("pid", &found.state.pid)]),
        );
    }
    let ports = &patient.layout.ports;
    match ports.check_free(&Service::ALL) {
        Ok(()) => {
            let numbers: Vec<_> = Service::ALL
                .map(|service| ports.port(service).to_string())
                .to_vec();
            (
                Verdict::Good,
                patient.say(&texts::PORTS_FREE, &[("ports", &numbers.join(", "))]),
            )
        }
        Err(taken) => {
            let free = free_near(ports.port(taken.service));
            let values: [(&str, &dyn Display); 3] = [
                ("port", &taken.port),
                ("service", &taken.service),
                ("free", &free),
            ];
            (Verdict::Bad, patient.say(&start::PORT_TAKEN, &values))
        }
    }
}
