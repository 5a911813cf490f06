//! The server's disk: what is on it after a kill is what the next server finds.

use std::{
    fs,
    path::{Path, PathBuf},
};

use openline_protocol::{RawId, ResourceId, Scope, Timestamp};
use openline_server::{
    domain::chat::Caller,
    storage::{ResourceRow, Storage, sqlite},
};
use tempfile::TempDir;

use crate::clock::START;

const PEOPLE: [&str; 4] = ["observer", "ann", "bob", "cem"];

/// An empty database with the people in it: each run starts from a copy.
pub(crate) struct Template {
    directory: TempDir,
}

impl Template {
    pub(crate) async fn new() -> Self {
        let directory = directory();
        let storage = sqlite::open(&directory.path().join("chat.db")).await.unwrap();
        let row = ResourceRow {
            resource_id: resource_id(),
            name: "test".to_owned(),
            created_on: Timestamp::from_millis(START),
        };
        storage
            .write(move |tx| {
                Box::pin(async move {
                    tx.insert_resource(&row).await?;
                    for Caller { raw_id, .. } in people() {
                        tx.insert_identity(&row.resource_id, &raw_id, row.created_on)
                            .await?;
                    }
                    Ok::<_, openline_server::storage::StorageError>(())
                })
            })
            .await
            .unwrap();
        storage.close().await;
        Self { directory }
    }
}

/// The observer first.
pub(crate) fn people() -> Vec<Caller> {
    let person = |name| Caller {
        resource_id: resource_id(),
        raw_id: RawId::communication_user(&resource_id(), name),
        scopes: [Scope::Chat].into_iter().collect(),
    };
    PEOPLE.into_iter().map(person).collect()
}

pub(crate) fn resource_id() -> ResourceId {
    ResourceId::new("11111111-2222-3333-4444-555555555555")
}

/// In memory where the system has such a place: a run says nothing about the disk's own promises, and 10,000 runs
/// flush it a million times.
fn directory() -> TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() {
        tempfile::tempdir_in(memory)
    } else {
        tempfile::tempdir()
    };
    made.unwrap()
}

pub(crate) struct Disk {
    directory: TempDir,
    life: u32,
}

impl Disk {
    pub(crate) fn new(template: &Template) -> Self {
        let disk = Self {
            directory: directory(),
            life: 0,
        };
        fs::copy(template.directory.path().join("chat.db"), disk.file("")).unwrap();
        disk
    }

    /// The file that a server opens.
    pub(crate) fn path(&self) -> PathBuf {
        self.file("")
    }

    pub(crate) async fn open(path: &Path) -> Storage {
        sqlite::open(path).await.unwrap()
    }

    /// The process that has the files open is killed: nothing it does from here on is seen again.
    pub(crate) fn kill(&mut self) {
        let before = [self.file(""), self.file("-wal")];
        self.life += 1;
        for (from, suffix) in before.iter().zip(["", "-wal"]) {
            if from.exists() {
                fs::copy(from, self.file(suffix)).unwrap();
            }
        }
    }

    fn file(&self, suffix: &str) -> PathBuf {
        self.directory.path().join(format!("{}.db{suffix}", self.life))
    }
}
