//! Files of messages, through the real router, in a real directory and in a real S3 server.

mod access;
mod download;
mod erasure;
mod images;
mod limits;
mod messages;
mod store_down;
mod upload;

use std::{io::Cursor, path::PathBuf};

use axum::{
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode},
};
use http_body_util::BodyExt as _;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use openline_server::config::Config;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::{
    api::{Answer, Api, Person, VERSION, string},
    s3::S3Server,
};

/// Where the files are.
#[derive(Debug, Clone, Copy)]
pub(super) enum Store {
    Directory,
    S3,
}

impl Store {
    /// Without rate limits of chat.
    pub(super) async fn api(self) -> Api {
        self.api_with(Config::default()).await
    }

    pub(super) async fn api_with(self, mut config: Config) -> Api {
        config.chat.rate_limits.enabled = false;
        match self {
            Self::Directory => Api::with(config).await,
            Self::S3 => Api::with_files_in(config, Some(S3Server::start().await)).await,
        }
    }
}

/// What holds wherever the files are.
macro_rules! conformance {
    ($($area:ident: [$($case:ident),+ $(,)?]),+ $(,)?) => {
        conformance!(in_a_directory: Directory, $($($area::$case,)+)+);
        conformance!(in_s3: S3, $($($area::$case,)+)+);
    };
    ($name:ident: $store:ident, $($area:ident::$case:ident,)+) => {
        mod $name {
            $(
                #[tokio::test]
                async fn $case() {
                    super::$area::$case(super::Store::$store).await;
                }
            )+
        }
    };
}

conformance! {
    upload: [
        a_file_comes_back_byte_for_byte,
        a_name_is_no_path_and_the_place_on_disk_is_not_made_of_it,
        what_only_calls_itself_an_image_is_a_file_to_save,
        an_image_is_what_its_bytes_are_whatever_it_is_called,
        an_empty_file_is_refused,
    ],
    download: [
        a_range_is_answered_with_that_part,
        what_a_browser_has_is_not_sent_again_but_access_is_checked_again,
        head_tells_of_a_file_without_sending_it,
    ],
    erasure: [
        with_a_message_go_its_files,
        with_a_thread_go_all_its_files,
        with_a_thread_that_its_policy_ends_go_all_its_files,
        an_upload_that_no_message_takes_up_expires,
        an_upload_that_breaks_off_leaves_nothing,
        an_object_without_a_row_is_erased_when_its_note_is_due,
        what_somebody_sent_stays_with_its_thread_when_the_identity_is_deleted_and_the_rest_goes,
        files_of_a_resource_that_is_gone_go_with_it,
    ],
    limits: [
        a_file_over_the_limit_is_refused_whether_or_not_it_says_so,
        nobody_uploads_where_the_limit_is_nothing,
        only_the_kinds_that_are_allowed_are_stored,
        a_user_keeps_so_much_and_what_is_deleted_is_free_again,
        a_user_uploads_so_often,
        many_uploads_at_once_all_get_their_turn,
    ],
    images: [
        an_image_of_each_format_has_a_preview_that_fits,
        a_preview_stands_upright_and_tells_nothing_that_the_camera_wrote,
        what_shows_through_shows_through_in_the_preview,
        an_image_that_says_it_is_gigabytes_is_not_decoded,
        the_published_operations_on_images_work,
        an_image_of_a_phone_that_is_not_read_is_kept_as_it_is,
    ],
}

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
        let mut open = vec![self.objects_in.clone(), self.directory.path().join("uploads")];
        while let Some(directory) = open.pop() {
            // S3 has no directory until there is something in it.
            for entry in std::fs::read_dir(directory).into_iter().flatten() {
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
