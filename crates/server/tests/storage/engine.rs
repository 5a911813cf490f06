//! Transactions: grouping, undoing, effects, snapshots, closing.

use std::sync::{Arc, Mutex};

use futures::future::join_all;
use openline_protocol::{RawId, ResourceId};
use openline_server::storage::{Storage, StorageError};

use crate::{NOW, add_identity, add_resource, exists};

/// The error of operations that refuse on their own account.
#[derive(Debug, PartialEq)]
enum Refusal {
    Refused,
    Storage,
}

impl From<StorageError> for Refusal {
    fn from(_error: StorageError) -> Self {
        Self::Storage
    }
}

/// Adds an identity, and then refuses if told so.
async fn write_numbered(
    storage: &Storage,
    resource_id: &ResourceId,
    number: usize,
    refuse: bool,
) -> Result<usize, Refusal> {
    let (resource_id, raw_id) = (resource_id.clone(), numbered(resource_id, number));
    storage
        .write(move |tx| {
            Box::pin(async move {
                tx.insert_identity(&resource_id, &raw_id, NOW).await?;
                if refuse { Err(Refusal::Refused) } else { Ok(number) }
            })
        })
        .await
}

fn numbered(resource_id: &ResourceId, number: usize) -> RawId {
    RawId::communication_user(resource_id, &format!("{number:04}"))
}

pub(crate) async fn a_failed_write_leaves_nothing_while_its_neighbours_stay(storage: &Storage) {
    let resource_id = add_resource(storage, "r").await;
    let writes = (0..300).map(|number| write_numbered(storage, &resource_id, number, number % 3 == 0));
    for (number, result) in join_all(writes).await.into_iter().enumerate() {
        let refused = number % 3 == 0;
        assert_eq!(
            result,
            if refused {
                Err(Refusal::Refused)
            } else {
                Ok(number)
            }
        );
        assert_eq!(
            exists(storage, &resource_id, &numbered(&resource_id, number)).await,
            !refused
        );
    }
}

pub(crate) async fn effects_run_in_commit_order_before_the_answer_and_only_for_what_was_kept(
    storage: &Storage,
) {
    let (ran, seen) = <(Arc<Mutex<Vec<usize>>>, Arc<Mutex<Vec<usize>>>)>::default();
    let writes = (0..200).map(|number| {
        let (ran, record, seen) = (Arc::clone(&ran), Arc::clone(&seen), Arc::clone(&seen));
        async move {
            let result = storage
                .write(move |tx| {
                    Box::pin(async move {
                        tx.after_commit(Box::new(move || record.lock().unwrap().push(number)));
                        if number % 5 == 0 {
                            return Err(Refusal::Refused);
                        }
                        ran.lock().unwrap().push(number);
                        Ok(())
                    })
                })
                .await;
            assert_eq!(seen.lock().unwrap().contains(&number), result.is_ok(), "{number}");
        }
    });
    join_all(writes).await;
    assert_eq!(seen.lock().unwrap().len(), 160);
    assert_eq!(*seen.lock().unwrap(), *ran.lock().unwrap());
}

pub(crate) async fn a_panicking_operation_is_undone_and_the_next_one_runs(storage: &Storage) {
    let resource_id = add_resource(storage, "r").await;
    let raw_id = numbered(&resource_id, 1);
    let (row_resource, row_id) = (resource_id.clone(), raw_id.clone());
    let panicked: Result<(), StorageError> = storage
        .write(move |tx| {
            Box::pin(async move {
                tx.insert_identity(&row_resource, &row_id, NOW).await?;
                panic!("on purpose");
            })
        })
        .await;
    assert!(matches!(panicked, Err(StorageError::Panicked)));
    assert!(!exists(storage, &resource_id, &raw_id).await);
    add_identity(storage, &resource_id, "next").await.unwrap();
}

pub(crate) async fn a_panicking_effect_does_not_stop_the_others(storage: &Storage) {
    let seen = Arc::<Mutex<Vec<&str>>>::default();
    let recorded = Arc::clone(&seen);
    storage
        .write(move |tx| {
            Box::pin(async move {
                tx.after_commit(Box::new(|| panic!("on purpose")));
                tx.after_commit(Box::new(move || recorded.lock().unwrap().push("second")));
                Ok::<_, StorageError>(())
            })
        })
        .await
        .unwrap();
    assert_eq!(*seen.lock().unwrap(), ["second"]);
}

pub(crate) async fn a_read_cannot_write(storage: &Storage) {
    let resource_id = add_resource(storage, "r").await;
    let raw_id = numbered(&resource_id, 1);
    let (row_resource, row_id) = (resource_id.clone(), raw_id.clone());
    let written = storage
        .read(move |tx| Box::pin(async move { tx.insert_identity(&row_resource, &row_id, NOW).await }))
        .await;
    assert!(written.is_err());
    assert!(!exists(storage, &resource_id, &raw_id).await);
}

pub(crate) async fn a_read_sees_one_state_throughout(storage: &Storage) {
    let resource_id = add_resource(storage, "r").await;
    let raw_id = numbered(&resource_id, 1);
    let (begun, has_begun) = tokio::sync::oneshot::channel();
    let (go_on, may_go_on) = tokio::sync::oneshot::channel::<()>();
    let (read_resource, read_id) = (resource_id.clone(), raw_id.clone());
    let read = storage.read(move |tx| {
        Box::pin(async move {
            let before = tx.find_identity(&read_resource, &read_id).await?;
            begun.send(()).unwrap();
            may_go_on.await.unwrap();
            let after = tx.find_identity(&read_resource, &read_id).await?;
            Ok::<_, StorageError>((before, after))
        })
    });
    let write = async {
        has_begun.await.unwrap();
        add_identity(storage, &resource_id, "0001").await.unwrap();
        go_on.send(()).unwrap();
    };
    let (read, ()) = tokio::join!(read, write);
    assert_eq!(read.unwrap(), (None, None));
    assert!(exists(storage, &resource_id, &raw_id).await);
}

pub(crate) async fn closing_finishes_what_is_queued_and_refuses_the_rest(storage: &Storage) {
    let resource_id = add_resource(storage, "r").await;
    let mut queued: Vec<_> = (0..50)
        .map(|number| {
            let (storage, resource_id) = (storage.clone(), resource_id.clone());
            Box::pin(async move { add_identity(&storage, &resource_id, &number.to_string()).await })
        })
        .collect();
    // Polled once, each is in the queue.
    for write in &mut queued {
        assert!(futures::poll!(write).is_pending());
    }
    let (written, ()) = tokio::join!(join_all(queued), storage.close());
    assert!(written.into_iter().all(|result| result.is_ok()));
    let late = add_identity(storage, &resource_id, "late").await;
    assert!(matches!(late, Err(StorageError::Closed)));
}

pub(crate) async fn a_caller_that_gives_up_does_no_harm(storage: &Storage) {
    let resource_id = add_resource(storage, "r").await;
    for number in 0..20 {
        let mut given_up = Box::pin(add_identity(storage, &resource_id, "given up"));
        drop(futures::poll!(&mut given_up));
        drop(given_up);
        add_identity(storage, &resource_id, &number.to_string())
            .await
            .unwrap();
    }
}

pub(crate) async fn a_database_that_is_open_answers(storage: &Storage) {
    storage.check().await.unwrap();
    storage.close().await;
    assert!(storage.check().await.is_err());
}
