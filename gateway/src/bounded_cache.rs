//! What was found out once, in memory that does not grow with what clients send.
//!
//! Bounded without a list of uses: entries live in two generations. A full young generation becomes the old one, and
//! the old one is dropped; what is still used is carried over when it is found. The lock is held for one look-up.
//! Whether an entry still counts is for who finds it to ask.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Of cheap clones: an `Arc`, a number.
pub struct BoundedCache<K, V> {
    most_a_generation: usize,
    generations: Mutex<Generations<K, V>>,
}

struct Generations<K, V> {
    young: HashMap<K, V>,
    old: HashMap<K, V>,
}

impl<K: Copy + Eq + Hash, V: Clone> BoundedCache<K, V> {
    /// Twice as many entries at the most.
    pub fn new(most_a_generation: usize) -> Self {
        let (young, old) = (HashMap::new(), HashMap::new());
        Self {
            most_a_generation,
            generations: Mutex::new(Generations { young, old }),
        }
    }

    pub fn get(&self, key: &K) -> Option<V> {
        let mut generations = self.lock();
        if let Some(value) = generations.young.get(key) {
            return Some(value.clone());
        }
        let value = generations.old.remove(key)?;
        generations.add(*key, value.clone(), self.most_a_generation);
        Some(value)
    }

    pub fn insert(&self, key: K, value: V) {
        self.lock().add(key, value, self.most_a_generation);
    }

    pub fn remove(&self, key: &K) {
        let mut generations = self.lock();
        generations.young.remove(key);
        generations.old.remove(key);
    }

    fn lock(&self) -> MutexGuard<'_, Generations<K, V>> {
        self.generations
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Copy + Eq + Hash, V> Generations<K, V> {
    fn add(&mut self, key: K, value: V, most: usize) {
        if self.young.len() >= most {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: usize = 100;

    #[test]
    fn the_cache_stays_bounded_and_keeps_what_is_used() {
        let cache = BoundedCache::new(MOST);
        cache.insert(usize::MAX, "favourite");
        for number in 0..MOST * 5 {
            cache.insert(number, "stranger");
            assert_eq!(cache.get(&usize::MAX), Some("favourite"), "{number}");
        }
        let generations = cache.lock();
        assert!(generations.young.len() + generations.old.len() <= 2 * MOST);
        drop(generations);
        assert_eq!(cache.get(&0), None);
    }

    #[test]
    fn what_was_taken_out_is_gone_from_both_generations() {
        let cache = BoundedCache::new(1);
        for number in [1, 2] {
            cache.insert(number, number);
        }
        for number in [1, 2] {
            cache.remove(&number);
            assert_eq!(cache.get(&number), None);
        }
    }
}
