//! What a kill and an orderly stop mean for clients.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use crate::{
    binary::TestServer,
    client::{Api, Client, Seen},
};

#[tokio::test]
async fn messages_acknowledged_before_a_kill_arrive_after_it_once_and_in_order() {
    let directory = tempfile::tempdir().unwrap();
    let server = TestServer::dev(directory.path());
    let api = Api::of(&server);
    let (ada, bob) = (api.sign_in("Ada").await, api.sign_in("Bob").await);
    let thread = api.thread(&ada, "Lunch", &bob).await;
    let mut client = Client::connect(&server, &bob, None).await;
    let start = client.subscribe(None).await;

    let acknowledged = Arc::<AtomicUsize>::default();
    let sender = tokio::spawn({
        let (api, ada, thread) = (api.clone(), ada.clone(), thread.clone());
        let acknowledged = Arc::clone(&acknowledged);
        async move {
            while api
                .send(&ada, &thread, &acknowledged.load(Ordering::SeqCst).to_string())
                .await
            {
                acknowledged.fetch_add(1, Ordering::SeqCst);
            }
        }
    });
    let mut seen = Seen {
        cursor: start,
        texts: Vec::new(),
    };
    while seen.texts.len() < 60 {
        client.event(&mut seen).await;
    }
    server.stop_with("-KILL");
    sender.await.unwrap();

    let acknowledged = acknowledged.load(Ordering::SeqCst);
    let server = TestServer::dev(directory.path());
    let session = client.session.take();
    let mut client = Client::connect(&server, &bob, session).await;
    assert_eq!(client.subscribe(Some(seen.cursor)).await, seen.cursor);
    assert!(Api::of(&server).send(&ada, &thread, "last").await);
    while seen.texts.last().is_none_or(|text| text != "last") {
        client.event(&mut seen).await;
    }
    seen.texts.pop();
    // The message under way when the server died may have been stored without being acknowledged.
    assert!(
        (acknowledged..=acknowledged + 1).contains(&seen.texts.len()),
        "{acknowledged} and {}",
        seen.texts.len()
    );
    assert_eq!(
        seen.texts,
        (0..seen.texts.len())
            .map(|number| number.to_string())
            .collect::<Vec<_>>()
    );
    assert_eq!(seen.texts.iter().collect::<HashSet<_>>().len(), seen.texts.len());
}

#[tokio::test]
async fn a_stopping_server_tells_its_clients_to_come_back_and_exits_cleanly() {
    let directory = tempfile::tempdir().unwrap();
    let server = TestServer::dev(directory.path());
    let ada = Api::of(&server).sign_in("Ada").await;
    let mut client = Client::connect(&server, &ada, None).await;
    server.begin_stop();
    assert_eq!(client.close_code().await, Some(1012));
    assert_eq!(server.ended().code, Some(0));
}
