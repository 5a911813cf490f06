//! The first frame of a socket: before it there is no session, and nothing else is allowed.

use openline_protocol::{
    Instant,
    realtime::{ClientFrame, CloseCode, Resume, VERSION, limits::HELLO_TIMEOUT},
};

/// A socket that has not said hello.
#[derive(Debug, Clone)]
pub struct ServerHandshake {
    deadline: Instant,
}

/// What a socket said first. The token is not yet checked.
#[derive(Clone, PartialEq, Eq)]
pub struct Hello {
    /// The version both sides speak.
    pub version: u32,
    /// The user access token, unchecked.
    pub token: String,
    /// The session to go on with.
    pub resume: Option<Resume>,
}

impl std::fmt::Debug for Hello {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hello")
            .field("version", &self.version)
            .field("resumes", &self.resume.is_some())
            .finish_non_exhaustive()
    }
}

impl ServerHandshake {
    /// The socket opened.
    #[must_use]
    pub fn new(now: Instant) -> Self {
        Self {
            deadline: now + HELLO_TIMEOUT,
        }
    }

    /// When the socket is closed with [`CloseCode::HeartbeatMissed`] for saying nothing.
    #[must_use]
    pub const fn deadline(&self) -> Instant {
        self.deadline
    }

    /// The first frame arrived.
    ///
    /// # Errors
    /// The code to close with: [`CloseCode::BadFrame`] for anything but `hello`, [`CloseCode::VersionUnsupported`]
    /// where there is no common version.
    pub fn frame_received(self, frame: ClientFrame) -> Result<Hello, CloseCode> {
        let ClientFrame::Hello {
            versions,
            token,
            resume,
        } = frame
        else {
            return Err(CloseCode::BadFrame);
        };
        let version = negotiate_version(&versions).ok_or(CloseCode::VersionUnsupported)?;
        Ok(Hello {
            version,
            token,
            resume,
        })
    }
}

/// The highest version that both sides speak.
#[must_use]
pub fn negotiate_version(offered: &[u32]) -> Option<u32> {
    offered.contains(&VERSION).then_some(VERSION)
}
