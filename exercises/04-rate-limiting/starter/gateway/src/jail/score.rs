//! The points of one inmate, and what it looked at: a bucket that leaks, and a window.

use std::time::Duration;

use service_kit::clock::Timestamp;

use super::Side;

// TODO(lab 04): personne n'atteint jamais le seuil. Écrivez le compte d'un client.
//
// - `add` ajoute des points et dit si le seuil (`side.threshold`) est atteint. Les points s'écoulent avec le temps,
//   `side.decay_per_minute` par minute, régulièrement, et jamais en dessous de zéro : pas de crédit pour plus tard.
//   Une horloge reculée ne doit rien faire écouler deux fois.
// - `is_walk` note une chose regardée et dit si c'en est une de trop : plus de `side.things` choses différentes dans une même
//   fenêtre (`window`). Revoir la même chose ne compte pas ; une fenêtre passée, on repart de zéro.
// - La mémoire d'un compte reste bornée, quoi que fasse le client.
//
// Nobody ever reaches the threshold. Write the account of one client.
//
// - `add` adds points and tells whether the threshold (`side.threshold`) is reached. Points drain away with time,
//   `side.decay_per_minute` a minute, evenly, and never below zero: no credit for later. A clock that is set back
//   must not drain anything twice.
// - `is_walk` notes a thing that was looked at and tells whether it is one too many: more than `side.things` different
//   things in one `window`. To look at the same thing again does not count; after the window all begins anew.
// - The memory of one account stays bounded, whatever the client does.
#[derive(Debug, Clone)]
pub(super) struct Score {}

impl Score {
    pub(super) fn new(_now: Timestamp) -> Self {
        Self {}
    }

    /// Adds points to those that have not drained yet; `true` when they reach the threshold.
    pub(super) fn add(&mut self, _points: u64, _side: &Side, _now: Timestamp) -> bool {
        false
    }

    /// Notes a thing, by its fingerprint; `true` when it is one too many.
    pub(super) fn is_walk(
        &mut self,
        _thing: u32,
        _side: &Side,
        _window: Duration,
        _now: Timestamp,
    ) -> bool {
        false
    }
}
