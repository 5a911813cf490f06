//! Uploads and downloads of files: names, types, ranges, and images.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use openline_server::fuzzing::{
    declared_type, file_name, file_part, image_format, is_heic, read_picture, upload,
};

use crate::lines;

/// The headers that the lines after the name and the type stand for.
const HEADERS: [HeaderName; 4] = [
    header::CONTENT_LENGTH,
    header::RANGE,
    header::IF_RANGE,
    header::IF_NONE_MATCH,
];

const SIZE: u64 = 1_000;

/// Small, so that many are tried in a second.
const MAX_PIXELS: u32 = 64 * 64;

/// Lines of a file's name, its type and headers.
pub fn attachment_headers(data: &[u8]) {
    let mut lines = lines(data);
    let name = lines.next().unwrap_or_default();
    if let Some(kept) = file_name(name) {
        assert!(kept.len() <= 255 && !kept.contains(['/', '\\']) && !kept.contains(char::is_control));
        assert_eq!(file_name(&kept).as_deref(), Some(kept.as_str()));
    }
    let declared = lines.next().unwrap_or_default();
    let kept = declared_type(declared);
    assert_eq!(declared_type(&kept), kept);
    HeaderValue::from_str(&kept).expect("what is kept is a header");
    let mut headers = HeaderMap::new();
    for (name, value) in HEADERS.into_iter().zip(lines) {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
    drop(upload(&headers, Some(name.to_owned())));
    for size in [0, 1, SIZE, u64::MAX] {
        let (range, _) = file_part(&headers, "\"tag\"", size);
        assert!(range.is_none_or(|range| range.start <= range.end && range.end <= size));
    }
}

/// A file that is uploaded as an image.
pub fn image(data: &[u8]) {
    let Some(format) = image_format(data) else {
        let _heic = is_heic(data);
        return;
    };
    if let Some(((width, height), preview)) = read_picture(data, format, MAX_PIXELS) {
        assert!(u64::from(width) * u64::from(height) <= u64::from(MAX_PIXELS));
        assert!(image_format(&preview).is_some());
    }
}
