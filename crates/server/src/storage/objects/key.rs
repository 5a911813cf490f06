//! Names of objects: made of ids that the server drew, never of what a client said.

use object_store::path::Path;
use openline_protocol::ResourceId;

use crate::storage::chat::AttachmentId;

/// What there is of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectPart {
    /// What was uploaded, byte for byte.
    Original,
    /// An image's preview.
    Thumbnail,
}

impl ObjectPart {
    pub(super) const ALL: [Self; 2] = [Self::Original, Self::Thumbnail];
}

/// The name of an object: `<resource>/<2 digits of the id>/<id>[.thumbnail]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectKey {
    resource_id: ResourceId,
    attachment_id: AttachmentId,
    part: ObjectPart,
}

impl ObjectKey {
    /// The file itself.
    #[must_use]
    pub const fn new(resource_id: ResourceId, attachment_id: AttachmentId) -> Self {
        Self {
            resource_id,
            attachment_id,
            part: ObjectPart::Original,
        }
    }

    /// A part of the same file.
    #[must_use]
    pub fn part(&self, part: ObjectPart) -> Self {
        Self { part, ..self.clone() }
    }

    pub(super) fn path(&self) -> Path {
        let id = self.attachment_id.to_string();
        // Directories of a size that every file system likes.
        let shard = id.get(..2).unwrap_or_default().to_owned();
        let name = match self.part {
            ObjectPart::Original => id,
            ObjectPart::Thumbnail => format!("{id}.thumbnail"),
        };
        Path::from_iter([self.resource_id.as_str(), &shard, &name])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_a_path_below_its_resource_whatever_the_resource_is_called() {
        let id = AttachmentId::parse("0123456789abcdef0123456789abcdef").unwrap();
        let key = ObjectKey::new(ResourceId::new("r"), id);
        assert_eq!(key.path().as_ref(), "r/01/0123456789abcdef0123456789abcdef");
        assert_eq!(
            key.part(ObjectPart::Thumbnail).path().as_ref(),
            "r/01/0123456789abcdef0123456789abcdef.thumbnail"
        );
        let odd = ObjectKey::new(ResourceId::new("../../etc"), id).path();
        assert_eq!(odd.parts().count(), 3, "{odd}");
        assert!(odd.parts().all(|part| part.as_ref() != ".."), "{odd}");
    }
}
