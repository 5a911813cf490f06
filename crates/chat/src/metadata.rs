//! Metadata: the application's own names and values on threads, participants and messages.

use std::collections::BTreeMap;

/// What metadata counts against its limit: the bytes of all keys and values.
#[must_use]
pub fn metadata_bytes(metadata: &BTreeMap<String, String>) -> usize {
    metadata.iter().map(|(key, value)| key.len() + value.len()).sum()
}

/// Applies a merge patch: a key with a value is set, a key with null removed, the rest stays; null alone removes
/// everything. None are no metadata.
#[must_use]
pub fn merge_metadata(
    current: Option<BTreeMap<String, String>>,
    patch: Option<BTreeMap<String, Option<String>>>,
) -> Option<BTreeMap<String, String>> {
    let mut merged = current.unwrap_or_default();
    for (key, value) in patch? {
        match value {
            Some(value) => merged.insert(key, value),
            None => merged.remove(&key),
        };
    }
    Some(merged).filter(|merged| !merged.is_empty())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn a_patch_sets_replaces_and_removes_and_leaves_the_rest() {
        let patch = BTreeMap::from([
            ("new".to_owned(), Some("1".to_owned())),
            ("changed".to_owned(), Some("2".to_owned())),
            ("gone".to_owned(), None),
            ("never there".to_owned(), None),
        ]);
        let current = map(&[("changed", "0"), ("gone", "0"), ("kept", "0")]);
        let merged = merge_metadata(Some(current), Some(patch));
        assert_eq!(
            merged,
            Some(map(&[("changed", "2"), ("kept", "0"), ("new", "1")]))
        );
    }

    #[test]
    fn null_and_the_last_key_removed_leave_none() {
        let one = || Some(map(&[("a", "0")]));
        assert_eq!(merge_metadata(one(), None), None);
        let removal = BTreeMap::from([("a".to_owned(), None)]);
        assert_eq!(merge_metadata(one(), Some(removal)), None);
        assert_eq!(merge_metadata(one(), Some(BTreeMap::new())), one());
        assert_eq!(merge_metadata(None, Some(BTreeMap::new())), None);
    }

    proptest! {
        #[test]
        fn a_patch_applied_twice_changes_nothing_more(
            current in prop::collection::btree_map("[a-d]", "[x-z]", 0..4),
            patch in prop::collection::btree_map("[a-d]", prop::option::of("[x-z]"), 0..4),
        ) {
            let once = merge_metadata(Some(current), Some(patch.clone()));
            prop_assert_eq!(merge_metadata(once.clone(), Some(patch)), once);
        }
    }
}
