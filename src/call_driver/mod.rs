//! The calling half behind the exported classes: streams and devices, and what drives the call core.

pub(crate) mod active_call;
pub(crate) mod agent;
mod agent_input;
pub(crate) mod agent_registry;
mod call_actions;
mod call_camera;
mod call_info;
mod call_media;
mod call_microphone;
pub(crate) mod call_options;
mod carry_out;
pub(crate) mod client_settings;
pub(crate) mod devices;
pub(crate) mod local_video;
mod media_monitor;
pub(crate) mod participant;
pub(crate) mod remote_video;
pub(crate) mod ringing_call;
pub(crate) mod stream_registry;
pub(crate) mod video_view;
