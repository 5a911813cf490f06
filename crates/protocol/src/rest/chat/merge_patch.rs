//! Members of a merge patch (RFC 7396), where one that is null is not one that is absent.

use serde::{Deserialize, Deserializer};

use super::ChatRetentionPolicy;

/// A member that is there, null or not as its type allows.
pub(super) fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// A policy that is there; null is none.
pub(super) fn policy<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<ChatRetentionPolicy>, D::Error> {
    let policy = Option::deserialize(deserializer)?;
    Ok(Some(policy.unwrap_or(ChatRetentionPolicy::None)))
}

#[cfg(test)]
mod tests {
    use crate::rest::chat::{ChatRetentionPolicy, UpdateChatThreadRequest};

    fn read(json: &str) -> Option<UpdateChatThreadRequest> {
        serde_json::from_str(json).ok()
    }

    #[test]
    fn null_and_absent_are_told_apart_and_written_as_they_were_read() {
        let absent = read("{}").unwrap();
        assert_eq!(absent, UpdateChatThreadRequest::default());
        let null = read(r#"{"metadata":null}"#).unwrap();
        assert_eq!(null.metadata, Some(None));
        for request in [absent, null, read(r#"{"metadata":{"a":null}}"#).unwrap()] {
            assert_eq!(read(&serde_json::to_string(&request).unwrap()), Some(request));
        }
        let policy = read(r#"{"retentionPolicy":null}"#).unwrap().retention_policy;
        assert_eq!(policy, Some(ChatRetentionPolicy::None));
        assert_eq!(read(r#"{"topic":null}"#), None);
    }
}
