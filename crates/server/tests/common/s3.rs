//! A store that speaks S3's protocol and verifies each signature: the files are in a directory. It can be made to fail
//! as stores do.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use hyper::{Method, StatusCode, body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use openline_server::config::S3Config;
use s3s::{
    access::{S3Access, S3AccessContext},
    auth::SimpleAuth,
    service::{S3Service, S3ServiceBuilder},
};
use s3s_fs::FileSystem;
use tokio::net::{TcpListener, TcpStream};

const BUCKET: &str = "openline-files";
pub(crate) const KEY_ID: &str = "AKIDOFTHETESTS";
pub(crate) const SECRET: &str = "the-secret-of-the-tests";

/// How many more requests are served before the store goes down; this many: it does not.
const UP: usize = usize::MAX;

/// What the rights that docs/api.md asks for allow: `s3:PutObject`, `s3:GetObject`, `s3:DeleteObject`,
/// `s3:AbortMultipartUpload`.
const ALLOWED: [&str; 7] = [
    "PutObject",
    "CreateMultipartUpload",
    "UploadPart",
    "CompleteMultipartUpload",
    "GetObject",
    "DeleteObject",
    "AbortMultipartUpload",
];

struct Rights;

#[async_trait::async_trait]
impl S3Access for Rights {
    async fn check(&self, cx: &mut S3AccessContext<'_>) -> s3s::S3Result<()> {
        if cx.credentials().is_some() && ALLOWED.contains(&cx.s3_op().name()) {
            Ok(())
        } else {
            Err(s3s::s3_error!(AccessDenied))
        }
    }
}

/// A running store. It ends with the test.
pub(crate) struct S3Server {
    endpoint: String,
    directory: tempfile::TempDir,
    requests_left: Arc<AtomicUsize>,
    accepting: tokio::task::JoinHandle<()>,
}

impl S3Server {
    pub(crate) async fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        std::fs::create_dir(directory.path().join(BUCKET)).unwrap();
        let mut builder = S3ServiceBuilder::new(FileSystem::new(directory.path()).unwrap());
        builder.set_auth(SimpleAuth::from_single(KEY_ID, SECRET));
        builder.set_access(Rights);
        let service = builder.build();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let requests_left = Arc::new(AtomicUsize::new(UP));
        let left = Arc::clone(&requests_left);
        let accepting = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(serve(stream, service.clone(), Arc::clone(&left)));
            }
        });
        Self {
            endpoint,
            directory,
            requests_left,
            accepting,
        }
    }

    pub(crate) fn config(&self) -> S3Config {
        S3Config {
            endpoint: Some(self.endpoint.clone()),
            bucket: BUCKET.to_owned(),
            prefix: "chat/files".to_owned(),
            access_key_id: Some(KEY_ID.to_owned()),
            secret_access_key: Some(serde_json::from_value(SECRET.into()).unwrap()),
            ..S3Config::default()
        }
    }

    /// Where the objects are that the configuration leads to.
    pub(crate) fn objects(&self) -> PathBuf {
        self.directory.path().join(BUCKET).join("chat").join("files")
    }

    /// What is kept of uploads that were begun and not ended.
    pub(crate) fn unfinished(&self) -> Vec<PathBuf> {
        std::fs::read_dir(self.directory.path())
            .unwrap()
            .map(|entry| entry.unwrap())
            .filter(|entry| entry.file_name().to_string_lossy().starts_with(".upload"))
            .map(|entry| entry.path())
            .collect()
    }

    /// From now on connections break without an answer.
    pub(crate) fn go_down(&self) {
        self.go_down_after(0);
    }

    /// As [`Self::go_down`], once so many more requests were answered.
    pub(crate) fn go_down_after(&self, requests: usize) {
        self.requests_left.store(requests, Ordering::SeqCst);
    }

    pub(crate) fn come_back(&self) {
        self.requests_left.store(UP, Ordering::SeqCst);
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn serve(stream: TcpStream, service: S3Service, requests_left: Arc<AtomicUsize>) {
    let answer = service_fn(move |request: hyper::Request<Incoming>| {
        let (service, up) = (service.clone(), take_one(&requests_left));
        async move {
            if !up {
                return Err("the store is down".to_owned());
            }
            let aborts = request.method() == Method::DELETE
                && request
                    .uri()
                    .query()
                    .is_some_and(|query| query.contains("uploadId="));
            let mut answer = service
                .call(request.map(s3s::Body::from))
                .await
                .map_err(|error| format!("{error:?}"))?;
            // As S3 answers for an upload that is over.
            if aborts && answer.status() == StatusCode::FORBIDDEN {
                *answer.status_mut() = StatusCode::NOT_FOUND;
            }
            Ok(answer)
        }
    });
    let served = auto::Builder::new(TokioExecutor::new())
        .serve_connection(TokioIo::new(stream), answer)
        .await;
    // Connections break here on purpose.
    drop::<Result<(), Box<dyn std::error::Error + Send + Sync>>>(served);
}

fn take_one(requests_left: &AtomicUsize) -> bool {
    requests_left
        .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| match left {
            UP => Some(UP),
            left => left.checked_sub(1),
        })
        .is_ok()
}
