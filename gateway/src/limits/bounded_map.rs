//! A small state for each of many keys, in memory that does not grow with what clients send.
//!
//! Who owns a large IPv6 network has more /64s than any memory. When a shard of the map is full, keys that it does not
//! know share one state among them: those who were there before notice nothing, and the flood (with whoever is new and
//! hashed to the same shard) gets one allowance a shard, until the next sweep makes room. To forget old keys instead
//! would give the flood a fresh allowance at will; to refuse all new keys would let it shut the door for everybody.
//!
//! The map is cut into shards with a lock each, so that requests rarely wait for each other, nor for a sweep.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Key;

const SHARDS: usize = 64;

pub(super) struct BoundedMap<V> {
    shards: [Mutex<Shard<V>>; SHARDS],
    /// Keyed at random, so that nobody can choose keys that meet in one shard.
    hasher: RandomState,
    most_keys_a_shard: usize,
}

struct Shard<V> {
    known: HashMap<Key, V>,
    /// The state that keys share for which there is no room.
    shared: Option<V>,
}

impl<V: Copy> BoundedMap<V> {
    pub(super) fn new(most_keys: usize) -> Self {
        let shard = |_| Shard {
            known: HashMap::new(),
            shared: None,
        };
        Self {
            shards: std::array::from_fn(|index| Mutex::new(shard(index))),
            hasher: RandomState::new(),
            most_keys_a_shard: most_keys.div_ceil(SHARDS),
        }
    }

    /// Gives a key's state, if it has one, to `change`, and keeps what comes back, if anything does.
    pub(super) fn update<T>(
        &self,
        key: &Key,
        change: impl FnOnce(Option<V>) -> (T, Option<V>),
    ) -> T {
        // The quotient fits: SHARDS is small.
        let index = (self.hasher.hash_one(key) % SHARDS as u64) as usize;
        let shard = &mut *lock(&self.shards[index]);
        if let Some(state) = shard.known.get_mut(key) {
            let (answer, new) = change(Some(*state));
            *state = new.unwrap_or(*state);
            return answer;
        }
        if shard.known.len() >= self.most_keys_a_shard {
            let (answer, new) = change(shard.shared);
            shard.shared = new.or(shard.shared);
            return answer;
        }
        let (answer, new) = change(None);
        shard.known.extend(new.map(|new| (key.clone(), new)));
        answer
    }

    /// Forgets the states that are not worth keeping, and gives memory back after a flood.
    pub(super) fn retain(&self, worth: impl Fn(&V) -> bool) {
        for shard in &self.shards {
            let shard = &mut *lock(shard);
            shard.known.retain(|_, state| worth(state));
            shard.shared = shard.shared.filter(|state| worth(state));
            if shard.known.capacity() > 4 * shard.known.len() {
                shard.known.shrink_to(2 * shard.known.len());
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.shards
            .iter()
            .map(|shard| lock(shard).known.len())
            .sum()
    }

    /// How many shards have no room for a new key.
    pub(super) fn full_shards(&self) -> usize {
        let full = |shard: &&Mutex<Shard<V>>| lock(shard).known.len() >= self.most_keys_a_shard;
        self.shards.iter().filter(full).count()
    }
}

fn lock<V>(shard: &Mutex<Shard<V>>) -> MutexGuard<'_, Shard<V>> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts the updates of a key.
    fn touch(map: &BoundedMap<u32>, number: u64) -> u32 {
        map.update(&Key::Address(number), |old| {
            let new = old.unwrap_or(0) + 1;
            (new, Some(new))
        })
    }

    #[test]
    fn it_never_holds_more_than_its_keys_and_those_it_knows_keep_their_own_state() {
        let map = BoundedMap::new(SHARDS * 4);
        assert_eq!((touch(&map, 0), touch(&map, 0)), (1, 2));
        for number in 1..100_000 {
            touch(&map, number);
        }
        assert_eq!((map.len(), map.full_shards()), (SHARDS * 4, SHARDS));
        assert_eq!(touch(&map, 0), 3, "known before the flood");
        assert!(
            touch(&map, 200_000) > 100,
            "a newcomer shares with the flood"
        );
    }

    #[test]
    fn a_sweep_forgets_the_worthless_makes_room_and_gives_memory_back() {
        let map = BoundedMap::new(SHARDS * 100);
        for number in 0..100_000 {
            touch(&map, number);
        }
        map.retain(|_| false);
        assert_eq!((map.len(), map.full_shards()), (0, 0));
        let capacity = |shard| lock(shard).known.capacity();
        assert_eq!(map.shards.iter().map(capacity).sum::<usize>(), 0);
        assert_eq!(touch(&map, 200_000), 1, "a state of its own again");
    }

    #[test]
    fn what_leaves_no_state_takes_no_room() {
        let map = BoundedMap::<u32>::new(SHARDS);
        map.update(&Key::Address(1), |old| (old.is_none(), None));
        assert_eq!(map.len(), 0);
    }
}
