//! From when on a client can be called.

use openline_protocol::realtime::{CallCommand, CallNotice, ClientFrame};

use crate::{
    binary::{TestServer, dev_command},
    client::{Api, Client},
};

/// As many as the caller's socket may send frames for within the server's window, two for each.
const CALLS: usize = 90;

#[tokio::test]
async fn a_client_rings_from_the_moment_it_is_told_that_it_subscribed() {
    let directory = tempfile::tempdir().unwrap();
    let mut dev = dev_command(directory.path());
    dev.env("OPENLINE_CALLS__STARTS_PER_MINUTE", "0");
    let server = TestServer::start(dev);
    let api = Api::of(&server);
    let (ada, bob) = (api.sign_in("Ada").await, api.sign_in("Bob").await);
    let mut caller = Client::callable(&server, &ada, "Ada").await;
    for number in 0..CALLS {
        let call_id = format!("call {number}");
        let mut callee = Client::callable(&server, &bob, "Bob").await;
        caller.start_call(&call_id, &bob, "Ada").await;
        assert!(
            matches!(caller.notice().await, CallNotice::Ringing { .. }),
            "{call_id}"
        );
        assert!(
            matches!(callee.notice().await, CallNotice::Incoming { .. }),
            "{call_id}"
        );
        let call_id = call_id.as_str().into();
        caller.command(CallCommand::HangUp { call_id }).await;
        assert!(matches!(caller.notice().await, CallNotice::Ended { .. }));
        callee.send(&ClientFrame::Bye).await;
        assert_eq!(callee.close_code().await, Some(1000));
    }
}
