//! A store of bounded size: the least recently used entry is the first to go.

use std::hash::Hash;
use std::num::NonZeroUsize;

use lru::LruCache;

/// What an entry takes beside its content.
pub(super) const OVERHEAD: usize = 200;

/// Entries of `most_bytes` in all.
pub(super) struct Bounded<K: Hash + Eq, V> {
    by_key: LruCache<K, (V, usize)>,
    bytes: usize,
    most_bytes: usize,
}

impl<K: Hash + Eq, V> Bounded<K, V> {
    /// An empty store; one of 0 bytes stays empty.
    pub(super) fn new(most_bytes: usize) -> Self {
        let most = NonZeroUsize::new(most_bytes / OVERHEAD).unwrap_or(NonZeroUsize::MIN);
        Self {
            by_key: LruCache::new(most),
            bytes: 0,
            most_bytes,
        }
    }

    /// Whether there is such an entry; it is not used by that.
    pub(super) fn contains(&self, key: &K) -> bool {
        self.by_key.contains(key)
    }

    /// An entry, which is used now.
    pub(super) fn get(&mut self, key: &K) -> Option<&V> {
        self.by_key.get(key).map(|(value, _)| value)
    }

    /// Takes an entry out.
    pub(super) fn take(&mut self, key: &K) -> Option<V> {
        let (value, size) = self.by_key.pop(key)?;
        self.bytes -= size;
        Some(value)
    }

    /// Puts an entry of `length` bytes in the place of what has its key. One that is larger than all room there is, is not kept.
    pub(super) fn put(&mut self, key: K, value: V, length: usize) {
        self.take(&key);
        let size = length + OVERHEAD;
        if size > self.most_bytes {
            return;
        }
        self.bytes += size;
        if let Some((_, (_, gone))) = self.by_key.push(key, (value, size)) {
            self.bytes -= gone;
        }
        while self.bytes > self.most_bytes
            && let Some((_, (_, gone))) = self.by_key.pop_lru()
        {
            self.bytes -= gone;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_room_is_bounded_and_the_least_recently_used_goes_first() {
        let mut store = Bounded::new(3 * (OVERHEAD + 100));
        for key in 0..3 {
            store.put(key, (), 100);
        }
        assert!(store.get(&0).is_some());
        store.put(3, (), 100);
        assert!(store.contains(&0) && store.contains(&3) && !store.contains(&1));
        store.put(4, (), 10_000);
        assert!(!store.contains(&4) && store.contains(&0));
        store.put(5, (), 3 * (OVERHEAD + 100) - OVERHEAD);
        assert!(store.contains(&5) && !store.contains(&0));
        for key in 0..1000 {
            store.put(key, (), key % 500);
            assert!(store.bytes <= store.most_bytes);
        }
        for key in 0..1000 {
            store.take(&key);
        }
        assert_eq!(store.bytes, 0);
        let mut none = Bounded::new(0);
        none.put(1, (), 0);
        assert!(!none.contains(&1));
    }

    #[test]
    fn an_entry_takes_the_place_of_one_with_its_key() {
        let mut store = Bounded::new(2 * (OVERHEAD + 100));
        store.put(1, 'a', 100);
        store.put(2, 'b', 100);
        store.put(1, 'c', 50);
        assert_eq!(store.get(&1).copied(), Some('c'));
        assert_eq!(store.get(&2).copied(), Some('b'));
        assert_eq!(store.bytes, 2 * OVERHEAD + 150);
    }
}
