//! Identifiers: raw ids, values and models.

use openline_protocol::{
    CloudEnvironment, CommunicationIdentifier, CommunicationIdentifierModel, CommunicationUserModel,
    MicrosoftTeamsAppModel, MicrosoftTeamsUserModel, PhoneNumberModel, RawId, TeamsExtensionUserModel,
};
use proptest::{option, prelude::*};

use crate::values::{assert_survives, damage, name};

proptest! {
    #[test]
    fn every_text_is_the_raw_id_of_what_it_is_read_as(raw_id in raw_id()) {
        let identifier = CommunicationIdentifier::from_raw_id(&raw_id);
        prop_assert_eq!(identifier.raw_id(), RawId::new(raw_id.as_str()));
        let model = CommunicationIdentifierModel::from(&identifier);
        let read = CommunicationIdentifier::try_from(&model);
        prop_assert_eq!(read.ok(), Some(identifier).filter(|_| !raw_id.is_empty()));
    }

    #[test]
    fn a_model_survives_the_wire(model in model(), damage in damage()) {
        assert_survives(&model, &damage);
    }

    #[test]
    fn a_model_that_names_one_kind_is_read_and_one_that_names_several_is_not(model in model()) {
        let kinds = [
            model.communication_user.is_some(),
            model.phone_number.is_some(),
            model.microsoft_teams_user.is_some(),
            model.microsoft_teams_app.is_some(),
            model.teams_extension_user.is_some(),
        ];
        let named = kinds.into_iter().filter(|named| *named).count();
        let bare = model.raw_id.as_ref().is_some_and(|raw_id| !raw_id.as_str().is_empty());
        let reads = named == 1 || (named == 0 && bare);
        prop_assert_eq!(CommunicationIdentifier::try_from(&model).is_ok(), reads);
    }
}

fn raw_id() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "(4:|8:acs:|8:dod-acs:|8:spool:|8:orgid:|8:teamsvisitor:|28:gcch:|8:|28:)[a-z_:]{0,8}",
    ]
}

pub(crate) fn model() -> impl Strategy<Value = CommunicationIdentifierModel> {
    let text = any::<String>;
    let cloud = || {
        prop::sample::select(vec![
            CloudEnvironment::Public,
            CloudEnvironment::Dod,
            CloudEnvironment::Gcch,
        ])
    };
    let user = option::weighted(0.2, text().prop_map(|id| CommunicationUserModel { id }));
    let phone = (text(), any::<Option<bool>>(), name()).prop_map(|(value, is_anonymous, asserted_id)| {
        PhoneNumberModel {
            value,
            is_anonymous,
            asserted_id,
        }
    });
    let teams_user =
        (text(), any::<bool>(), cloud()).prop_map(|(user_id, is_anonymous, cloud)| MicrosoftTeamsUserModel {
            user_id,
            is_anonymous,
            cloud,
        });
    let teams_app = (text(), cloud()).prop_map(|(app_id, cloud)| MicrosoftTeamsAppModel { app_id, cloud });
    let extension = (any::<[String; 3]>(), cloud()).prop_map(|([user_id, tenant_id, resource_id], cloud)| {
        TeamsExtensionUserModel {
            user_id,
            tenant_id,
            resource_id,
            cloud,
        }
    });
    let seldom = 0.2;
    (
        name(),
        user,
        option::weighted(seldom, phone),
        option::weighted(seldom, teams_user),
        option::weighted(seldom, teams_app),
        option::weighted(seldom, extension),
    )
        .prop_map(
            |(raw_id, communication_user, phone_number, teams_user, teams_app, teams_extension_user)| {
                CommunicationIdentifierModel {
                    raw_id: raw_id.map(RawId::new),
                    communication_user,
                    phone_number,
                    microsoft_teams_user: teams_user,
                    microsoft_teams_app: teams_app,
                    teams_extension_user,
                }
            },
        )
}
