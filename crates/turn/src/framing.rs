//! Messages on a stream (TCP, TLS): each says how long it is.

/// What is on the stream is neither STUN nor channel data. The stream cannot be read on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameError;

/// How many bytes the message at the beginning of `stream` takes, padding included; `None`: too few are there to
/// tell. The message may not be there whole.
///
/// # Errors
///
/// [`FrameError`], after which the connection is to be closed.
pub fn frame_length(stream: &[u8]) -> Result<Option<usize>, FrameError> {
    let &[first, _, high, low, ..] = stream else {
        // The first byte is enough to refuse.
        return match stream.first() {
            Some(first) if first >> 6 > 1 => Err(FrameError),
            _ => Ok(None),
        };
    };
    let length = usize::from(u16::from_be_bytes([high, low]));
    match first >> 6 {
        0 if length.is_multiple_of(4) => Ok(Some(20 + length)),
        1 => Ok(Some(4 + length.next_multiple_of(4))),
        _ => Err(FrameError),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_tells_where_its_messages_end() {
        for (stream, length) in [
            (&[][..], Ok(None)),
            (&[0, 1, 0], Ok(None)),
            (&[0, 1, 0, 0], Ok(Some(20))),
            (&[0, 1, 0, 8], Ok(Some(28))),
            (&[0, 1, 0, 7], Err(FrameError)),
            (&[0x40, 0, 0, 0], Ok(Some(4))),
            (&[0x40, 0, 0, 1], Ok(Some(8))),
            (&[0x40, 0, 0xff, 0xff], Ok(Some(65_540))),
            (&[0x80], Err(FrameError)),
            (b"GET ", Ok(Some(4 + 0x5420))),
            (&[0xff, 0, 0, 0], Err(FrameError)),
        ] {
            assert_eq!(frame_length(stream), length, "{stream:?}");
        }
    }
}
