//! Parts of values, and what holds of every type on the wire.

use std::collections::BTreeMap;

use openline_protocol::Timestamp;
use proptest::{option, prelude::*};
use serde::{Serialize, de::DeserializeOwned};

pub(crate) fn name() -> impl Strategy<Value = Option<String>> {
    option::of(any::<String>())
}

pub(crate) fn time() -> impl Strategy<Value = Timestamp> {
    any::<u64>().prop_map(Timestamp::from_millis)
}

pub(crate) fn metadata() -> impl Strategy<Value = BTreeMap<String, String>> {
    prop::collection::btree_map(any::<String>(), any::<String>(), 0..3)
}

/// A byte of what is written that becomes another on the way, if any, and where the rest is cut off.
#[derive(Debug, Clone)]
pub(crate) struct Damage {
    at: prop::sample::Index,
    byte: u8,
    end: prop::sample::Index,
}

pub(crate) fn damage() -> impl Strategy<Value = Damage> {
    // Most changes that matter are of what JSON is made of.
    let byte = prop_oneof![any::<u8>(), prop::sample::select(br#"{}[]",:\0-1e.ntf"#.to_vec())];
    (any::<prop::sample::Index>(), byte, any::<prop::sample::Index>()).prop_map(|(at, byte, end)| Damage {
        at,
        byte,
        end,
    })
}

/// Asserts that `value` is read as it was written, and that reading it damaged ends well.
pub(crate) fn assert_survives<T>(value: &T, damage: &Damage)
where
    T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug,
{
    let mut json = serde_json::to_vec(value).expect("it is written");
    let read: T = serde_json::from_slice(&json).expect("what was written is read");
    assert_eq!(&read, value);
    let at = damage.at.index(json.len());
    json[at] = damage.byte;
    // What is read in spite of it is a value like any other.
    if let Ok(read) = serde_json::from_slice::<T>(&json) {
        let again = serde_json::to_vec(&read).expect("it is written");
        assert_eq!(
            serde_json::from_slice::<T>(&again).expect("what was written is read"),
            read
        );
    }
    drop(serde_json::from_slice::<T>(&json[..damage.end.index(json.len())]));
}
