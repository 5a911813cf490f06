//! Identifiers in JavaScript: plain objects with own fields, and their raw ids.

use js_sys::Object;
use openline_protocol::{CloudEnvironment, CommunicationIdentifier, RawId};
use wasm_bindgen::{JsCast as _, JsValue, prelude::wasm_bindgen};

use super::{
    error::type_error,
    object::{self, Plain},
};

/// The identifier that a raw id stands for. Every text is some identifier: at worst an unknown one.
///
/// @example
/// createIdentifierFromRawId("4:+15551234567"); // { kind: "phoneNumber", phoneNumber: "+15551234567", .. }
#[wasm_bindgen(js_name = createIdentifierFromRawId, unchecked_return_type = "CommunicationIdentifierKind")]
pub fn create_identifier_from_raw_id(#[wasm_bindgen(js_name = rawId)] raw_id: &str) -> JsValue {
    to_js(&CommunicationIdentifier::from_raw_id(raw_id))
}

/// The raw id of an identifier: one text that names it, for keys and storage.
///
/// @throws {TypeError} It is no identifier.
#[wasm_bindgen(js_name = getIdentifierRawId)]
pub fn get_identifier_raw_id(
    #[wasm_bindgen(unchecked_param_type = "CommunicationIdentifier")] identifier: &JsValue,
) -> Result<String, JsValue> {
    raw_id_from_js(identifier).map(RawId::into_string)
}

/// A copy of the identifier that says what it is, in `kind`.
#[wasm_bindgen(js_name = getIdentifierKind, unchecked_return_type = "CommunicationIdentifierKind")]
#[must_use]
pub fn get_identifier_kind(
    #[wasm_bindgen(unchecked_param_type = "CommunicationIdentifier")] identifier: &JsValue,
) -> JsValue {
    let copy = Object::new();
    if let Some(identifier) = identifier.dyn_ref::<Object>() {
        Object::assign(&copy, identifier);
    }
    let kind = Kind::of(identifier).map_or("unknown", Kind::name);
    object::set(&copy, "kind", &kind.into());
    copy.into()
}

/// Whether it is a user of a communication resource.
#[wasm_bindgen(
    js_name = isCommunicationUserIdentifier,
    unchecked_return_type = "identifier is CommunicationUserIdentifier"
)]
#[must_use]
pub fn is_communication_user_identifier(
    #[wasm_bindgen(unchecked_param_type = "CommunicationIdentifier")] identifier: &JsValue,
) -> bool {
    Kind::CommunicationUser.fits(identifier)
}

/// Whether it is a phone number.
#[wasm_bindgen(js_name = isPhoneNumberIdentifier, unchecked_return_type = "identifier is PhoneNumberIdentifier")]
#[must_use]
pub fn is_phone_number_identifier(
    #[wasm_bindgen(unchecked_param_type = "CommunicationIdentifier")] identifier: &JsValue,
) -> bool {
    Kind::PhoneNumber.fits(identifier)
}

/// Whether it is a Microsoft Teams user.
#[wasm_bindgen(
    js_name = isMicrosoftTeamsUserIdentifier,
    unchecked_return_type = "identifier is MicrosoftTeamsUserIdentifier"
)]
#[must_use]
pub fn is_microsoft_teams_user_identifier(
    #[wasm_bindgen(unchecked_param_type = "CommunicationIdentifier")] identifier: &JsValue,
) -> bool {
    Kind::MicrosoftTeamsUser.fits(identifier)
}

/// Whether it is a Microsoft Teams application.
#[wasm_bindgen(
    js_name = isMicrosoftTeamsAppIdentifier,
    unchecked_return_type = "identifier is MicrosoftTeamsAppIdentifier"
)]
#[must_use]
pub fn is_microsoft_teams_app_identifier(
    #[wasm_bindgen(unchecked_param_type = "CommunicationIdentifier")] identifier: &JsValue,
) -> bool {
    Kind::MicrosoftTeamsApp.fits(identifier)
}

/// Whether it is a Microsoft Teams user who acts through a communication resource.
#[wasm_bindgen(
    js_name = isTeamsExtensionUserIdentifier,
    unchecked_return_type = "identifier is TeamsExtensionUserIdentifier"
)]
#[must_use]
pub fn is_teams_extension_user_identifier(
    #[wasm_bindgen(unchecked_param_type = "CommunicationIdentifier")] identifier: &JsValue,
) -> bool {
    Kind::TeamsExtensionUser.fits(identifier)
}

/// Whether it is of a kind that this SDK does not know.
#[wasm_bindgen(js_name = isUnknownIdentifier, unchecked_return_type = "identifier is UnknownIdentifier")]
#[must_use]
pub fn is_unknown_identifier(
    #[wasm_bindgen(unchecked_param_type = "CommunicationIdentifier")] identifier: &JsValue,
) -> bool {
    Kind::Unknown.fits(identifier)
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    CommunicationUser,
    PhoneNumber,
    MicrosoftTeamsUser,
    MicrosoftTeamsApp,
    TeamsExtensionUser,
    Unknown,
}

impl Kind {
    /// In the order in which an object with the fields of several is read.
    const ALL: [Self; 6] = [
        Self::CommunicationUser,
        Self::PhoneNumber,
        Self::MicrosoftTeamsUser,
        Self::MicrosoftTeamsApp,
        Self::TeamsExtensionUser,
        Self::Unknown,
    ];

    fn of(identifier: &JsValue) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.fits(identifier))
    }

    fn fits(self, identifier: &JsValue) -> bool {
        self.fields()
            .iter()
            .all(|field| object::get_string(identifier, field).is_some())
    }

    const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::CommunicationUser => &["communicationUserId"],
            Self::PhoneNumber => &["phoneNumber"],
            Self::MicrosoftTeamsUser => &["microsoftTeamsUserId"],
            Self::MicrosoftTeamsApp => &["teamsAppId"],
            Self::TeamsExtensionUser => &["userId", "tenantId", "resourceId"],
            Self::Unknown => &["id"],
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::CommunicationUser => "communicationUser",
            Self::PhoneNumber => "phoneNumber",
            Self::MicrosoftTeamsUser => "microsoftTeamsUser",
            Self::MicrosoftTeamsApp => "microsoftTeamsApp",
            Self::TeamsExtensionUser => "teamsExtensionUser",
            Self::Unknown => "unknown",
        }
    }
}

/// The identifier as a plain object with its `kind`.
pub(crate) fn to_js(identifier: &CommunicationIdentifier) -> JsValue {
    use CommunicationIdentifier as Id;
    let plain = |kind: Kind| Plain::new().with("kind", kind.name());
    match identifier {
        Id::CommunicationUser {
            communication_user_id,
        } => plain(Kind::CommunicationUser).with("communicationUserId", communication_user_id.as_str()),
        Id::PhoneNumber { asserted_id, .. } => {
            // The number keeps its suffix here, as published clients have it.
            let raw_id = identifier.raw_id().into_string();
            let number = raw_id.strip_prefix("4:").unwrap_or(&raw_id);
            plain(Kind::PhoneNumber)
                .with("phoneNumber", number)
                .with("isAnonymous", number == "anonymous")
                .with("assertedId", asserted_id.clone())
        }
        Id::MicrosoftTeamsUser {
            user_id,
            is_anonymous,
            cloud,
        } => plain(Kind::MicrosoftTeamsUser)
            .with("microsoftTeamsUserId", user_id.as_str())
            .with("isAnonymous", *is_anonymous)
            .with("cloud", (!is_anonymous).then(|| cloud_name(*cloud))),
        Id::MicrosoftTeamsApp { app_id, cloud } => plain(Kind::MicrosoftTeamsApp)
            .with("teamsAppId", app_id.as_str())
            .with("cloud", cloud_name(*cloud)),
        Id::TeamsExtensionUser {
            user_id,
            tenant_id,
            resource_id,
            cloud,
        } => plain(Kind::TeamsExtensionUser)
            .with("userId", user_id.as_str())
            .with("tenantId", tenant_id.as_str())
            .with("resourceId", resource_id.as_str())
            .with("cloud", cloud_name(*cloud)),
        Id::Unknown { id } => plain(Kind::Unknown).with("id", id.as_str()),
    }
    .build()
}

/// The same from a raw id.
pub(crate) fn raw_id_to_js(raw_id: &RawId) -> JsValue {
    to_js(&CommunicationIdentifier::from_raw_id(raw_id.as_str()))
}

/// The same from the model of REST answers, which always carry the raw id; one that says nothing is unknown.
pub(crate) fn model_to_js(model: &JsValue) -> JsValue {
    let user_id = || object::get(model, "communicationUser").and_then(|user| object::get_string(&user, "id"));
    let raw_id = object::get_string(model, "rawId")
        .or_else(user_id)
        .unwrap_or_default();
    to_js(&CommunicationIdentifier::from_raw_id(&raw_id))
}

/// The raw id of an identifier that an application passed.
pub(crate) fn raw_id_from_js(identifier: &JsValue) -> Result<RawId, JsValue> {
    let invalid =
        || type_error("Pass an identifier, such as { communicationUserId }; see createIdentifierFromRawId.");
    let kind = Kind::of(identifier).ok_or_else(invalid)?;
    let field = |name| object::get_string(identifier, name).unwrap_or_default();
    let derived = match kind {
        Kind::CommunicationUser => return Ok(RawId::new(field("communicationUserId"))),
        Kind::Unknown => return Ok(RawId::new(field("id"))),
        Kind::PhoneNumber => CommunicationIdentifier::PhoneNumber {
            phone_number: field("phoneNumber"),
            asserted_id: None,
        },
        Kind::MicrosoftTeamsUser => CommunicationIdentifier::MicrosoftTeamsUser {
            user_id: field("microsoftTeamsUserId"),
            is_anonymous: object::get(identifier, "isAnonymous").is_some_and(|value| value.is_truthy()),
            cloud: cloud_of(&field("cloud")),
        },
        Kind::MicrosoftTeamsApp => CommunicationIdentifier::MicrosoftTeamsApp {
            app_id: field("teamsAppId"),
            cloud: cloud_of(&field("cloud")),
        },
        Kind::TeamsExtensionUser => CommunicationIdentifier::TeamsExtensionUser {
            user_id: field("userId"),
            tenant_id: field("tenantId"),
            resource_id: field("resourceId"),
            cloud: cloud_of(&field("cloud")),
        },
    };
    let given = object::get_string(identifier, "rawId").filter(|raw_id| !raw_id.is_empty());
    Ok(given.map_or_else(|| derived.raw_id(), RawId::new))
}

const fn cloud_name(cloud: CloudEnvironment) -> &'static str {
    match cloud {
        CloudEnvironment::Public => "public",
        CloudEnvironment::Dod => "dod",
        CloudEnvironment::Gcch => "gcch",
    }
}

fn cloud_of(name: &str) -> CloudEnvironment {
    match name {
        "dod" => CloudEnvironment::Dod,
        "gcch" => CloudEnvironment::Gcch,
        _ => CloudEnvironment::Public,
    }
}
