//! Rows of the published chat client's instances.

use openline_protocol::{RawId, ResourceId, Timestamp};
use openline_server::storage::{Storage, TrouterEndpointKey, TrouterEndpointRow};

use crate::{NOW, add_resource};

fn key(resource_id: &ResourceId, user: &str, epid: &str) -> TrouterEndpointKey {
    TrouterEndpointKey {
        resource_id: resource_id.clone(),
        raw_id: RawId::new(user),
        epid: epid.to_owned(),
    }
}

fn known(cursor: u64, beyond: &[u64]) -> TrouterEndpointRow {
    TrouterEndpointRow::Known {
        cursor,
        beyond: beyond.to_vec(),
    }
}

async fn put(storage: &Storage, key: &TrouterEndpointKey, row: TrouterEndpointRow, at: u64) {
    let key = key.clone();
    let saved_on = Timestamp::from_millis(NOW.as_millis() + at);
    storage
        .write(move |tx| Box::pin(async move { tx.put_trouter_endpoint(&key, &row, saved_on).await }))
        .await
        .unwrap();
}

async fn find(storage: &Storage, key: &TrouterEndpointKey) -> Option<TrouterEndpointRow> {
    let key = key.clone();
    storage
        .read(move |tx| Box::pin(async move { tx.find_trouter_endpoint(&key).await }))
        .await
        .unwrap()
}

pub(crate) async fn an_instance_is_known_by_what_was_last_kept_of_it(storage: &Storage) {
    let resource = add_resource(storage, "r").await;
    let desk = key(&resource, "ann", "desk");
    assert_eq!(find(storage, &desk).await, None);
    put(storage, &desk, known(7, &[9, 12]), 0).await;
    assert_eq!(find(storage, &desk).await, Some(known(7, &[9, 12])));
    put(storage, &desk, known(12, &[]), 1).await;
    assert_eq!(find(storage, &desk).await, Some(known(12, &[])));
    put(storage, &desk, TrouterEndpointRow::Stopped, 2).await;
    assert_eq!(find(storage, &desk).await, Some(TrouterEndpointRow::Stopped));
    for other in [key(&resource, "ben", "desk"), key(&resource, "ann", "phone")] {
        assert_eq!(find(storage, &other).await, None);
    }
}

pub(crate) async fn an_identity_keeps_the_instances_that_were_last_saved(storage: &Storage) {
    let resource = add_resource(storage, "r").await;
    for (epid, at) in [("oldest", 1), ("newest", 4), ("older", 2), ("newer", 3)] {
        put(storage, &key(&resource, "ann", epid), known(1, &[]), at).await;
    }
    put(storage, &key(&resource, "ben", "old"), known(1, &[]), 0).await;
    let resource_id = resource.clone();
    storage
        .write(move |tx| {
            Box::pin(async move {
                tx.trim_trouter_endpoints(&resource_id, &RawId::new("ann"), 2)
                    .await
            })
        })
        .await
        .unwrap();
    for (epid, kept) in [
        ("oldest", false),
        ("older", false),
        ("newer", true),
        ("newest", true),
    ] {
        let found = find(storage, &key(&resource, "ann", epid)).await;
        assert_eq!(found.is_some(), kept, "{epid}");
    }
    assert!(find(storage, &key(&resource, "ben", "old")).await.is_some());
}

pub(crate) async fn instances_that_did_not_come_back_are_forgotten_some_at_a_time(storage: &Storage) {
    let resource = add_resource(storage, "r").await;
    for at in 0..5 {
        put(
            storage,
            &key(&resource, "ann", &at.to_string()),
            known(1, &[]),
            at,
        )
        .await;
    }
    let before = Timestamp::from_millis(NOW.as_millis() + 3);
    let mut pruned = Vec::new();
    for _ in 0..3 {
        let count = storage
            .write(move |tx| Box::pin(async move { tx.prune_trouter_endpoints(before, 2).await }))
            .await
            .unwrap();
        pruned.push(count);
    }
    assert_eq!(pruned, [2, 1, 0]);
    assert!(find(storage, &key(&resource, "ann", "3")).await.is_some());
}

pub(crate) async fn a_secret_is_drawn_once(storage: &Storage) {
    let mut drawn = Vec::new();
    for fresh in [[1; 32], [2; 32]] {
        let secret = storage
            .write(move |tx| Box::pin(async move { tx.server_secret("s", &fresh, NOW).await }))
            .await
            .unwrap();
        drawn.push(secret);
    }
    assert_eq!(drawn, [vec![1; 32], vec![1; 32]]);
}
