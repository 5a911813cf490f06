//! One frame: `<kind>:<id>[+]:<namespace>[:<data>]`. The namespace is always empty here.

use std::fmt;

/// The longest frame that is read, in bytes of UTF-8. A client's frames have some hundred.
pub const MAX_FRAME_BYTES: usize = 64 * 1024;

/// The largest id: what a JavaScript number holds exactly.
const MAX_ID: u64 = (1 << 53) - 1;

/// What a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FrameKind {
    /// The sender leaves.
    Disconnect,
    /// The server took the connection.
    Connect,
    /// A sign of life.
    Heartbeat,
    /// Text: here a request or its answer.
    Message,
    /// JSON. Not used.
    Json,
    /// A named event.
    Event,
    /// An event arrived.
    Ack,
    /// Something is wrong. Not used.
    Error,
    /// Nothing: ends a poll.
    Noop,
}

const KINDS: [FrameKind; 9] = [
    FrameKind::Disconnect,
    FrameKind::Connect,
    FrameKind::Heartbeat,
    FrameKind::Message,
    FrameKind::Json,
    FrameKind::Event,
    FrameKind::Ack,
    FrameKind::Error,
    FrameKind::Noop,
];

/// The number a frame carries to be acknowledged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FrameId {
    /// The number.
    pub number: u64,
    /// Whether the acknowledgement is to come from the application (`+`) and may carry data.
    pub with_data: bool,
}

/// A frame.
#[derive(Clone, PartialEq, Eq)]
pub struct Frame {
    /// What it is.
    pub kind: FrameKind,
    /// What to acknowledge it by.
    pub id: Option<FrameId>,
    /// What it carries.
    pub data: Option<String>,
}

/// The text is no frame of this protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadFrame {
    /// Longer than [`MAX_FRAME_BYTES`].
    #[error("the frame is too long")]
    TooLong,
    /// The kind is no digit from 0 to 8.
    #[error("the frame is of no known kind")]
    Kind,
    /// The id is no number that JavaScript holds.
    #[error("the frame's id is malformed")]
    Id,
    /// There are fewer than two colons, or the namespace is not empty.
    #[error("the frame's namespace is missing or not empty")]
    Namespace,
    /// What it carries is not what its kind carries.
    #[error("the frame's data is malformed")]
    Data,
    /// Lengths and frames of a body with several frames do not fit.
    #[error("the frames of the body are malformed")]
    Payload,
}

impl Frame {
    /// A frame of `kind` that carries nothing.
    #[must_use]
    pub const fn bare(kind: FrameKind) -> Self {
        Self {
            kind,
            id: None,
            data: None,
        }
    }

    /// A frame of `kind` that carries `data`.
    #[must_use]
    pub fn with_data(kind: FrameKind, data: impl Into<String>) -> Self {
        Self {
            data: Some(data.into()),
            ..Self::bare(kind)
        }
    }

    /// Reads a frame.
    ///
    /// # Errors
    ///
    /// See [`BadFrame`].
    pub fn parse(text: &str) -> Result<Self, BadFrame> {
        if text.len() > MAX_FRAME_BYTES {
            return Err(BadFrame::TooLong);
        }
        let mut parts = text.splitn(4, ':');
        let kind = kind(parts.next().unwrap_or_default())?;
        let id = id(parts.next().ok_or(BadFrame::Namespace)?)?;
        if parts.next() != Some("") {
            return Err(BadFrame::Namespace);
        }
        let data = parts.next().map(str::to_owned);
        Ok(Self { kind, id, data })
    }
}

fn kind(text: &str) -> Result<FrameKind, BadFrame> {
    let [digit @ b'0'..=b'8'] = text.as_bytes() else {
        return Err(BadFrame::Kind);
    };
    Ok(KINDS[usize::from(digit - b'0')])
}

fn id(text: &str) -> Result<Option<FrameId>, BadFrame> {
    if text.is_empty() {
        return Ok(None);
    }
    let (digits, with_data) = match text.strip_suffix('+') {
        Some(digits) => (digits, true),
        None => (text, false),
    };
    let number = number(digits).ok_or(BadFrame::Id)?;
    Ok(Some(FrameId { number, with_data }))
}

/// A decimal number as it is written: no sign, no leading zeros.
pub(crate) fn number(digits: &str) -> Option<u64> {
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    let leading_zero = digits.len() > 1 && digits.starts_with('0');
    if !plain || leading_zero {
        return None;
    }
    digits.parse().ok().filter(|number| *number <= MAX_ID)
}

/// As it is on the wire.
impl fmt::Display for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.kind as u8)?;
        if let Some(id) = self.id {
            write!(f, "{}{}", id.number, if id.with_data { "+" } else { "" })?;
        }
        f.write_str(":")?;
        match &self.data {
            Some(data) => write!(f, ":{data}"),
            None => Ok(()),
        }
    }
}

/// Without the data: it holds what people wrote.
impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Frame")
            .field("kind", &self.kind)
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
