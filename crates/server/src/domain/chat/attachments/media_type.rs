//! What a file is: by its first bytes where it may be shown, by what its uploader says where it is downloaded.

use image::ImageFormat;

/// What nothing is known of.
pub(super) const UNKNOWN: &str = "application/octet-stream";

/// The longest media type that is kept, in bytes.
const MAX_BYTES: usize = 100;

/// The formats of images that are read, and so may be shown.
const IMAGES: [(ImageFormat, &str); 4] = [
    (ImageFormat::Png, "image/png"),
    (ImageFormat::Jpeg, "image/jpeg"),
    (ImageFormat::Gif, "image/gif"),
    (ImageFormat::WebP, "image/webp"),
];

/// The format of an image and its type, by its first bytes.
pub(super) fn image_format(first: &[u8]) -> Option<(ImageFormat, &'static str)> {
    let guessed = image::guess_format(first).ok()?;
    IMAGES.into_iter().find(|(format, _)| *format == guessed)
}

/// Whether the first bytes are those of HEIC, which phones make and few browsers show.
pub(super) fn is_heic(first: &[u8]) -> bool {
    let brands: [&[u8]; 6] = [b"heic", b"heix", b"heif", b"hevc", b"mif1", b"msf1"];
    first.get(4..8) == Some(b"ftyp") && first.get(8..12).is_some_and(|brand| brands.contains(&brand))
}

/// The type of a file that is not shown. Images that are none are not called so, and what a browser could run,
/// if a page opened it from memory, is not called so either.
pub(super) fn declared_type(declared: Option<&str>) -> String {
    let Some(declared) = declared else {
        return UNKNOWN.to_owned();
    };
    let media_type = declared
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    match media_type.split_once('/') {
        Some((kind, subtype))
            if media_type.len() <= MAX_BYTES
                && is_token(kind)
                && is_token(subtype)
                && !is_active(kind, subtype) =>
        {
            media_type
        }
        _ => UNKNOWN.to_owned(),
    }
}

/// Whether a type is among those that `patterns` allow.
pub(super) fn is_allowed(media_type: &str, patterns: &[String]) -> bool {
    let kind = media_type.split('/').next();
    patterns.iter().any(|pattern| match pattern.split_once('/') {
        Some(("*", _)) => true,
        Some((allowed, "*")) => kind.is_some_and(|kind| kind.eq_ignore_ascii_case(allowed)),
        _ => pattern.eq_ignore_ascii_case(media_type),
    })
}

fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
}

fn is_active(kind: &str, subtype: &str) -> bool {
    let parts = ["html", "xml", "script", "xsl", "svg"];
    matches!(kind, "image" | "multipart" | "message") || parts.iter().any(|part| subtype.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declared_type_is_kept_where_it_is_harmless() {
        for (declared, kept) in [
            ("application/pdf", "application/pdf"),
            ("Text/Plain; charset=utf-8", "text/plain"),
            ("application/vnd.ms-excel", "application/vnd.ms-excel"),
            ("video/mp4", "video/mp4"),
            ("text/html", UNKNOWN),
            ("application/xhtml+xml", UNKNOWN),
            ("image/svg+xml", UNKNOWN),
            ("text/javascript", UNKNOWN),
            ("image/png", UNKNOWN),
            ("multipart/form-data; boundary=x", UNKNOWN),
            ("nonsense", UNKNOWN),
            ("a/b/c", UNKNOWN),
            ("a/b\r\nx: y", UNKNOWN),
            ("", UNKNOWN),
        ] {
            assert_eq!(declared_type(Some(declared)), kept, "{declared}");
        }
        assert_eq!(declared_type(None), UNKNOWN);
        assert_eq!(declared_type(Some(&format!("a/{}", "b".repeat(100)))), UNKNOWN);
    }

    #[test]
    fn allowed_types_are_exact_or_of_a_kind() {
        let patterns = ["image/*".to_owned(), "application/PDF".to_owned()];
        assert!(is_allowed("image/png", &patterns));
        assert!(is_allowed("application/pdf", &patterns));
        assert!(!is_allowed("application/zip", &patterns));
        assert!(is_allowed("application/zip", &["*/*".to_owned()]));
        assert!(!is_allowed("image/png", &[]));
    }

    #[test]
    fn formats_are_told_by_their_first_bytes() {
        assert!(is_heic(b"\0\0\0\x18ftypheic\0\0\0\0"));
        assert!(!is_heic(b"\0\0\0\x18ftypisom\0\0\0\0"));
        assert!(!is_heic(b"ftyp"));
        assert_eq!(image_format(b"\x89PNG\r\n\x1a\n...").unwrap().1, "image/png");
        assert_eq!(image_format(b"RIFF\0\0\0\0WEBPVP8 ").unwrap().1, "image/webp");
        for none in [b"<svg xmlns=".as_slice(), b"BM......", b"%PDF-1.7", b""] {
            assert_eq!(image_format(none), None);
        }
    }
}
