//! What somebody takes back, by an edit or a deletion, is nowhere in the database any more: not in the log of events, not
//! in the index of words, and soon not in the bytes of its files.

use std::time::Duration;

use openline_server::domain::chat::run_scrubbing;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection as _, Row as _, SqliteConnection};

use crate::api::{Api, Person, string};

/// Words that are nowhere else, one for each place that keeps what a message says.
const SAID: [&str; 3] = ["quokkaparade", "wombatledger", "numbatsecret"];

struct World {
    api: Api,
    ann: Person,
    thread: String,
    message: String,
}

/// A message with text, metadata and a file that say the words.
async fn said() -> World {
    let api = Api::new().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    let file = api.upload(&ann, &thread, SAID[2], b"x".to_vec()).await.body;
    let body = json!({
        "content": format!("the {} is on", SAID[0]),
        "metadata": {"note": SAID[1]},
        "attachments": [{"id": file["id"]}],
    });
    let sent = api
        .post_as(&ann, "request-1", &format!("{thread}/messages"), &body)
        .await;
    assert_eq!(sent.status, 201, "{}", sent.body);
    let message = format!("{thread}/messages/{}", string(&sent.body["id"]));
    let world = World {
        api,
        ann,
        thread,
        message,
    };
    for word in SAID {
        let places = world.tables_with(word).await;
        assert!(places.contains(&"chat_events".to_owned()), "{word}: {places:?}");
    }
    assert!(
        world
            .tables_with(SAID[0])
            .await
            .iter()
            .any(|table| table.contains("words"))
    );
    world
}

impl World {
    async fn edit(&self, patch: Value) {
        self.api
            .patch(&self.ann, &self.message, patch)
            .await
            .is_empty(204);
    }

    /// The tables, those of the index of words among them, in whose rows `word` is.
    async fn tables_with(&self, word: &str) -> Vec<String> {
        let path = self.api.directory.path().join("test.db");
        let mut database = SqliteConnection::connect(&format!("sqlite:{}", path.display()))
            .await
            .unwrap();
        let tables = sqlx::query("SELECT name FROM sqlite_master WHERE type = 'table'")
            .fetch_all(&mut database)
            .await
            .unwrap();
        let mut found = Vec::new();
        for table in tables {
            let name: String = table.get(0);
            let rows = sqlx::query(AssertSqlSafe(format!("SELECT * FROM {name}")))
                .fetch_all(&mut database)
                .await
                .unwrap();
            let has = |row: &sqlx::sqlite::SqliteRow| {
                (0..row.len()).any(|column| {
                    let bytes: Option<Vec<u8>> = row.try_get_unchecked(column).unwrap();
                    contains(&bytes.unwrap_or_default(), word)
                })
            };
            if rows.iter().any(has) {
                found.push(name);
            }
        }
        database.close().await.unwrap();
        found
    }

    /// The files of the database in whose bytes `word` is.
    fn files_with(&self, word: &str) -> Vec<String> {
        ["test.db", "test.db-wal"]
            .into_iter()
            .filter(|name| {
                let bytes = std::fs::read(self.api.directory.path().join(name)).unwrap_or_default();
                contains(&bytes, word)
            })
            .map(str::to_owned)
            .collect()
    }

    async fn let_time_pass_until(&self, done: impl Fn() -> bool) {
        while !done() {
            self.api.clock.advance(Duration::from_secs(5));
            tokio::task::yield_now().await;
        }
    }

    fn log_is_empty(&self) -> bool {
        std::fs::metadata(self.api.directory.path().join("test.db-wal")).is_ok_and(|log| log.len() == 0)
    }

    /// A reader of the database as it is now, for as long as it is kept.
    async fn reader(&self) -> SqliteConnection {
        let path = self.api.directory.path().join("test.db");
        let mut reader = SqliteConnection::connect(&format!("sqlite:{}", path.display()))
            .await
            .unwrap();
        sqlx::query("BEGIN").execute(&mut reader).await.unwrap();
        sqlx::query("SELECT * FROM chat_events")
            .fetch_all(&mut reader)
            .await
            .unwrap();
        reader
    }

    async fn has_forgotten(&self, words: &[&str]) {
        for word in words {
            assert_eq!(self.tables_with(word).await, [""; 0], "{word}");
        }
        assert!(
            !self.files_with(words[0]).is_empty(),
            "the log of the database still has it"
        );
        self.api.keep_house().await;
        for word in words {
            assert_eq!(self.files_with(word), [""; 0], "{word}");
        }
    }
}

fn contains(bytes: &[u8], word: &str) -> bool {
    bytes
        .windows(word.len())
        .any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
}

#[tokio::test]
async fn what_a_message_said_before_it_was_edited_is_gone() {
    let world = said().await;
    let edited = json!({"content": "nothing", "metadata": {"note": "none"}, "attachments": null});
    world.edit(edited).await;
    world.has_forgotten(&SAID).await;
    world.edit(json!({"content": "echidnachoir"})).await;
    world.edit(json!({"content": "at last"})).await;
    world.has_forgotten(&["echidnachoir"]).await;
    let found = world.api.get(&world.ann, &world.message).await.body;
    assert_eq!(found["content"], json!({"message": "at last"}));
}

#[tokio::test]
async fn what_a_deleted_message_said_is_gone_however_often_it_was_edited() {
    let world = said().await;
    world.edit(json!({"content": "echidnachoir"})).await;
    world.api.delete(&world.ann, &world.message).await.is_empty(204);
    world
        .has_forgotten(&[SAID[0], SAID[1], SAID[2], "echidnachoir"])
        .await;
}

#[tokio::test]
async fn the_name_of_a_file_that_is_deleted_by_itself_is_gone() {
    let world = said().await;
    let found = world.api.get(&world.ann, &world.message).await.body;
    let id = string(&found["content"]["attachments"][0]["id"]);
    let path = format!("{}/attachments/{id}", world.thread);
    world.api.delete(&world.ann, &path).await.is_empty(204);
    world.has_forgotten(&SAID[2..]).await;
}

#[tokio::test]
async fn what_was_taken_back_leaves_the_files_soon_also_while_others_write() {
    let world = said().await;
    let scrubbing = tokio::spawn(run_scrubbing(world.api.state.chats.clone()));
    // The scrub of the start is over, and nothing was changed since.
    world.let_time_pass_until(|| world.log_is_empty()).await;
    world.edit(json!({"content": "echidnachoir"})).await;
    world.edit(json!({"content": "nothing"})).await;
    assert!(!world.files_with("echidnachoir").is_empty());
    let messages = format!("{}/messages", world.thread);
    let writing = async {
        loop {
            let sent = world
                .api
                .post(&world.ann, &messages, json!({"content": "another"}))
                .await;
            assert_eq!(sent.status, 201);
        }
    };
    tokio::select! {
        () = world.let_time_pass_until(|| world.files_with("echidnachoir").is_empty()) => {}
        () = writing => {}
    }
    scrubbing.abort();
}

#[tokio::test]
async fn what_somebody_still_reads_leaves_the_files_once_nobody_does() {
    let world = said().await;
    // In pages of its own, which the log has once: a scrub brings them to the file even where a reader stops it.
    let long = json!({"content": "bilbyalmanac ".repeat(1000)});
    let sent = world
        .api
        .post(&world.ann, &format!("{}/messages", world.thread), long)
        .await;
    assert_eq!(sent.status, 201);
    let reader = world.reader().await;
    world.api.delete(&world.ann, &world.message).await.is_empty(204);
    assert_eq!(world.files_with("bilbyalmanac"), ["test.db-wal"]);
    let scrubbing = tokio::spawn(run_scrubbing(world.api.state.chats.clone()));
    let tried = || world.files_with("bilbyalmanac").contains(&"test.db".to_owned());
    world.let_time_pass_until(tried).await;
    assert!(!world.files_with(SAID[0]).is_empty(), "somebody reads it");
    reader.close().await.unwrap();
    world
        .let_time_pass_until(|| SAID.iter().all(|word| world.files_with(word).is_empty()))
        .await;
    scrubbing.abort();
}
