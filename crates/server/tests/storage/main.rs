//! What every database must do. Each case gets a fresh one; a further database is one more `conformance!`.

#![allow(clippy::unwrap_used, reason = "a test fails where it unwraps")]

mod areas;
mod chat;
mod engine;
mod trouter;

use openline_protocol::{RawId, ResourceId, Timestamp};
use openline_server::storage::{ResourceRow, Storage, StorageError, Transaction, sqlite};

use chat::{
    attachments as chat_attachments, clock as chat_clock, log as chat_log, messages as chat_messages,
    participants as chat_participants, receipts as chat_receipts, requests as chat_requests,
    retention as chat_retention, search as chat_search, threads as chat_threads,
};

/// When everything in these tests happens.
const NOW: Timestamp = Timestamp::from_millis(1_795_248_000_123);

macro_rules! conformance {
    ($backend:ident, $open:expr, [$($area:ident: [$($case:ident),+ $(,)?]),+ $(,)?]) => {
        mod $backend {
            $($(
                #[tokio::test]
                async fn $case() {
                    let (storage, _directory) = $open.await;
                    super::$area::$case(&storage).await;
                    storage.close().await;
                }
            )+)+
        }
    };
}

conformance!(sqlite_file, super::open_sqlite(), [
    engine: [
        a_failed_write_leaves_nothing_while_its_neighbours_stay,
        effects_run_in_commit_order_before_the_answer_and_only_for_what_was_kept,
        a_panicking_operation_is_undone_and_the_next_one_runs,
        a_panicking_effect_does_not_stop_the_others,
        a_read_cannot_write,
        a_read_sees_one_state_throughout,
        closing_finishes_what_is_queued_and_refuses_the_rest,
        a_caller_that_gives_up_does_no_harm,
        a_database_that_is_open_answers,
    ],
    areas: [
        resources_and_their_keys_are_listed_as_they_were_added,
        a_name_an_id_and_a_key_slot_are_given_once,
        an_identity_is_found_as_it_was_added_and_only_in_its_resource,
        revoking_begins_the_next_generation,
        deleting_marks_the_identity_once,
        a_demo_name_belongs_to_one_person_until_the_identity_is_deleted,
    ],
    trouter: [
        an_instance_is_known_by_what_was_last_kept_of_it,
        an_identity_keeps_the_instances_that_were_last_saved,
        instances_that_did_not_come_back_are_forgotten_some_at_a_time,
        a_secret_is_drawn_once,
    ],
    chat_threads: [
        a_thread_is_found_as_it_was_stored_and_only_in_its_resource,
        a_change_and_a_step_of_the_clock_leave_each_other_alone,
        threads_are_listed_by_their_activity_page_by_page,
        a_deleted_thread_is_listed_for_a_while_and_a_left_one_as_it_was,
    ],
    chat_participants: [
        a_participant_is_who_was_last_put_until_it_is_removed,
        participants_are_listed_as_they_came_and_told_what_they_share,
        a_stay_that_is_over_is_forgotten_with_the_events_of_it_but_for_the_latest,
        a_deleted_identity_has_no_stay_that_is_over,
    ],
    chat_messages: [
        a_message_is_found_as_it_was_last_stored,
        messages_are_listed_the_newest_first_between_two_times,
    ],
    chat_receipts: [a_participant_has_one_receipt_of_a_kind_and_they_are_listed_by_time],
    chat_log: [
        positions_rise_and_are_not_given_again,
        everybody_is_told_what_happened_while_they_were_there,
        a_window_of_the_log_has_its_ends_and_its_limit,
        what_the_log_says_of_a_message_can_be_said_anew,
    ],
    chat_attachments: [
        a_file_is_found_as_it_was_added_and_in_its_thread_alone,
        what_the_files_of_a_user_take_is_counted,
        a_file_that_goes_leaves_its_object_to_be_erased_however_it_goes,
        an_object_that_is_to_be_erased_is_listed_when_it_is_due_until_it_is_forgotten,
        uploads_that_no_message_took_up_go_by_age_some_at_a_time,
    ],
    chat_requests: [
        the_answer_to_a_creation_is_kept_for_its_user_and_id_until_it_is_too_old,
        a_sent_message_is_known_by_its_request_until_it_is_too_old,
    ],
    chat_retention: [
        a_thread_expires_its_days_after_its_creation_the_longest_overdue_first,
        a_deleted_thread_is_erased_in_two_steps_some_rows_at_a_time,
    ],
    chat_search: [
        messages_are_found_by_their_words_in_the_threads_somebody_is_in,
        a_search_is_narrowed_and_goes_on_page_by_page,
        a_message_is_found_by_what_it_says_now,
        what_is_found_in_many_threads_comes_page_by_page_newest_first,
    ],
    chat_clock: [ids_and_versions_rise_within_a_thread_when_the_clock_steps_back],
]);

#[tokio::test]
async fn what_was_written_is_there_after_opening_again() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("test.db");
    let first = sqlite::open(&path).await.unwrap();
    let resource_id = add_resource(&first, "kept").await;
    first.close().await;

    let second = sqlite::open(&path).await.unwrap();
    let names = second
        .read(|tx: &mut dyn Transaction| tx.list_resources())
        .await
        .unwrap();
    assert_eq!(names.len(), 1);
    assert_eq!(names[0].resource_id, resource_id);
    assert_eq!(names[0].created_on, NOW);
    second.close().await;
}

/// As after an update from a server that had no search.
#[tokio::test]
async fn messages_from_before_there_was_search_are_found_once_they_are_indexed() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("test.db");
    let storage = sqlite::open(&path).await.unwrap();
    let resource_id = chat_search::sent_before(&storage, 25).await;
    storage.close().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path);
    let mut connection = sqlx::ConnectOptions::connect(&options).await.unwrap();
    for statement in [
        "DELETE FROM chat_message_words",
        "UPDATE chat_messages_unindexed SET through_key = (SELECT max(message_key) FROM chat_messages)",
    ] {
        sqlx::query(statement).execute(&mut connection).await.unwrap();
    }
    sqlx::Connection::close(connection).await.unwrap();

    let storage = sqlite::open(&path).await.unwrap();
    chat_search::is_indexed_in_batches(&storage, resource_id).await;
    storage.close().await;
}

#[tokio::test]
async fn a_file_that_is_no_database_is_a_clear_error() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("test.db");
    std::fs::write(
        &path,
        "This is certainly no database, and long enough to be read as one. ".repeat(20),
    )
    .unwrap();
    let error = sqlite::open(&path).await.unwrap_err().to_string();
    assert!(error.contains("test.db"), "{error}");
}

async fn open_sqlite() -> (Storage, tempfile::TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let storage = sqlite::open(&directory.path().join("test.db")).await.unwrap();
    (storage, directory)
}

async fn add_resource(storage: &Storage, name: &str) -> ResourceId {
    let resource_id = ResourceId::new(format!("id-of-{name}"));
    let row = ResourceRow {
        resource_id: resource_id.clone(),
        name: name.to_owned(),
        created_on: NOW,
    };
    storage
        .write(move |tx| Box::pin(async move { tx.insert_resource(&row).await }))
        .await
        .unwrap();
    resource_id
}

async fn add_identity(
    storage: &Storage,
    resource_id: &ResourceId,
    user: &str,
) -> Result<RawId, StorageError> {
    let raw_id = RawId::communication_user(resource_id, user);
    let (resource_id, row_id) = (resource_id.clone(), raw_id.clone());
    storage
        .write(move |tx| Box::pin(async move { tx.insert_identity(&resource_id, &row_id, NOW).await }))
        .await?;
    Ok(raw_id)
}

async fn exists(storage: &Storage, resource_id: &ResourceId, raw_id: &RawId) -> bool {
    let (resource_id, raw_id) = (resource_id.clone(), raw_id.clone());
    storage
        .read(move |tx| Box::pin(async move { tx.find_identity(&resource_id, &raw_id).await }))
        .await
        .unwrap()
        .is_some()
}
