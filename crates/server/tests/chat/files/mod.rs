//! Files of messages, through the real router, on a real directory.

mod access;
mod download;
mod erasure;
mod images;
mod limits;
mod messages;
mod upload;

use std::{io::Cursor, path::PathBuf};

use axum::{
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode},
};
use http_body_util::BodyExt as _;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::api::{Answer, Api, Person, VERSION, string};

/// An answer that may be anything.
pub(super) struct Bytes {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Bytes {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

pub(super) fn request(person: &Person, method: Method, path: &str) -> axum::http::request::Builder {
    let separator = if path.contains('?') { '&' } else { '?' };
    Request::builder()
        .method(method)
        .uri(format!("{path}{separator}api-version={VERSION}"))
        .header("host", "localhost:8443")
        .header("authorization", format!("Bearer {}", person.token))
}

impl Api {
    /// Uploads a file as `name`.
    pub(super) async fn upload(&self, person: &Person, thread: &str, name: &str, bytes: Vec<u8>) -> Answer {
        let path = format!("{thread}/attachments?name={name}");
        let request = request(person, Method::POST, &path)
            .header("content-length", bytes.len())
            .header("content-type", "text/plain");
        self.send(request.body(Body::from(bytes)).unwrap()).await
    }

    /// Uploads a file; returns its id.
    pub(super) async fn uploaded(&self, person: &Person, thread: &str, bytes: Vec<u8>) -> String {
        let answer = self.upload(person, thread, "notes.txt", bytes).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        string(&answer.body["id"]).to_owned()
    }

    /// Sends a message with these files.
    pub(super) async fn send_files(&self, person: &Person, thread: &str, ids: &[&str]) -> Answer {
        let attachments: Vec<Value> = ids.iter().map(|id| json!({"id": id})).collect();
        let body = json!({"content": "see", "attachments": attachments});
        self.post(person, &format!("{thread}/messages"), body).await
    }

    pub(super) async fn fetch(&self, request: Request<Body>) -> Bytes {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        Bytes {
            status: parts.status,
            headers: parts.headers,
            body: body.collect().await.unwrap().to_bytes().to_vec(),
        }
    }

    pub(super) async fn download(&self, person: &Person, path: &str) -> Bytes {
        self.fetch(request(person, Method::GET, path).body(Body::empty()).unwrap())
            .await
    }

    /// The status of a download.
    pub(super) async fn may_download(&self, person: &Person, thread: &str, id: &str) -> u16 {
        let path = format!("{thread}/attachments/{id}");
        self.download(person, &path).await.status.as_u16()
    }

    /// The files on disk: stored ones, and ones that are being received.
    pub(super) fn stored(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut open = vec![
            self.directory.path().join("attachments"),
            self.directory.path().join("uploads"),
        ];
        while let Some(directory) = open.pop() {
            for entry in std::fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    found.push(path);
                }
            }
        }
        found
    }

    pub(super) async fn clean_up(&self) {
        self.state.attachments.clean_up().await.unwrap();
    }
}

/// A picture whose upper half is red and whose lower half is blue.
pub(super) fn picture(width: u32, height: u32) -> DynamicImage {
    RgbImage::from_fn(width, height, |_, y| {
        if y < height / 2 {
            Rgb([255, 0, 0])
        } else {
            Rgb([0, 0, 255])
        }
    })
    .into()
}

pub(super) fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A PNG of 4 by 2 pixels.
pub(super) fn small_png() -> Vec<u8> {
    encoded(&picture(4, 2), ImageFormat::Png)
}
