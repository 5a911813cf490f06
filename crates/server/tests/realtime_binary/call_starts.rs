//! How often somebody may start a call.

use openline_protocol::{
    CallEndReason,
    realtime::{CallCommand, CallNotice, MediaState},
};

use crate::{
    binary::{TestServer, dev_command},
    client::{Api, Client},
};

#[tokio::test]
async fn who_starts_more_calls_than_the_settings_allow_rings_nobody() {
    let directory = tempfile::tempdir().unwrap();
    let mut dev = dev_command(directory.path());
    dev.env("OPENLINE_CALLS__STARTS_PER_MINUTE", "2");
    let server = TestServer::start(dev);
    let api = Api::of(&server);
    let (ada, bob, cid) = (
        api.sign_in("Ada").await,
        api.sign_in("Bob").await,
        api.sign_in("Cid").await,
    );
    let mut callee = Client::callable(&server, &bob, "Bob").await;
    let mut caller = Client::callable(&server, &ada, "Ada").await;
    for call_id in ["first", "second"] {
        caller.start_call(call_id, &bob, "Ada").await;
        assert!(matches!(callee.notice().await, CallNotice::Incoming { .. }));
        assert!(matches!(caller.notice().await, CallNotice::Ringing { .. }));
    }
    // Another of the identity's clients changes nothing.
    let mut second_device = Client::callable(&server, &ada, "Ada").await;
    for client in [&mut caller, &mut second_device] {
        client.start_call("third", &bob, "Ada").await;
        let refused = CallNotice::Ended {
            call_id: "third".into(),
            reason: CallEndReason::SERVICE_UNAVAILABLE,
        };
        assert_eq!(client.notice().await, refused);
    }
    let mut other = Client::callable(&server, &cid, "Cid").await;
    other.start_call("fourth", &bob, "Cid").await;
    let CallNotice::Incoming { call_id, .. } = callee.notice().await else {
        panic!("incoming")
    };
    assert_eq!(call_id, "fourth".into());
}

#[tokio::test]
async fn a_transfer_counts_as_a_start_of_whoever_asks_for_it() {
    let directory = tempfile::tempdir().unwrap();
    let mut dev = dev_command(directory.path());
    dev.env("OPENLINE_CALLS__STARTS_PER_MINUTE", "2");
    let server = TestServer::start(dev);
    let api = Api::of(&server);
    let (ada, bob) = (api.sign_in("Ada").await, api.sign_in("Bob").await);
    let mut callee = Client::callable(&server, &bob, "Bob").await;
    let mut caller = Client::callable(&server, &ada, "Ada").await;
    caller.start_call("call", &bob, "Ada").await;
    assert!(matches!(callee.notice().await, CallNotice::Incoming { .. }));
    assert!(matches!(caller.notice().await, CallNotice::Ringing { .. }));
    let accept = CallCommand::Accept {
        call_id: "call".into(),
        display_name: None,
        media: MediaState::default(),
    };
    callee.command(accept).await;
    assert!(matches!(caller.notice().await, CallNotice::Answered { .. }));
    for (into, reason) in [
        ("first", CallEndReason::NOT_ALLOWED),
        ("second", CallEndReason::SERVICE_UNAVAILABLE),
    ] {
        let transfer = CallCommand::Transfer {
            call_id: "call".into(),
            into: into.into(),
            target: bob.id.as_str().into(),
            custom_context: None,
        };
        caller.command(transfer).await;
        let refused = CallNotice::Ended {
            call_id: into.into(),
            reason,
        };
        assert_eq!(caller.notice().await, refused);
    }
}
