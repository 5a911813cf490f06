//! Requests that may be repeated.

use openline_server::storage::{Storage, chat::MessageRequestRow};

use super::{at, place, user, write};

pub(crate) async fn the_answer_to_a_creation_is_kept_for_its_user_and_id_until_it_is_too_old(
    storage: &Storage,
) {
    let place = place(storage).await;
    write!(storage, |tx| {
        let (r, ann) = (&place.resource_id, user("ann"));
        tx.put_create_request(r, &ann, "id", at(10), "first").await?;
        assert_eq!(
            tx.find_create_request(r, &ann, "id", at(10)).await?.as_deref(),
            Some("first")
        );
        assert_eq!(tx.find_create_request(r, &ann, "id", at(11)).await?, None);
        assert_eq!(tx.find_create_request(r, &ann, "ID", at(0)).await?, None);
        assert_eq!(tx.find_create_request(r, &user("ben"), "id", at(0)).await?, None);
        tx.put_create_request(r, &ann, "id", at(20), "second").await?;
        assert_eq!(
            tx.find_create_request(r, &ann, "id", at(0)).await?.as_deref(),
            Some("second")
        );
        for id in ["a", "b", "c"] {
            tx.put_create_request(r, &ann, id, at(15), "x").await?;
        }
        assert_eq!(tx.prune_create_requests(at(20), 2).await?, 2);
        assert_eq!(tx.prune_create_requests(at(20), 2).await?, 1);
        assert_eq!(tx.prune_create_requests(at(20), 2).await?, 0);
        assert!(tx.find_create_request(r, &ann, "id", at(0)).await?.is_some());
    });
}

pub(crate) async fn a_sent_message_is_known_by_its_request_until_it_is_too_old(storage: &Storage) {
    let place = place(storage).await;
    write!(storage, |tx| {
        let (r, key) = (&place.resource_id, place.key);
        let row = |hash: u8, created_on| MessageRequestRow {
            request_hash: [hash; 16],
            fingerprint: [9; 16],
            message_id: at(4),
            created_on: at(created_on),
        };
        tx.put_message_request(r, key, &row(1, 10)).await?;
        assert_eq!(
            tx.find_message_request(r, key, &[1; 16], at(10)).await?,
            Some(row(1, 10))
        );
        assert_eq!(tx.find_message_request(r, key, &[1; 16], at(11)).await?, None);
        assert_eq!(tx.find_message_request(r, key, &[2; 16], at(0)).await?, None);
        tx.put_message_request(r, key, &row(1, 20)).await?;
        assert_eq!(
            tx.find_message_request(r, key, &[1; 16], at(0)).await?,
            Some(row(1, 20))
        );
        tx.put_message_request(r, key, &row(2, 15)).await?;
        assert_eq!(tx.prune_message_requests(at(20), 9).await?, 1);
        assert_eq!(tx.find_message_request(r, key, &[2; 16], at(0)).await?, None);
        assert!(tx.find_message_request(r, key, &[1; 16], at(0)).await?.is_some());
    });
}
