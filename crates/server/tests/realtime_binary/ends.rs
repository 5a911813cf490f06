//! What an orderly stop means for clients.

use crate::{
    binary::TestServer,
    client::{Api, Client},
};

#[tokio::test]
async fn a_stopping_server_tells_its_clients_to_come_back_and_exits_cleanly() {
    let directory = tempfile::tempdir().unwrap();
    let server = TestServer::dev(directory.path());
    let ada = Api::of(&server).sign_in("Ada").await;
    let mut client = Client::connect(&server, &ada).await;
    server.begin_stop();
    assert_eq!(client.close_code().await, Some(1012));
    assert_eq!(server.ended().code, Some(0));
}
