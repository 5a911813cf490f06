//! Metadata: the application's own names and values on threads, participants and messages.

use std::collections::BTreeMap;

/// What metadata counts against its limit: the bytes of all keys and values.
#[must_use]
pub fn metadata_bytes(metadata: &BTreeMap<String, String>) -> usize {
    metadata.iter().map(|(key, value)| key.len() + value.len()).sum()
}

/// Applies a merge patch: a key with a value is set, a key with null removed, the rest stays.
#[must_use]
pub fn merge_metadata(
    mut current: BTreeMap<String, String>,
    patch: &BTreeMap<String, Option<String>>,
) -> BTreeMap<String, String> {
    for (key, value) in patch {
        match value {
            Some(value) => {
                current.insert(key.clone(), value.clone());
            }
            None => {
                current.remove(key);
            }
        }
    }
    current
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
        let merged = merge_metadata(map(&[("changed", "0"), ("gone", "0"), ("kept", "0")]), &patch);
        assert_eq!(merged, map(&[("changed", "2"), ("kept", "0"), ("new", "1")]));
    }

    proptest! {
        #[test]
        fn a_patch_applied_twice_changes_nothing_more(
            current in prop::collection::btree_map("[a-d]", "[x-z]", 0..4),
            patch in prop::collection::btree_map("[a-d]", prop::option::of("[x-z]"), 0..4),
        ) {
            let once = merge_metadata(current, &patch);
            prop_assert_eq!(merge_metadata(once.clone(), &patch), once);
        }
    }
}
