//! Identities in their three forms: raw id, tagged Rust value, and the model on the REST wire.
//!
//! The grammar is that of `acs-rest/auth.md`, section 6.

use serde::{Deserialize, Serialize};

use crate::RawId;

/// The cloud that a Teams identity lives in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CloudEnvironment {
    /// The public cloud.
    #[default]
    Public,
    /// The cloud of the US Department of Defense.
    Dod,
    /// The US government cloud.
    Gcch,
}

/// Anybody or anything that can take part in a call or a thread.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum CommunicationIdentifier {
    /// An identity that a communication resource issued.
    CommunicationUser {
        /// The whole raw id.
        communication_user_id: String,
    },
    /// A telephone number.
    PhoneNumber {
        /// The number in E.164, or `anonymous`.
        phone_number: String,
        /// Tells apart several calls of one number.
        asserted_id: Option<String>,
    },
    /// A person in Teams.
    MicrosoftTeamsUser {
        /// The directory object id, or the visitor's id.
        user_id: String,
        /// Whether the person joined without signing in.
        is_anonymous: bool,
        /// Where the person lives.
        cloud: CloudEnvironment,
    },
    /// An application in Teams.
    MicrosoftTeamsApp {
        /// The application's id.
        app_id: String,
        /// Where the application lives.
        cloud: CloudEnvironment,
    },
    /// A Teams user acting through a communication resource.
    TeamsExtensionUser {
        /// The user's directory object id.
        user_id: String,
        /// The user's tenant.
        tenant_id: String,
        /// The communication resource.
        resource_id: String,
        /// Where the user lives.
        cloud: CloudEnvironment,
    },
    /// A raw id of no known form.
    Unknown {
        /// The raw id.
        id: String,
    },
}

/// The model names two kinds at once, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdentifierInvalid;

impl CommunicationIdentifier {
    /// Reads a raw id. Every text is some identifier: what has no known form is [`Self::Unknown`].
    #[must_use]
    pub fn from_raw_id(raw_id: &str) -> Self {
        let unknown = || Self::Unknown {
            id: raw_id.to_owned(),
        };
        if let Some(number) = raw_id.strip_prefix("4:") {
            return Self::phone_number_from(number);
        }
        let mut parts = raw_id.splitn(3, ':');
        let (Some(class), Some(kind), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
            return unknown();
        };
        match (class, kind) {
            ("8", "acs" | "dod-acs" | "gcch-acs") => Self::acs_from(raw_id, kind, rest),
            ("8", "spool") => Self::CommunicationUser {
                communication_user_id: raw_id.to_owned(),
            },
            ("8", "orgid") => Self::teams_user(rest, false, CloudEnvironment::Public),
            ("8", "dod") => Self::teams_user(rest, false, CloudEnvironment::Dod),
            ("8", "gcch") => Self::teams_user(rest, false, CloudEnvironment::Gcch),
            ("8", "teamsvisitor") => Self::teams_user(rest, true, CloudEnvironment::Public),
            ("28", "orgid") => Self::teams_app(rest, CloudEnvironment::Public),
            ("28", "dod") => Self::teams_app(rest, CloudEnvironment::Dod),
            ("28", "gcch") => Self::teams_app(rest, CloudEnvironment::Gcch),
            _ => unknown(),
        }
    }

    /// The raw id.
    #[must_use]
    pub fn raw_id(&self) -> RawId {
        RawId::new(match self {
            Self::CommunicationUser {
                communication_user_id,
            } => communication_user_id.clone(),
            Self::PhoneNumber {
                phone_number,
                asserted_id: None,
            } => format!("4:{phone_number}"),
            Self::PhoneNumber {
                phone_number,
                asserted_id: Some(id),
            } => format!("4:{phone_number}_{id}"),
            Self::MicrosoftTeamsUser {
                user_id,
                is_anonymous: true,
                ..
            } => {
                format!("8:teamsvisitor:{user_id}")
            }
            Self::MicrosoftTeamsUser { user_id, cloud, .. } => format!("8:{}:{user_id}", cloud.org_prefix()),
            Self::MicrosoftTeamsApp { app_id, cloud } => format!("28:{}:{app_id}", cloud.org_prefix()),
            Self::TeamsExtensionUser {
                user_id,
                tenant_id,
                resource_id,
                cloud,
            } => {
                format!("8:{}:{resource_id}_{tenant_id}_{user_id}", cloud.acs_prefix())
            }
            Self::Unknown { id } => id.clone(),
        })
    }

    fn phone_number_from(number: &str) -> Self {
        let (phone_number, asserted_id) = match number.rsplit_once('_') {
            Some((number, id)) if !number.is_empty() && !id.is_empty() => (number, Some(id.to_owned())),
            _ => (number, None),
        };
        Self::PhoneNumber {
            phone_number: phone_number.to_owned(),
            asserted_id,
        }
    }

    fn acs_from(raw_id: &str, kind: &str, rest: &str) -> Self {
        let segments: Vec<&str> = rest.split('_').collect();
        if let [resource_id, tenant_id, user_id] = segments.as_slice() {
            return Self::TeamsExtensionUser {
                user_id: (*user_id).to_owned(),
                tenant_id: (*tenant_id).to_owned(),
                resource_id: (*resource_id).to_owned(),
                cloud: match kind {
                    "dod-acs" => CloudEnvironment::Dod,
                    "gcch-acs" => CloudEnvironment::Gcch,
                    _ => CloudEnvironment::Public,
                },
            };
        }
        Self::CommunicationUser {
            communication_user_id: raw_id.to_owned(),
        }
    }

    fn teams_user(user_id: &str, is_anonymous: bool, cloud: CloudEnvironment) -> Self {
        Self::MicrosoftTeamsUser {
            user_id: user_id.to_owned(),
            is_anonymous,
            cloud,
        }
    }

    fn teams_app(app_id: &str, cloud: CloudEnvironment) -> Self {
        Self::MicrosoftTeamsApp {
            app_id: app_id.to_owned(),
            cloud,
        }
    }
}

impl CloudEnvironment {
    const fn org_prefix(self) -> &'static str {
        match self {
            Self::Public => "orgid",
            Self::Dod => "dod",
            Self::Gcch => "gcch",
        }
    }

    const fn acs_prefix(self) -> &'static str {
        match self {
            Self::Public => "acs",
            Self::Dod => "dod-acs",
            Self::Gcch => "gcch-acs",
        }
    }
}

/// An identifier on the REST wire: the raw id and at most one nested model.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CommunicationIdentifierModel {
    /// The raw id; may be absent in a request that carries a model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw_id: Option<RawId>,
    /// A communication user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub communication_user: Option<CommunicationUserModel>,
    /// A telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<PhoneNumberModel>,
    /// A person in Teams.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub microsoft_teams_user: Option<MicrosoftTeamsUserModel>,
    /// An application in Teams.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub microsoft_teams_app: Option<MicrosoftTeamsAppModel>,
    /// A Teams user acting through a communication resource.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub teams_extension_user: Option<TeamsExtensionUserModel>,
}

/// `communicationUser` of [`CommunicationIdentifierModel`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommunicationUserModel {
    /// The whole raw id.
    pub id: String,
}

/// `phoneNumber` of [`CommunicationIdentifierModel`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PhoneNumberModel {
    /// The number in E.164, or `anonymous`.
    pub value: String,
    /// Whether the number is withheld.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_anonymous: Option<bool>,
    /// Tells apart several calls of one number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asserted_id: Option<String>,
}

/// `microsoftTeamsUser` of [`CommunicationIdentifierModel`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MicrosoftTeamsUserModel {
    /// The directory object id, or the visitor's id.
    pub user_id: String,
    /// Whether the person joined without signing in.
    #[serde(default)]
    pub is_anonymous: bool,
    /// Where the person lives.
    #[serde(default)]
    pub cloud: CloudEnvironment,
}

/// `microsoftTeamsApp` of [`CommunicationIdentifierModel`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MicrosoftTeamsAppModel {
    /// The application's id.
    pub app_id: String,
    /// Where the application lives.
    #[serde(default)]
    pub cloud: CloudEnvironment,
}

/// `teamsExtensionUser` of [`CommunicationIdentifierModel`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TeamsExtensionUserModel {
    /// The user's directory object id.
    pub user_id: String,
    /// The user's tenant.
    pub tenant_id: String,
    /// The communication resource.
    pub resource_id: String,
    /// Where the user lives.
    #[serde(default)]
    pub cloud: CloudEnvironment,
}

impl From<&CommunicationIdentifier> for CommunicationIdentifierModel {
    fn from(identifier: &CommunicationIdentifier) -> Self {
        use CommunicationIdentifier as Id;
        let mut model = Self {
            raw_id: Some(identifier.raw_id()),
            ..Self::default()
        };
        match identifier.clone() {
            Id::CommunicationUser {
                communication_user_id,
            } => {
                model.communication_user = Some(CommunicationUserModel {
                    id: communication_user_id,
                });
            }
            Id::PhoneNumber {
                phone_number,
                asserted_id,
            } => {
                let is_anonymous = (phone_number == "anonymous").then_some(true);
                model.phone_number = Some(PhoneNumberModel {
                    value: phone_number,
                    is_anonymous,
                    asserted_id,
                });
            }
            Id::MicrosoftTeamsUser {
                user_id,
                is_anonymous,
                cloud,
            } => {
                model.microsoft_teams_user = Some(MicrosoftTeamsUserModel {
                    user_id,
                    is_anonymous,
                    cloud,
                });
            }
            Id::MicrosoftTeamsApp { app_id, cloud } => {
                model.microsoft_teams_app = Some(MicrosoftTeamsAppModel { app_id, cloud });
            }
            Id::TeamsExtensionUser {
                user_id,
                tenant_id,
                resource_id,
                cloud,
            } => {
                model.teams_extension_user = Some(TeamsExtensionUserModel {
                    user_id,
                    tenant_id,
                    resource_id,
                    cloud,
                });
            }
            Id::Unknown { .. } => {}
        }
        model
    }
}

impl From<&RawId> for CommunicationIdentifierModel {
    fn from(raw_id: &RawId) -> Self {
        Self::from(&CommunicationIdentifier::from_raw_id(raw_id.as_str()))
    }
}

impl TryFrom<&CommunicationIdentifierModel> for CommunicationIdentifier {
    type Error = IdentifierInvalid;

    /// Reads a model as requests carry it: a bare `rawId`, a bare nested model, or both.
    fn try_from(model: &CommunicationIdentifierModel) -> Result<Self, IdentifierInvalid> {
        let mut nested = Vec::with_capacity(1);
        if let Some(user) = &model.communication_user {
            nested.push(Self::CommunicationUser {
                communication_user_id: user.id.clone(),
            });
        }
        if let Some(phone) = &model.phone_number {
            nested.push(Self::PhoneNumber {
                phone_number: phone.value.clone(),
                asserted_id: phone.asserted_id.clone(),
            });
        }
        if let Some(user) = &model.microsoft_teams_user {
            nested.push(Self::teams_user(&user.user_id, user.is_anonymous, user.cloud));
        }
        if let Some(app) = &model.microsoft_teams_app {
            nested.push(Self::teams_app(&app.app_id, app.cloud));
        }
        if let Some(user) = &model.teams_extension_user {
            nested.push(Self::TeamsExtensionUser {
                user_id: user.user_id.clone(),
                tenant_id: user.tenant_id.clone(),
                resource_id: user.resource_id.clone(),
                cloud: user.cloud,
            });
        }
        match (nested.pop(), nested.is_empty(), &model.raw_id) {
            (Some(identifier), true, _) => Ok(identifier),
            (None, _, Some(raw_id)) if !raw_id.as_str().is_empty() => Ok(Self::from_raw_id(raw_id.as_str())),
            _ => Err(IdentifierInvalid),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_form_survives_the_way_to_raw_id_and_back() {
        for raw_id in [
            "4:+15551234567",
            "4:anonymous",
            "4:+15551234567_b7",
            "8:acs:r_u",
            "8:spool:x",
            "8:dod-acs:r_u",
            "8:acs:r_t_u",
            "8:gcch-acs:r_t_u",
            "8:orgid:o",
            "8:dod:o",
            "8:gcch:o",
            "8:teamsvisitor:v",
            "28:orgid:a",
            "28:dod:a",
            "28:gcch:a",
            "something else",
            "",
        ] {
            let identifier = CommunicationIdentifier::from_raw_id(raw_id);
            assert_eq!(identifier.raw_id().as_str(), raw_id);
            if !raw_id.is_empty() {
                let model = CommunicationIdentifierModel::from(&identifier);
                assert_eq!(CommunicationIdentifier::try_from(&model), Ok(identifier));
            }
        }
    }

    #[test]
    fn three_segments_after_acs_are_a_teams_extension_user() {
        assert!(matches!(
            CommunicationIdentifier::from_raw_id("8:acs:r_t_u"),
            CommunicationIdentifier::TeamsExtensionUser { .. }
        ));
        assert!(matches!(
            CommunicationIdentifier::from_raw_id("8:acs:r_u"),
            CommunicationIdentifier::CommunicationUser { .. }
        ));
    }

    #[test]
    fn two_nested_models_are_refused() {
        let model = CommunicationIdentifierModel {
            communication_user: Some(CommunicationUserModel {
                id: "8:acs:r_u".into(),
            }),
            phone_number: Some(PhoneNumberModel {
                value: "+1".into(),
                is_anonymous: None,
                asserted_id: None,
            }),
            ..CommunicationIdentifierModel::default()
        };
        assert_eq!(CommunicationIdentifier::try_from(&model), Err(IdentifierInvalid));
    }
}
