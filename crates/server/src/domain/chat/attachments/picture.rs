//! Reading an image: whether it is one, its size, and a preview. Takes time and memory: not for a worker of the
//! runtime, and one at a time.

use std::io::{BufRead, Cursor, Seek};

use bytes::Bytes;
use image::{
    DynamicImage, ImageDecoder as _, ImageError, ImageFormat, ImageReader, Limits, codecs::jpeg::JpegEncoder,
    metadata::Orientation,
};

/// The longer side of a preview, in pixels.
const PREVIEW_PIXELS: u32 = 320;

/// The quality of a preview in JPEG, of 100.
const PREVIEW_QUALITY: u8 = 80;

/// Bytes that a pixel may take while an image is decoded.
const BYTES_PER_PIXEL: u64 = 4;

/// An image that was read.
pub(super) struct Picture {
    /// Width and height as it is to be shown.
    pub(super) dimensions: (u32, u32),
    /// Its preview, without any metadata of the original.
    pub(super) preview: Bytes,
    /// The preview's media type.
    pub(super) preview_type: &'static str,
}

/// Reads an image of at most `max_pixels`.
///
/// # Errors
///
/// It is none, it is damaged, or too large.
pub(super) fn read_picture(
    from: impl BufRead + Seek,
    format: ImageFormat,
    max_pixels: u32,
) -> Result<Picture, ImageError> {
    let mut limits = Limits::default();
    limits.max_alloc = Some(u64::from(max_pixels).max(1 << 20) * BYTES_PER_PIXEL);
    let mut reader = ImageReader::with_format(from, format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let (width, height) = decoder.dimensions();
    // Before anything is decoded: a few bytes can say that they are gigabytes.
    if u64::from(width) * u64::from(height) > u64::from(max_pixels) {
        let kind = image::error::LimitErrorKind::DimensionError;
        return Err(ImageError::Limits(image::error::LimitError::from_kind(kind)));
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let image = DynamicImage::from_decoder(decoder)?;
    let mut small = if width.max(height) > PREVIEW_PIXELS {
        image.thumbnail(PREVIEW_PIXELS, PREVIEW_PIXELS)
    } else {
        image
    };
    small.apply_orientation(orientation);
    let (preview, preview_type) = encode(&small)?;
    Ok(Picture {
        dimensions: if turns(orientation) {
            (height, width)
        } else {
            (width, height)
        },
        preview,
        preview_type,
    })
}

/// PNG where something shows through, JPEG otherwise.
fn encode(small: &DynamicImage) -> Result<(Bytes, &'static str), ImageError> {
    let mut encoded = Cursor::new(Vec::new());
    let transparent =
        small.color().has_alpha() && small.to_rgba8().pixels().any(|pixel| pixel.0[3] < u8::MAX);
    let media_type = if transparent {
        small.to_rgba8().write_to(&mut encoded, ImageFormat::Png)?;
        "image/png"
    } else {
        let encoder = JpegEncoder::new_with_quality(&mut encoded, PREVIEW_QUALITY);
        small.to_rgb8().write_with_encoder(encoder)?;
        "image/jpeg"
    };
    Ok((encoded.into_inner().into(), media_type))
}

const fn turns(orientation: Orientation) -> bool {
    match orientation {
        Orientation::NoTransforms
        | Orientation::Rotate180
        | Orientation::FlipHorizontal
        | Orientation::FlipVertical => false,
        Orientation::Rotate90
        | Orientation::Rotate270
        | Orientation::Rotate90FlipH
        | Orientation::Rotate270FlipH => true,
    }
}
