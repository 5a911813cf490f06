//! Images, their previews, and the operations that published clients have for them.

use axum::{body::Body, http::Method};
use image::{DynamicImage, GenericImageView as _, ImageFormat, Rgba, RgbaImage};
use openline_server::config::Config;
use serde_json::json;

use super::{Store, encoded, picture, request, small_png};
use crate::api::{Api, Person, string};

async fn preview(
    api: &Api,
    person: &Person,
    thread: &str,
    bytes: Vec<u8>,
) -> (serde_json::Value, Vec<u8>, String) {
    let answer = api.upload(person, thread, "p", bytes).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let id = string(&answer.body["id"]);
    let small = api
        .download(person, &format!("{thread}/images/{id}/view/small"))
        .await;
    assert_eq!(small.status, 200);
    let media_type = small.header("content-type").to_owned();
    (answer.body, small.body, media_type)
}

fn read(bytes: &[u8]) -> DynamicImage {
    image::load_from_memory(bytes).unwrap()
}

/// What a camera that was held upright writes: "turn this by 90 degrees".
fn turned_jpeg(width: u32, height: u32) -> Vec<u8> {
    let plain = encoded(&picture(width, height), ImageFormat::Jpeg);
    let exif = [
        b"\xff\xe1\x00\x3cExif\0\0".as_slice(),
        b"MM\0*\0\0\0\x08",
        // Two entries: the orientation, and a word that must not be in the preview.
        b"\0\x02",
        b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0",
        b"\x01\x31\0\x02\0\0\0\x0c\0\0\0\x26",
        b"\0\0\0\0",
        b"SECRETPLACE\0",
        b"\0\0",
    ]
    .concat();
    assert_eq!(exif.len(), 2 + 0x3c);
    [&plain[..2], &exif, &plain[2..]].concat()
}

pub(super) async fn an_image_of_each_format_has_a_preview_that_fits(store: Store) {
    let api = store.api().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    for (format, media_type) in [
        (ImageFormat::Png, "image/png"),
        (ImageFormat::Jpeg, "image/jpeg"),
        (ImageFormat::Gif, "image/gif"),
        (ImageFormat::WebP, "image/webp"),
    ] {
        let original = encoded(&picture(800, 400), format);
        let (body, small, small_type) = preview(&api, &ann, &thread, original.clone()).await;
        let (id, base) = (
            string(&body["id"]),
            format!("https://localhost:8443{thread}/images"),
        );
        let expected = json!({
            "id": id,
            "attachmentType": "image",
            "name": "p",
            "url": format!("{base}/{id}/view/original?api-version=2025-03-15"),
            "previewUrl": format!("{base}/{id}/view/small?api-version=2025-03-15"),
            "contentType": media_type,
            "sizeBytes": original.len(),
            "width": 800,
            "height": 400,
        });
        assert_eq!(body, expected);
        assert_eq!(small_type, "image/jpeg");
        assert_eq!(read(&small).dimensions(), (320, 160));
        for path in [format!("images/{id}/view/original"), format!("attachments/{id}")] {
            let whole = api.download(&ann, &format!("{thread}/{path}")).await;
            assert!(whole.body == original, "{path}");
            assert_eq!(whole.header("content-type"), media_type);
            assert_eq!(whole.header("content-disposition"), "inline; filename*=UTF-8''p");
        }
    }
}

pub(super) async fn a_preview_stands_upright_and_tells_nothing_that_the_camera_wrote(store: Store) {
    let api = store.api().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    let original = turned_jpeg(800, 400);
    assert!(original.windows(11).any(|part| part == b"SECRETPLACE"));
    let (body, small, _) = preview(&api, &ann, &thread, original).await;
    assert_eq!((&body["width"], &body["height"]), (&json!(400), &json!(800)));
    assert!(!small.windows(11).any(|part| part == b"SECRETPLACE"));
    assert!(!small.windows(4).any(|part| part == b"Exif"));
    let small = read(&small);
    assert_eq!(small.dimensions(), (160, 320));
    // The upper half turns to the right.
    let Rgba([left_red, _, left_blue, _]) = small.get_pixel(20, 160);
    let Rgba([right_red, _, right_blue, _]) = small.get_pixel(140, 160);
    assert!(left_blue > 200 && left_red < 50 && right_red > 200 && right_blue < 50);
}

pub(super) async fn what_shows_through_shows_through_in_the_preview(store: Store) {
    let api = store.api().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    let glass: DynamicImage = RgbaImage::from_pixel(700, 10, Rgba([0, 255, 0, 100])).into();
    let (_, small, media_type) = preview(&api, &ann, &thread, encoded(&glass, ImageFormat::Png)).await;
    assert_eq!(media_type, "image/png");
    let small = read(&small);
    assert_eq!(small.width(), 320);
    assert_eq!(small.get_pixel(5, 0), Rgba([0, 255, 0, 100]));
}

/// The header of a PNG that says how large it is, and a good checksum.
fn png_that_claims(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = small_png();
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let mut checksum = u32::MAX;
    for byte in &bytes[12..29] {
        checksum ^= u32::from(*byte);
        for _ in 0..8 {
            checksum = if checksum & 1 == 1 {
                (checksum >> 1) ^ 0xedb8_8320
            } else {
                checksum >> 1
            };
        }
    }
    bytes[29..33].copy_from_slice(&(!checksum).to_be_bytes());
    bytes
}

pub(super) async fn an_image_that_says_it_is_gigabytes_is_not_decoded(store: Store) {
    let mut config = Config::default();
    config.attachments.max_image_pixels = 1_000_000;
    let api = store.api_with(config).await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    let large = encoded(&picture(1001, 1000), ImageFormat::Png);
    for bytes in [
        png_that_claims(100_000, 100_000),
        png_that_claims(u32::MAX >> 1, 1),
        png_that_claims(1_000_001, 1),
        large,
    ] {
        let answer = api.upload(&ann, &thread, "bomb.png", bytes.clone()).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        assert_eq!(answer.body["attachmentType"], "file");
        let refused = upload_image(&api, &ann, &thread, bytes).await;
        refused.is_error(415, "UnsupportedMediaType");
    }
    // The checksum above is right: what claims its true size is an image.
    let answer = api.upload(&ann, &thread, "x", png_that_claims(4, 2)).await;
    assert_eq!(answer.body["attachmentType"], "image");
    // As many pixels as are allowed.
    let answer = api
        .upload(
            &ann,
            &thread,
            "x",
            encoded(&picture(1000, 1000), ImageFormat::Png),
        )
        .await;
    assert_eq!(answer.body["attachmentType"], "image");
}

async fn upload_image(api: &Api, person: &Person, thread: &str, bytes: Vec<u8>) -> crate::api::Answer {
    let request = request(person, Method::POST, &format!("{thread}/images"))
        .header("content-type", "application/octet-stream")
        .header("image-filename", "Sommer ☀.png".as_bytes());
    api.send(request.body(Body::from(bytes)).unwrap()).await
}

pub(super) async fn the_published_operations_on_images_work(store: Store) {
    let api = store.api().await;
    let (ann, bob) = (api.person().await, api.person().await);
    let thread = api.thread(&ann, &[&bob]).await;
    let uploaded = upload_image(&api, &ann, &thread, small_png()).await;
    assert_eq!(uploaded.status, 201, "{}", uploaded.body);
    let id = string(&uploaded.body["id"]);
    assert_eq!(
        uploaded.body,
        json!({"id": id, "attachmentType": "image", "name": "Sommer ☀.png"})
    );
    let location = format!("https://localhost:8443{thread}/images/{id}/view/original?api-version=2025-03-15");
    assert_eq!(uploaded.headers["location"], location);

    // As published clients send it: the whole attachment, and HTML that names it.
    let body = json!({
        "content": format!("<p>look</p><img id=\"{id}\">"),
        "type": "html",
        "attachments": [{"id": id, "attachmentType": "image", "name": "Sommer ☀.png"}],
    });
    let sent = api.post(&ann, &format!("{thread}/messages"), body).await;
    assert_eq!(sent.status, 201, "{}", sent.body);
    for view in ["original", "small"] {
        let image = api
            .download(&bob, &format!("{thread}/images/{id}/view/{view}"))
            .await;
        assert_eq!(image.status, 200);
        let format = ImageFormat::from_mime_type(image.header("content-type")).unwrap();
        let read = image::load_from_memory_with_format(&image.body, format).unwrap();
        assert_eq!(read.dimensions(), (4, 2));
    }
    let other = api
        .download(&bob, &format!("{thread}/images/{id}/view/huge"))
        .await;
    assert_eq!(other.status, 404);
    api.delete(&bob, &format!("{thread}/images/{id}"))
        .await
        .is_error(403, "Forbidden");
    api.delete(&ann, &format!("{thread}/images/{id}"))
        .await
        .is_empty(204);
    assert_eq!(api.may_download(&bob, &thread, id).await, 404);
}

pub(super) async fn an_image_of_a_phone_that_is_not_read_is_kept_as_it_is(store: Store) {
    let api = store.api().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic and so on".to_vec();
    let uploaded = upload_image(&api, &ann, &thread, heic.clone()).await;
    assert_eq!(uploaded.status, 201, "{}", uploaded.body);
    let id = string(&uploaded.body["id"]);
    for view in ["original", "small"] {
        let image = api
            .download(&ann, &format!("{thread}/images/{id}/view/{view}"))
            .await;
        assert_eq!(
            (image.status.as_u16(), image.header("content-type")),
            (200, "image/heic")
        );
        assert_eq!(image.body, heic);
        assert!(image.header("content-disposition").starts_with("attachment"));
    }
    let file = api.upload(&ann, &thread, "x.heic", heic).await;
    assert_eq!(file.body["attachmentType"], "file");
    for none in [b"%PDF-1.7".to_vec(), b"BM bitmap".to_vec()] {
        upload_image(&api, &ann, &thread, none)
            .await
            .is_error(415, "UnsupportedMediaType");
    }
}
