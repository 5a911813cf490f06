//! The log of events.

use openline_protocol::RawId;
use openline_server::storage::{
    Storage, StorageError, Transaction,
    chat::{EventWindow, MembershipEnd},
};

use super::{Place, append, at, join, participant_row, place, user, write};

async fn told(
    tx: &mut dyn Transaction,
    place: &Place,
    who: &RawId,
    after: u64,
) -> Result<Vec<String>, StorageError> {
    let window = EventWindow {
        after,
        through: tx.chat_log_head().await?,
        limit: 100,
    };
    let rows = tx.list_chat_events(&place.resource_id, who, window).await?;
    assert!(rows.is_sorted_by(|a, b| a.position < b.position));
    Ok(rows.into_iter().map(|row| row.event).collect())
}

pub(crate) async fn positions_rise_and_are_not_given_again(storage: &Storage) {
    let place = place(storage).await;
    let there = place.clone();
    let last = write!(storage, |tx| {
        let first = append(tx, &there, None, "{}").await?;
        let second = append(tx, &there, None, "{}").await?;
        assert!(first >= 1 && second > first);
        assert_eq!(tx.chat_log_head().await?, second);
        second
    });
    write!(storage, |tx| {
        assert_eq!(tx.chat_log_pruned_through(&place.resource_id).await?, 0);
        assert_eq!(
            tx.prune_chat_events(at(5_000), 100).await?,
            0,
            "as old is not older"
        );
        assert_eq!(tx.prune_chat_events(at(5_001), 1).await?, 1);
        assert_eq!(tx.prune_chat_events(at(5_001), 100).await?, 1);
        assert_eq!(tx.chat_log_pruned_through(&place.resource_id).await?, last);
        assert_eq!(tx.chat_log_head().await?, last);
        assert!(append(tx, &place, None, "{}").await? > last);
    });
}

pub(crate) async fn everybody_is_told_what_happened_while_they_were_there(storage: &Storage) {
    let place = place(storage).await;
    write!(storage, |tx| {
        let start = tx.chat_log_head().await?;
        join(tx, &place, "ann", 0).await?;
        append(tx, &place, Some(10), "one").await?;
        let came = join(tx, &place, "ben", 11).await?;
        append(tx, &place, Some(10), "one edited").await?;
        append(tx, &place, Some(11), "two").await?;
        let left = append(tx, &place, None, "ben left").await?;
        let end = MembershipEnd {
            position: left,
            topic: String::new(),
            last_message_on: at(11),
        };
        tx.close_chat_membership(&place.resource_id, place.key, &user("ben"), &end)
            .await?;
        append(tx, &place, Some(12), "three").await?;
        let again = append(tx, &place, None, "ben again").await?;
        let row = participant_row("ben", 0, again);
        tx.open_chat_membership(&place.resource_id, place.key, &row, again)
            .await?;
        append(tx, &place, Some(13), "four").await?;

        let ann = told(tx, &place, &user("ann"), start).await?;
        assert_eq!(ann.len(), 9);
        let ben = told(tx, &place, &user("ben"), start).await?;
        let expected = ["ben came", "one edited", "two", "ben left", "ben again", "four"];
        assert_eq!(ben, expected, "by the history that is shared now");
        assert_eq!(told(tx, &place, &user("ben"), came).await?, ben[1..]);
        assert_eq!(told(tx, &place, &user("ben"), left).await?, ben[4..]);
        assert!(told(tx, &place, &user("eve"), start).await?.is_empty());

        // An open interval may come to share more or less of the history.
        for (since, expected) in [
            (14, vec!["ben came", "ben left", "ben again"]),
            (6_000, vec!["ben left", "ben again"]),
        ] {
            let row = participant_row("ben", since, again);
            tx.update_chat_membership(&place.resource_id, place.key, &row)
                .await?;
            assert_eq!(told(tx, &place, &user("ben"), start).await?, expected);
        }
    });
}

pub(crate) async fn a_window_of_the_log_has_its_ends_and_its_limit(storage: &Storage) {
    let place = place(storage).await;
    write!(storage, |tx| {
        let first = join(tx, &place, "ann", 0).await?;
        for n in 1..=4 {
            append(tx, &place, None, &n.to_string()).await?;
        }
        for (after, through, limit, expected) in [
            (first, first + 4, 9, vec!["1", "2", "3", "4"]),
            (first + 1, first + 3, 9, vec!["2", "3"]),
            (first, first + 4, 2, vec!["1", "2"]),
            (first + 4, first + 9, 9, vec![]),
        ] {
            let window = EventWindow {
                after,
                through,
                limit,
            };
            let rows = tx
                .list_chat_events(&place.resource_id, &user("ann"), window)
                .await?;
            let events: Vec<_> = rows.iter().map(|row| row.event.as_str()).collect();
            assert_eq!(events, expected);
        }
    });
}

pub(crate) async fn what_the_log_says_of_a_message_can_be_said_anew(storage: &Storage) {
    let place = place(storage).await;
    write!(storage, |tx| {
        let start = join(tx, &place, "ann", 0).await?;
        for (about, event) in [(Some(10), "a"), (Some(11), "b"), (Some(10), "c"), (None, "d")] {
            append(tx, &place, about, event).await?;
        }
        let (resource_id, key) = (&place.resource_id, place.key);
        let first = tx.list_chat_events_about(resource_id, key, at(10), 0, 1).await?;
        assert_eq!(
            first.iter().map(|row| row.event.as_str()).collect::<Vec<_>>(),
            ["a"]
        );
        let rest = tx
            .list_chat_events_about(resource_id, key, at(10), first[0].position, 9)
            .await?;
        assert_eq!(
            rest.iter().map(|row| row.event.as_str()).collect::<Vec<_>>(),
            ["c"]
        );
        tx.rewrite_chat_event(resource_id, rest[0].position, "blank")
            .await?;
        assert_eq!(
            told(tx, &place, &user("ann"), start).await?,
            ["a", "b", "blank", "d"]
        );
        let window = EventWindow {
            after: start,
            through: u64::from(u32::MAX),
            limit: 9,
        };
        let rows = tx.list_chat_events(resource_id, &user("ann"), window).await?;
        let left_out: Vec<_> = rows.iter().map(|row| row.content_in).collect();
        assert_eq!(left_out, [None, None, Some((key, at(10))), None]);
        let whole = tx.list_chat_events_about(resource_id, key, at(10), 0, 9).await?;
        assert_eq!(whole.len(), 1, "it leaves nothing to be rewritten");
    });
}
