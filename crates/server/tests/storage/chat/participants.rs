//! Participants.

use std::collections::BTreeMap;

use openline_server::storage::{Storage, chat::ParticipantRow};

use super::{at, participant_row, place, user, write};

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
