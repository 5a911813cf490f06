//! What an upload is taken for, and what it is called.

use axum::{body::Body, http::Method};
use serde_json::json;

use super::{Store, request, small_png};
use crate::api::string;

pub(super) async fn a_file_comes_back_byte_for_byte(store: Store) {
    let api = store.api().await;
    let (ann, bob) = (api.person().await, api.person().await);
    let thread = api.thread(&ann, &[&bob]).await;
    // Larger than what is in memory at once.
    let bytes: Vec<u8> = (0..6_000_000_u32)
        .flat_map(u32::to_le_bytes)
        .take(12_000_000)
        .collect();
    let answer = api
        .upload(&ann, &thread, "Bericht%20M%C3%A4rz.pdf", bytes.clone())
        .await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let id = string(&answer.body["id"]);
    let url = format!("https://localhost:8443{thread}/attachments/{id}?api-version=2025-03-15");
    let expected = json!({
        "id": id,
        "attachmentType": "file",
        "name": "Bericht März.pdf",
        "url": url,
        "contentType": "text/plain",
        "sizeBytes": 12_000_000,
    });
    assert_eq!(answer.body, expected);
    assert_eq!(answer.headers["location"], url);

    let sent = api.send_files(&ann, &thread, &[id]).await;
    assert_eq!(sent.status, 201, "{}", sent.body);
    let file = api.download(&bob, &format!("{thread}/attachments/{id}")).await;
    assert_eq!(file.status, 200);
    assert!(file.body == bytes);
    assert_eq!(file.header("content-type"), "text/plain");
    assert_eq!(file.header("content-length"), "12000000");
    assert_eq!(
        file.header("content-disposition"),
        "attachment; filename*=UTF-8''Bericht%20M%C3%A4rz.pdf"
    );
}

pub(super) async fn a_name_is_no_path_and_the_place_on_disk_is_not_made_of_it(store: Store) {
    let api = store.api().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    for (given, kept) in [
        ("../../../../tmp/x.txt", json!("x.txt")),
        ("..%2F..%2Fopenline.db", json!("openline.db")),
        ("C%3A%5Cwindows%5Cx.txt", json!("x.txt")),
        ("..", json!(null)),
        ("a%0D%0AX-Evil%3A%201.txt", json!("aX-Evil: 1.txt")),
    ] {
        let answer = api.upload(&ann, &thread, given, b"x".to_vec()).await;
        assert_eq!(answer.status, 201, "{given}: {}", answer.body);
        assert_eq!(answer.body["name"], kept, "{given}");
        let id = string(&answer.body["id"]);
        let file = api.download(&ann, &format!("{thread}/attachments/{id}")).await;
        assert!(file.headers.get("x-evil").is_none());
    }
    let root = &api.objects_in;
    for file in api.stored() {
        let place = file.strip_prefix(root).unwrap();
        assert_eq!(place.components().count(), 3, "{place:?}");
        let name = place.file_name().unwrap().to_str().unwrap();
        assert!(name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit()));
    }
    // Ids of a path are ids, or nothing.
    for id in ["..", "..%2F..%2Fx", "%2e%2e%2f", "x", "0", "\u{66}"] {
        let file = api.download(&ann, &format!("{thread}/attachments/{id}")).await;
        assert_eq!(file.status, 404, "{id}");
    }
}

pub(super) async fn what_only_calls_itself_an_image_is_a_file_to_save(store: Store) {
    let api = store.api().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    let page = b"<html><script>alert(1)</script></html>".to_vec();
    let lie = [b"\x89PNG\r\n\x1a\n".to_vec(), page.clone()].concat();
    let mut cut = small_png();
    cut.truncate(40);
    let drawing = b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>".to_vec();
    for (declared, bytes) in [
        ("image/png", lie),
        ("image/png", cut),
        ("image/png", page.clone()),
        ("text/html", page),
        ("image/svg+xml", drawing),
        ("image/jpeg", b"\xff\xd8\xff".to_vec()),
        ("image/gif", b"GIF89a".to_vec()),
        ("image/webp", b"RIFF\x10\0\0\0WEBPVP8 \0\0\0\0".to_vec()),
    ] {
        let request = request(&ann, Method::POST, &format!("{thread}/attachments"))
            .header("content-type", declared)
            .body(Body::from(bytes))
            .unwrap();
        let answer = api.send(request).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        assert_eq!(answer.body["attachmentType"], "file", "{declared}");
        assert_eq!(answer.body["contentType"], "application/octet-stream");
        let id = string(&answer.body["id"]).to_owned();
        let file = api.download(&ann, &format!("{thread}/attachments/{id}")).await;
        assert_eq!(file.header("content-type"), "application/octet-stream");
        assert_eq!(file.header("content-disposition"), "attachment");
        assert_eq!(file.header("x-content-type-options"), "nosniff");
        assert!(file.header("content-security-policy").starts_with("sandbox;"));
        let preview = api
            .download(&ann, &format!("{thread}/images/{id}/view/small"))
            .await;
        assert_eq!(preview.status, 404);
    }
}

pub(super) async fn an_image_is_what_its_bytes_are_whatever_it_is_called(store: Store) {
    let api = store.api().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    let answer = api.upload(&ann, &thread, "x.exe", small_png()).await;
    assert_eq!(answer.body["attachmentType"], "image");
    assert_eq!(answer.body["contentType"], "image/png");
}

pub(super) async fn an_empty_file_is_refused(store: Store) {
    let api = store.api().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    api.upload(&ann, &thread, "x", Vec::new())
        .await
        .is_error(400, "BadRequest");
    assert!(api.stored().is_empty());
}
