//! What the package holds: each part is a core of its own with its entries, and a page loads one of them.

use std::path::PathBuf;

use crate::{sdk::dist_dir, workspace::scratch_dir};

/// A part of the package.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Part {
    /// `openline`: calls and chat.
    Whole,
    /// `openline/chat`: chat without calls.
    Chat,
}

/// A file of `pkg/` in a part, and its name there.
pub(super) type Entry = (&'static str, &'static str);

impl Part {
    /// All parts.
    pub(crate) const ALL: [Self; 2] = [Self::Whole, Self::Chat];

    /// What an application imports.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Whole => "openline",
            Self::Chat => "openline/chat",
        }
    }

    /// The most that a page may have to load of it, in bytes after gzip.
    pub(crate) const fn budget_bytes(self) -> u64 {
        match self {
            Self::Whole => 161_000,
            Self::Chat => 80_000,
        }
    }

    /// The files that a browser loads for `import "openline"`, without those that are asked for later.
    pub(crate) fn loaded(self) -> Vec<&'static str> {
        let own: &[&str] = match self {
            Self::Whole => &["public_chat.js"],
            Self::Chat => &[],
        };
        [
            &["core_bg.wasm", "core.js", "index.js", "public.js", "ready.js"],
            own,
        ]
        .concat()
    }

    /// The files that a page loads when it first asks for what they do.
    pub(crate) const fn on_demand(self) -> &'static [&'static str] {
        match self {
            Self::Whole => &[
                "local_data.js",
                "pipeline.js",
                "media_stats.js",
                "diagnostics.js",
                "call_survey.js",
                "debug_info.js",
                "pre_call.js",
                "pre_call_legs.js",
                "pre_call_media.js",
                "pre_call_rules.js",
                "screen_share.js",
                "remote_diagnostics.js",
                "media_quality.js",
                "senders.js",
                "dtmf.js",
                "lost_media.js",
                "leaving.js",
                "preheat.js",
                "audio_streams.js",
                "volume.js",
            ],
            Self::Chat => &["local_data.js", "pipeline.js"],
        }
    }

    /// The part of the crate that is compiled.
    pub(super) const fn cargo_arguments(self) -> &'static [&'static str] {
        match self {
            Self::Whole => &[],
            Self::Chat => &["--no-default-features", "--features", "chat"],
        }
    }

    /// What the package ships of it; generated.
    pub(crate) fn dist_dir(self) -> PathBuf {
        match self {
            Self::Whole => dist_dir(),
            Self::Chat => dist_dir().join("chat"),
        }
    }

    /// The step that makes its core, and the folder of it.
    pub(super) const fn core_step(self) -> &'static str {
        match self {
            Self::Whole => "core",
            Self::Chat => "core-chat",
        }
    }

    pub(super) fn core_dir(self) -> PathBuf {
        scratch_dir().join(self.core_step())
    }

    /// The files of `pkg/` that become part of its `public.js`, each after those that it imports.
    pub(super) const fn joined(self) -> &'static [&'static str] {
        match self {
            Self::Whole => &["members.js", "features.js", "local_audio.js"],
            Self::Chat => &[],
        }
    }

    /// Its hand-written files.
    pub(super) fn entries(self) -> Vec<Entry> {
        let own: &[Entry] = match self {
            Self::Whole => &[
                ("call_survey.js", "call_survey.js"),
                ("debug_info.js", "debug_info.js"),
                ("diagnostics.js", "diagnostics.js"),
                ("dtmf.js", "dtmf.js"),
                ("lost_media.js", "lost_media.js"),
                ("media_quality.js", "media_quality.js"),
                ("media_stats.js", "media_stats.js"),
                ("pre_call.js", "pre_call.js"),
                ("pre_call_legs.js", "pre_call_legs.js"),
                ("pre_call_media.js", "pre_call_media.js"),
                ("pre_call_rules.js", "pre_call_rules.js"),
                ("remote_diagnostics.js", "remote_diagnostics.js"),
                ("preheat.js", "preheat.js"),
                ("public.js", "public.js"),
                ("public_chat.js", "public_chat.js"),
                ("screen_share.js", "screen_share.js"),
                ("senders.js", "senders.js"),
                ("leaving.js", "leaving.js"),
                ("audio_streams.js", "audio_streams.js"),
                ("volume.js", "volume.js"),
                ("index.d.ts", "index.d.ts"),
            ],
            Self::Chat => &[("public_chat.js", "public.js"), ("chat.d.ts", "index.d.ts")],
        };
        [
            "index.js",
            "inline.js",
            "node.js",
            "ready.js",
            "local_data.js",
            "pipeline.js",
        ]
        .iter()
        .map(|name| (*name, *name))
        .chain(own.iter().copied())
        .collect()
    }
}
