//! List, add, remove.

use serde_json::json;

use crate::api::{Api, identifier, participant, string};

#[tokio::test]
async fn participants_are_listed_in_the_order_in_which_they_came() {
    let api = Api::new().await;
    let (ann, bob, cat) = (api.person().await, api.person().await, api.person().await);
    let thread = api.thread(&ann, &[&cat]).await;
    let mut added = participant(&bob);
    added["displayName"] = json!("Bob");
    added["shareHistoryTime"] = json!("2020-09-13T12:26:40.000Z");
    added["metadata"] = json!({"k": "v"});
    let answer = api
        .post(
            &ann,
            &format!("{thread}/participants/:add"),
            json!({"participants": [added]}),
        )
        .await;
    assert_eq!((answer.status.as_u16(), answer.body), (201, json!({})));
    let list = api.get(&cat, &format!("{thread}/participants")).await.body;
    let epoch = "1970-01-01T00:00:00Z";
    assert_eq!(
        list,
        json!({"value": [
            {"communicationIdentifier": identifier(&ann), "shareHistoryTime": epoch},
            {"communicationIdentifier": identifier(&cat), "shareHistoryTime": epoch},
            {
                "communicationIdentifier": identifier(&bob),
                "displayName": "Bob",
                "shareHistoryTime": "2020-09-13T12:26:40Z",
                "metadata": {"k": "v"},
            },
        ]})
    );
}

#[tokio::test]
async fn who_cannot_be_added_is_named_by_the_exact_raw_id() {
    let api = Api::new().await;
    let (ann, gone) = (api.person().await, api.person().await);
    api.delete_identity(&gone).await;
    let resource = ann.raw_id.split_once('_').unwrap().0;
    let unknown = format!("{resource}_00000000-0000-0000-0000-000000000000");
    let foreign = "8:acs:00000000-0000-0000-0000-000000000000_00000000-0000-0000-0000-000000000001";
    let named = [
        unknown.as_str(),
        gone.raw_id.as_str(),
        foreign,
        "4:+15551234567",
        "8:orgid:x",
    ];
    let participants: Vec<_> = named
        .iter()
        .map(|raw_id| json!({"communicationIdentifier": {"rawId": raw_id}}))
        .collect();
    let expected = json!([
        {"code": "404", "message": "Not found", "target": unknown},
        {"code": "404", "message": "Not found", "target": gone.raw_id},
        {"code": "403", "message": "Permissions check failed", "target": foreign},
        {"code": "403", "message": "Permissions check failed", "target": "4:+15551234567"},
        {"code": "403", "message": "Permissions check failed", "target": "8:orgid:x"},
    ]);
    let created = api
        .post(
            &ann,
            "/chat/threads",
            json!({"topic": "x", "participants": participants}),
        )
        .await;
    assert_eq!(created.status, 201);
    assert_eq!(created.body["invalidParticipants"], expected);
    let thread = crate::api::path(string(&created.body["chatThread"]["id"]));
    let add = json!({"participants": participants});
    let added = api.post(&ann, &format!("{thread}/participants/:add"), add).await;
    assert_eq!(
        (added.status.as_u16(), &added.body),
        (201, &json!({"invalidParticipants": expected}))
    );
    let list = api.get(&ann, &format!("{thread}/participants")).await.body;
    assert_eq!(list["value"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn adding_and_removing_leave_system_messages_and_a_repetition_leaves_none() {
    let api = Api::new().await;
    let (ann, bob) = (api.person().await, api.person().await);
    let thread = api.thread(&ann, &[]).await;
    let (add, remove) = (
        format!("{thread}/participants/:add"),
        format!("{thread}/participants/:remove"),
    );
    for _ in 0..2 {
        let added = api
            .post(&ann, &add, json!({"participants": [participant(&bob)]}))
            .await;
        assert_eq!(added.status, 201);
    }
    for _ in 0..2 {
        api.post(&ann, &remove, json!({"communicationUser": {"id": bob.raw_id}}))
            .await
            .is_empty(204);
    }
    let messages = api.get(&ann, &format!("{thread}/messages")).await.body;
    let types: Vec<_> = messages["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| string(&m["type"]))
        .collect();
    assert_eq!(
        types,
        [
            "participantRemoved",
            "participantAdded",
            "topicUpdated",
            "participantAdded"
        ]
    );
    assert_eq!(
        messages["value"][0]["content"]["participants"][0]["communicationIdentifier"],
        identifier(&bob)
    );
    assert_eq!(
        messages["value"][0]["content"]["initiatorCommunicationIdentifier"],
        identifier(&ann)
    );
}

#[tokio::test]
async fn adding_somebody_again_changes_the_name() {
    let api = Api::new().await;
    let (ann, bob) = (api.person().await, api.person().await);
    let thread = api.thread(&ann, &[&bob]).await;
    let mut named = participant(&bob);
    named["displayName"] = json!("Bobby");
    let body = json!({"participants": [named]});
    api.post(&ann, &format!("{thread}/participants/:add"), body).await;
    let list = api.get(&ann, &format!("{thread}/participants")).await.body;
    assert_eq!(list["value"].as_array().unwrap().len(), 2);
    assert_eq!(list["value"][1]["displayName"], "Bobby");
}

#[tokio::test]
async fn somebody_removed_has_no_access_until_added_again_and_may_leave_alone() {
    let api = Api::new().await;
    let (ann, bob) = (api.person().await, api.person().await);
    let thread = api.thread(&ann, &[&bob]).await;
    api.post(&bob, &format!("{thread}/participants/:remove"), identifier(&bob))
        .await
        .is_empty(204);
    api.get(&bob, &thread).await.is_error(403, "Forbidden");
    let body = json!({"content": "x"});
    api.post(&bob, &format!("{thread}/messages"), body.clone())
        .await
        .is_error(403, "Forbidden");
    let add = json!({"participants": [participant(&bob)]});
    assert_eq!(
        api.post(&ann, &format!("{thread}/participants/:add"), add)
            .await
            .status,
        201
    );
    assert_eq!(api.get(&bob, &thread).await.status, 200);
    assert_eq!(
        api.post(&bob, &format!("{thread}/messages"), body).await.status,
        201
    );
    assert_eq!(
        api.get(&bob, "/chat/threads").await.body["value"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn a_thread_has_at_most_250_participants() {
    let api = Api::new().await;
    let ann = api.person().await;
    let mut people = Vec::new();
    for _ in 0..250 {
        people.push(api.person().await);
    }
    let named = |people: &[crate::api::Person]| people.iter().map(participant).collect::<Vec<_>>();
    let body = json!({"topic": "x", "participants": named(&people[..200])});
    let created = api.post(&ann, "/chat/threads", body).await;
    let thread = crate::api::path(string(&created.body["chatThread"]["id"]));
    let add = format!("{thread}/participants/:add");
    let rest = json!({"participants": named(&people[200..])});
    let refused = api.post(&ann, &add, rest).await;
    refused.is_error(400, "BadRequest");
    assert_eq!(
        refused.body["error"]["message"],
        "A thread holds at most 250 participants."
    );
    let fitting = json!({"participants": named(&people[200..249])});
    assert_eq!(api.post(&ann, &add, fitting).await.status, 201);
    let count = api
        .pages(&ann, &format!("{thread}/participants"))
        .await
        .concat()
        .len();
    assert_eq!(count, 250);
}

#[tokio::test]
async fn identifiers_that_name_nobody_are_refused() {
    let api = Api::new().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    let two = json!({"communicationUser": {"id": "8:acs:r_u"}, "phoneNumber": {"value": "+1"}});
    for identifier in [json!({}), json!({"rawId": ""}), two] {
        let remove = api
            .post(
                &ann,
                &format!("{thread}/participants/:remove"),
                identifier.clone(),
            )
            .await;
        remove.is_error(400, "BadRequest");
        let body = json!({"participants": [{"communicationIdentifier": identifier}]});
        api.post(&ann, &format!("{thread}/participants/:add"), body)
            .await
            .is_error(400, "BadRequest");
    }
}
