//! The error envelope of the REST interface (`acs-rest/auth.md`, section 3.4).

use serde::{Deserialize, Serialize};

/// The body of every REST answer that is not a success.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorResponse {
    /// What went wrong.
    pub error: ErrorBody,
}

/// One error, of a request or of an item within it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorBody {
    /// A fixed word or number to decide by.
    pub code: String,
    /// A sentence for a person.
    pub message: String,
    /// The field or item the error is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// The errors of parts, where there are several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<ErrorBody>,
}
