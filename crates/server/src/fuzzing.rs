//! The readers of outside input that the server keeps to itself, for `openline-fuzz-targets` alone.

pub use crate::{
    config::fuzzing::read_settings,
    domain::{
        chat::{
            attachments::fuzzing::{declared_type, file_name, image_format, is_heic, read_picture},
            fuzzing::invited,
        },
        token::fuzzing::TokenReader,
    },
    http::fuzzing::{
        ListQuery, SignedTexts, api_version, encoded_path, file_part, list_query, read_body, signed_texts,
        tidied, upload,
    },
    ws::fuzzing::client_frame,
};
