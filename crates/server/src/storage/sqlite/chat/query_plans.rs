//! No query of chat reads a table from end to end: SQLite's own plans are looked at.

use sqlx::{AssertSqlSafe, Connection, Row, SqliteConnection};

use super::{
    attachment, attachment_erasure, log, message, participant, receipt, request, retention, search, thread,
};

const QUERIES: [(&str, &str); 44] = [
    ("thread find", thread::FIND),
    ("thread update", thread::UPDATE),
    ("thread advance", thread::ADVANCE),
    ("thread list", thread::LIST),
    ("thread request find", request::FIND_CREATE),
    ("thread request prune", request::PRUNE_CREATES),
    ("message request find", request::FIND_MESSAGE),
    ("message request prune", request::PRUNE_MESSAGES),
    ("participant find", participant::FIND),
    ("participant delete", participant::DELETE),
    ("participant count", participant::COUNT),
    ("participant list", participant::LIST),
    ("recipients", participant::RECIPIENTS),
    ("membership supersede", participant::SUPERSEDE),
    ("membership update", participant::UPDATE_MEMBERSHIP),
    ("membership close", participant::CLOSE),
    ("membership prune", participant::PRUNE_MEMBERSHIPS),
    ("message find", message::FIND),
    ("message update", message::UPDATE),
    ("message list", message::LIST),
    ("receipt find", receipt::FIND),
    ("receipt list", receipt::LIST),
    ("attachment find", attachment::FIND),
    ("attachment attach", attachment::ATTACH),
    ("attachment delete", attachment::DELETE),
    ("attachment usage", attachment::USAGE),
    ("attachment prune", attachment_erasure::PRUNE_UNATTACHED),
    ("erasure list", attachment_erasure::LIST),
    ("erasure delete", attachment::DELETE_ERASURE),
    ("event list", log::LIST),
    ("event list about", log::LIST_ABOUT),
    ("event rewrite", log::REWRITE),
    ("event mark", log::MARK),
    ("event prune", log::PRUNE),
    ("expired threads", retention::EXPIRED),
    ("deleted threads", retention::DELETED),
    ("erase messages", retention::ERASE_MESSAGES),
    ("erase message events", retention::ERASE_MESSAGE_EVENTS),
    ("erase receipts", retention::ERASE_RECEIPTS),
    ("finish erasing", retention::FINISH),
    ("erase events", retention::ERASE_EVENTS),
    ("erase thread", retention::ERASE_THREAD),
    ("messages not indexed", search::UNINDEXED),
    ("messages indexed", search::INDEXED),
];

async fn database() -> SqliteConnection {
    let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
    sqlx::migrate!("migrations/sqlite")
        .run(&mut connection)
        .await
        .unwrap();
    connection
}

async fn plan(connection: &mut SqliteConnection, query: &str) -> Vec<String> {
    let explain = format!("EXPLAIN QUERY PLAN {query}");
    let rows = sqlx::query(AssertSqlSafe(explain))
        .fetch_all(connection)
        .await
        .unwrap();
    rows.iter().map(|row| row.get("detail")).collect()
}

#[tokio::test]
async fn every_query_goes_by_an_index() {
    let mut connection = database().await;
    for (name, query) in QUERIES {
        let plan = plan(&mut connection, query).await;
        assert!(!plan.is_empty(), "{name}");
        let scans: Vec<_> = plan.iter().filter(|step| step.starts_with("SCAN ")).collect();
        assert!(scans.is_empty(), "{name}: {plan:#?}");
    }
}

#[tokio::test]
async fn messages_are_listed_and_events_read_without_sorting_a_thread() {
    let mut connection = database().await;
    let messages = plan(&mut connection, message::LIST).await;
    assert_eq!(messages.len(), 1, "{messages:#?}");
    assert!(messages[0].contains("chat_messages_by_id"), "{messages:#?}");
    let events = plan(&mut connection, log::LIST).await;
    assert!(
        events
            .iter()
            .any(|step| step.contains("position>? AND position<?")),
        "{events:#?}"
    );
}

/// The search for the oldest events reads the first rows of the table, and no more than the limit.
#[tokio::test]
async fn the_oldest_events_are_found_in_the_order_of_the_table() {
    let mut connection = database().await;
    let plan = plan(&mut connection, log::OLDEST).await;
    assert!(plan.iter().any(|step| step == "SCAN chat_events"), "{plan:#?}");
    assert!(!plan.iter().any(|step| step.contains("TEMP B-TREE")), "{plan:#?}");
}

/// One row of the short list of deleted threads leads to that thread's files.
#[tokio::test]
async fn files_of_deleted_threads_are_found_by_thread() {
    let mut connection = database().await;
    let plan = plan(&mut connection, attachment_erasure::PRUNE_ORPHANED).await;
    let scans: Vec<_> = plan.iter().filter(|step| step.starts_with("SCAN ")).collect();
    assert_eq!(scans.len(), 2, "{plan:#?}");
    assert!(
        scans
            .iter()
            .all(|step| step.contains("orphaned_threads") || step.contains("SCAN o")),
        "{plan:#?}"
    );
}

#[tokio::test]
async fn what_ends_is_found_without_sorting() {
    let mut connection = database().await;
    for (query, index) in [
        (retention::EXPIRED, "chat_threads_by_expiry"),
        (retention::DELETED, "chat_threads_deleted"),
        (retention::ERASE_MESSAGE_EVENTS, "chat_events_by_message"),
        (log::LIST_ABOUT, "chat_events_by_message"),
        (participant::PRUNE_MEMBERSHIPS, "chat_memberships_past"),
    ] {
        let plan = plan(&mut connection, query).await;
        assert!(plan.iter().any(|step| step.contains(index)), "{plan:#?}");
        assert!(!plan.iter().any(|step| step.contains("TEMP B-TREE")), "{plan:#?}");
    }
}

/// FTS5 is asked for the words and for a stretch of rows, and reads them in the order they are answered in. The words
/// have the thread in them, so what other threads say is not read.
#[tokio::test]
async fn what_is_searched_for_is_read_from_the_index_of_words_without_sorting() {
    let mut connection = database().await;
    let plan = plan(&mut connection, search::FIND).await;
    assert!(
        plan[0].starts_with("SCAN chat_message_words VIRTUAL TABLE INDEX 192:M1><"),
        "{plan:#?}"
    );
    let others: Vec<_> = plan
        .iter()
        .skip(1)
        .filter(|step| step.starts_with("SCAN "))
        .collect();
    assert!(others.is_empty(), "{plan:#?}");
    assert!(!plan.iter().any(|step| step.contains("TEMP B-TREE")), "{plan:#?}");
}

/// For each of the caller's threads one question to the index of words, which is read from the newest on.
#[tokio::test]
async fn the_threads_that_are_searched_are_found_by_the_index_of_words() {
    let mut connection = database().await;
    let plan = plan(&mut connection, search::THREADS).await;
    let scans: Vec<_> = plan.iter().filter(|step| step.starts_with("SCAN ")).collect();
    assert_eq!(
        scans,
        ["SCAN chat_message_words VIRTUAL TABLE INDEX 192:M1<"],
        "{plan:#?}"
    );
    for index in [
        "SEARCH m USING",
        "SEARCH t USING INTEGER PRIMARY KEY",
        "SEARCH n USING INTEGER PRIMARY KEY",
    ] {
        assert!(plan.iter().any(|step| step.starts_with(index)), "{plan:#?}");
    }
    assert!(
        plan.iter().any(
            |step| step.starts_with("SEARCH chat_messages USING") && step.contains("chat_messages_by_id")
        ),
        "{plan:#?}"
    );
}
