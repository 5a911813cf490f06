//! The Openline SDK.
