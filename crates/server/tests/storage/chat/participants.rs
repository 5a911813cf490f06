//! Participants.

use std::collections::BTreeMap;

use openline_server::storage::{
    Storage, StorageError, Transaction,
    chat::{MembershipEnd, ParticipantRow},
};

use super::{Place, append, at, join, participant_row, place, user, write};

pub(crate) async fn a_participant_is_who_was_last_put_until_it_is_removed(storage: &Storage) {
    let place = place(storage).await;
    write!(storage, |tx| {
        let (resource_id, key) = (&place.resource_id, place.key);
        let ann = participant_row("ann", 3, 1);
        tx.put_chat_participant(resource_id, key, &ann).await?;
        assert_eq!(
            tx.find_chat_participant(resource_id, key, &ann.raw_id).await?,
            Some(ann.clone())
        );
        let changed = ParticipantRow {
            display_name: "Änn".to_owned(),
            share_history_time: at(9),
            metadata: Some(BTreeMap::from([("a".to_owned(), "b".to_owned())])),
            ..ann
        };
        tx.put_chat_participant(resource_id, key, &changed).await?;
        assert_eq!(
            tx.find_chat_participant(resource_id, key, &changed.raw_id)
                .await?,
            Some(changed)
        );
        assert_eq!(tx.count_chat_participants(resource_id, key).await?, 1);
        tx.delete_chat_participant(resource_id, key, &user("ann")).await?;
        assert_eq!(
            tx.find_chat_participant(resource_id, key, &user("ann")).await?,
            None
        );
        assert_eq!(tx.count_chat_participants(resource_id, key).await?, 0);
    });
}

pub(crate) async fn participants_are_listed_as_they_came_and_told_what_they_share(storage: &Storage) {
    let place = place(storage).await;
    write!(storage, |tx| {
        let (resource_id, key) = (&place.resource_id, place.key);
        for (name, share_history_time, ordinal) in [("cat", 0, 2), ("ann", 20, 2), ("ben", 10, 1)] {
            let row = participant_row(name, share_history_time, ordinal);
            tx.put_chat_participant(resource_id, key, &row).await?;
        }
        for (skip, limit, expected) in [
            (0, 9, vec!["ben", "ann", "cat"]),
            (1, 1, vec!["ann"]),
            (3, 9, vec![]),
        ] {
            let listed = tx.list_chat_participants(resource_id, key, skip, limit).await?;
            let names: Vec<_> = listed.iter().map(|row| row.display_name.as_str()).collect();
            assert_eq!(names, expected);
        }
        for (about_on, expected) in [
            (None, vec!["ann", "ben", "cat"]),
            (Some(at(20)), vec!["ann", "ben", "cat"]),
            (Some(at(19)), vec!["ben", "cat"]),
            (Some(at(9)), vec!["cat"]),
        ] {
            let mut told = tx.list_chat_recipients(resource_id, key, about_on).await?;
            told.sort();
            assert_eq!(told, expected.into_iter().map(user).collect::<Vec<_>>());
        }
        tx.delete_chat_participant(resource_id, key, &user("cat")).await?;
        assert!(
            tx.list_chat_recipients(resource_id, key, Some(at(9)))
                .await?
                .is_empty()
        );
    });
}

/// Somebody comes and goes: two events of the log.
async fn stay(tx: &mut dyn Transaction, place: &Place, name: &str) -> Result<(), StorageError> {
    join(tx, place, name, 0).await?;
    leave(tx, place, name).await
}

async fn leave(tx: &mut dyn Transaction, place: &Place, name: &str) -> Result<(), StorageError> {
    let end = MembershipEnd {
        position: append(tx, place, None, "left").await?,
        topic: "Then".to_owned(),
        last_message_on: at(1_000),
    };
    tx.close_chat_membership(&place.resource_id, place.key, &user(name), &end)
        .await
}

pub(crate) async fn a_stay_that_is_over_is_forgotten_with_the_events_of_it_but_for_the_latest(
    storage: &Storage,
) {
    let place = place(storage).await;
    write!(storage, |tx| {
        for _ in 0..3 {
            stay(tx, &place, "ben").await?;
        }
        join(tx, &place, "ann", 0).await?;
        assert_eq!(tx.prune_chat_memberships(9).await?, 0, "the log tells of all");
        assert_eq!(tx.prune_chat_events(at(5_001), 3).await?, 3);
        assert_eq!(
            tx.prune_chat_memberships(9).await?,
            1,
            "not one that the log ends"
        );
        assert_eq!(tx.prune_chat_events(at(5_001), 9).await?, 4);
        assert_eq!(tx.prune_chat_memberships(9).await?, 1);
        assert_eq!(
            tx.prune_chat_memberships(9).await?,
            0,
            "who left, and who is there"
        );
        join(tx, &place, "ben", 0).await?;
        assert_eq!(
            tx.prune_chat_memberships(9).await?,
            1,
            "a later one takes its place"
        );
        for _ in 0..3 {
            leave(tx, &place, "ben").await?;
            join(tx, &place, "ben", 0).await?;
        }
        while tx.prune_chat_events(at(5_001), 9).await? > 0 {}
        for expected in [2, 1, 0] {
            assert_eq!(tx.prune_chat_memberships(2).await?, expected);
        }
    });
}

pub(crate) async fn a_deleted_identity_has_no_stay_that_is_over(storage: &Storage) {
    let place = place(storage).await;
    write!(storage, |tx| {
        for name in ["ann", "ben", "cat"] {
            tx.insert_identity(&place.resource_id, &user(name), at(1)).await?;
        }
        stay(tx, &place, "ann").await?;
        stay(tx, &place, "ben").await?;
        join(tx, &place, "cat", 0).await?;
        while tx.prune_chat_events(at(5_001), 9).await? > 0 {}
        for name in ["ann", "cat"] {
            assert!(tx.delete_identity(&place.resource_id, &user(name), at(2)).await?);
        }
        assert_eq!(tx.prune_chat_memberships(9).await?, 1);
        assert_eq!(tx.prune_chat_memberships(9).await?, 0);
    });
}
