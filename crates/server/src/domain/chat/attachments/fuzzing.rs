//! See [`crate::fuzzing`].

use std::io::Cursor;

use image::ImageFormat;

use super::{file_name as names, media_type, picture};

/// The name of a file as it is kept.
#[must_use]
pub fn file_name(name: &str) -> Option<String> {
    names::file_name(name)
}

/// The media type of a file as it is kept.
#[must_use]
pub fn declared_type(declared: &str) -> String {
    media_type::declared_type(Some(declared))
}

/// What a file's first bytes say.
#[must_use]
pub fn image_format(first: &[u8]) -> Option<ImageFormat> {
    Some(media_type::image_format(first)?.0)
}

/// Whether a file's first bytes are those of HEIC.
#[must_use]
pub fn is_heic(first: &[u8]) -> bool {
    media_type::is_heic(first)
}

/// Width and height of an image that can be read, and its preview.
#[must_use]
pub fn read_picture(file: &[u8], format: ImageFormat, max_pixels: u32) -> Option<((u32, u32), Vec<u8>)> {
    let picture = picture::read_picture(Cursor::new(file), format, max_pixels).ok()?;
    Some((picture.dimensions, picture.preview.to_vec()))
}
