//! Rows: resources with their keys, identities, the sample page's people.

use openline_protocol::{RawId, ResourceId, Timestamp};
use openline_server::storage::{
    AccessKeyRow, DemoPersonRow, IdentityRow, ResourceRow, SigningKeyRow, Storage, StorageError, Transaction,
};

use crate::{NOW, add_identity, add_resource};

fn later(millis: u64) -> Timestamp {
    Timestamp::from_millis(NOW.as_millis() + millis)
}

fn access_key(resource_id: &ResourceId, slot: u8) -> AccessKeyRow {
    AccessKeyRow {
        resource_id: resource_id.clone(),
        slot,
        secret: vec![slot; 64],
        created_on: later(slot.into()),
    }
}

fn signing_key(resource_id: &ResourceId, key_id: &str, created_on: Timestamp) -> SigningKeyRow {
    SigningKeyRow {
        resource_id: resource_id.clone(),
        key_id: key_id.to_owned(),
        private_key: vec![7; 100],
        created_on,
    }
}

async fn add_access_key(storage: &Storage, row: AccessKeyRow) -> Result<(), StorageError> {
    storage
        .write(move |tx| Box::pin(async move { tx.insert_access_key(&row).await }))
        .await
}

async fn add_signing_key(storage: &Storage, row: SigningKeyRow) -> Result<(), StorageError> {
    storage
        .write(move |tx| Box::pin(async move { tx.insert_signing_key(&row).await }))
        .await
}

async fn find(storage: &Storage, resource_id: &ResourceId, raw_id: &RawId) -> Option<IdentityRow> {
    let (resource_id, raw_id) = (resource_id.clone(), raw_id.clone());
    storage
        .read(move |tx| Box::pin(async move { tx.find_identity(&resource_id, &raw_id).await }))
        .await
        .unwrap()
}

async fn revoke(storage: &Storage, resource_id: &ResourceId, raw_id: &RawId) -> Option<u64> {
    let (resource_id, raw_id) = (resource_id.clone(), raw_id.clone());
    storage
        .write(move |tx| Box::pin(async move { tx.revoke_tokens(&resource_id, &raw_id).await }))
        .await
        .unwrap()
}

async fn delete(storage: &Storage, resource_id: &ResourceId, raw_id: &RawId) -> bool {
    let (resource_id, raw_id) = (resource_id.clone(), raw_id.clone());
    storage
        .write(move |tx| Box::pin(async move { tx.delete_identity(&resource_id, &raw_id, later(5)).await }))
        .await
        .unwrap()
}

pub(crate) async fn resources_and_their_keys_are_listed_as_they_were_added(storage: &Storage) {
    let second = add_resource(storage, "zebra").await;
    let first = add_resource(storage, "ant").await;
    add_access_key(storage, access_key(&first, 2)).await.unwrap();
    add_access_key(storage, access_key(&first, 1)).await.unwrap();
    add_signing_key(storage, signing_key(&first, "newer", later(10)))
        .await
        .unwrap();
    add_signing_key(storage, signing_key(&first, "older", later(1)))
        .await
        .unwrap();

    let resources = storage
        .read(|tx: &mut dyn Transaction| tx.list_resources())
        .await
        .unwrap();
    let row = |resource_id, name: &str| ResourceRow {
        resource_id,
        name: name.to_owned(),
        created_on: NOW,
    };
    assert_eq!(resources, [row(first.clone(), "ant"), row(second, "zebra")]);
    let access_keys = storage
        .read(|tx: &mut dyn Transaction| tx.list_access_keys())
        .await
        .unwrap();
    assert_eq!(access_keys, [access_key(&first, 1), access_key(&first, 2)]);
    let signing_keys = storage
        .read(|tx: &mut dyn Transaction| tx.list_signing_keys())
        .await
        .unwrap();
    assert_eq!(
        signing_keys,
        [
            signing_key(&first, "older", later(1)),
            signing_key(&first, "newer", later(10))
        ]
    );
}

pub(crate) async fn a_name_an_id_and_a_key_slot_are_given_once(storage: &Storage) {
    let resource_id = add_resource(storage, "r").await;
    let same_name = ResourceRow {
        resource_id: ResourceId::new("another"),
        name: "r".to_owned(),
        created_on: NOW,
    };
    let result = storage
        .write(move |tx| Box::pin(async move { tx.insert_resource(&same_name).await }))
        .await;
    assert!(matches!(result, Err(StorageError::Conflict)));

    add_access_key(storage, access_key(&resource_id, 1))
        .await
        .unwrap();
    let again = add_access_key(storage, access_key(&resource_id, 1)).await;
    assert!(matches!(again, Err(StorageError::Conflict)));
    let nowhere = add_access_key(storage, access_key(&ResourceId::new("unknown"), 1)).await;
    assert!(matches!(nowhere, Err(StorageError::Conflict)));
    add_signing_key(storage, signing_key(&resource_id, "k", NOW))
        .await
        .unwrap();
    let again = add_signing_key(storage, signing_key(&resource_id, "k", NOW)).await;
    assert!(matches!(again, Err(StorageError::Conflict)));
}

pub(crate) async fn an_identity_is_found_as_it_was_added_and_only_in_its_resource(storage: &Storage) {
    let (here, elsewhere) = (
        add_resource(storage, "r").await,
        add_resource(storage, "other").await,
    );
    let raw_id = add_identity(storage, &here, "u").await.unwrap();
    let expected = IdentityRow {
        raw_id: raw_id.clone(),
        created_on: NOW,
        deleted_on: None,
        token_generation: 1,
    };
    assert_eq!(find(storage, &here, &raw_id).await, Some(expected));
    assert_eq!(find(storage, &elsewhere, &raw_id).await, None);
    assert!(matches!(
        add_identity(storage, &here, "u").await,
        Err(StorageError::Conflict)
    ));
    let nowhere = add_identity(storage, &ResourceId::new("unknown"), "u").await;
    assert!(matches!(nowhere, Err(StorageError::Conflict)));
}

pub(crate) async fn revoking_begins_the_next_generation(storage: &Storage) {
    let resource_id = add_resource(storage, "r").await;
    let raw_id = add_identity(storage, &resource_id, "u").await.unwrap();
    let other = add_identity(storage, &resource_id, "v").await.unwrap();
    assert_eq!(revoke(storage, &resource_id, &raw_id).await, Some(2));
    assert_eq!(revoke(storage, &resource_id, &raw_id).await, Some(3));
    assert_eq!(
        find(storage, &resource_id, &raw_id)
            .await
            .unwrap()
            .token_generation,
        3
    );
    assert_eq!(
        find(storage, &resource_id, &other)
            .await
            .unwrap()
            .token_generation,
        1
    );
    assert_eq!(
        revoke(storage, &resource_id, &RawId::new("8:acs:nobody")).await,
        None
    );
}

pub(crate) async fn deleting_marks_the_identity_once(storage: &Storage) {
    let resource_id = add_resource(storage, "r").await;
    let raw_id = add_identity(storage, &resource_id, "u").await.unwrap();
    assert!(delete(storage, &resource_id, &raw_id).await);
    assert!(!delete(storage, &resource_id, &raw_id).await);
    assert_eq!(
        find(storage, &resource_id, &raw_id).await.unwrap().deleted_on,
        Some(later(5))
    );
    assert_eq!(revoke(storage, &resource_id, &raw_id).await, None);
}

pub(crate) async fn a_demo_name_belongs_to_one_person_until_the_identity_is_deleted(storage: &Storage) {
    let resource_id = add_resource(storage, "r").await;
    let ann = DemoPersonRow {
        name: "Ann".to_owned(),
        raw_id: add_identity(storage, &resource_id, "ann").await.unwrap(),
    };
    let bob = DemoPersonRow {
        name: "Bob".to_owned(),
        raw_id: add_identity(storage, &resource_id, "bob").await.unwrap(),
    };
    for (key, person) in [("bob", bob.clone()), ("ann", ann.clone())] {
        let resource_id = resource_id.clone();
        storage
            .write(move |tx| Box::pin(async move { tx.put_demo_person(&resource_id, key, &person).await }))
            .await
            .unwrap();
    }
    assert_eq!(people(storage, &resource_id).await, [ann.clone(), bob.clone()]);
    assert_eq!(person(storage, &resource_id, "ann").await, Some(ann.clone()));
    assert_eq!(person(storage, &resource_id, "Ann").await, None);

    assert!(delete(storage, &resource_id, &ann.raw_id).await);
    assert_eq!(people(storage, &resource_id).await, [bob]);
    assert_eq!(person(storage, &resource_id, "ann").await, None);
}

async fn people(storage: &Storage, resource_id: &ResourceId) -> Vec<DemoPersonRow> {
    let resource_id = resource_id.clone();
    storage
        .read(move |tx| Box::pin(async move { tx.list_demo_people(&resource_id, 10).await }))
        .await
        .unwrap()
}

async fn person(storage: &Storage, resource_id: &ResourceId, key: &'static str) -> Option<DemoPersonRow> {
    let resource_id = resource_id.clone();
    storage
        .read(move |tx| Box::pin(async move { tx.find_demo_person(&resource_id, key).await }))
        .await
        .unwrap()
}
