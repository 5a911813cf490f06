//! Frames of the realtime socket.

use openline_protocol::realtime::{ClientFrame, IceServer, Resume, ServerFrame, Topic};
use proptest::{collection::vec, option, prelude::*};

use crate::{
    call::{command, notice},
    event::event,
    values::{assert_survives, damage, name},
};

proptest! {
    #[test]
    fn a_frame_of_the_client_survives_the_wire(frame in client_frame(), damage in damage()) {
        assert_survives(&frame, &damage);
    }

    #[test]
    fn a_frame_of_the_server_survives_the_wire(frame in server_frame(), damage in damage()) {
        assert_survives(&frame, &damage);
    }

    #[test]
    fn what_is_no_frame_is_an_error(bytes in any::<Vec<u8>>()) {
        prop_assert!(serde_json::from_slice::<ClientFrame>(&bytes).is_err());
        prop_assert!(serde_json::from_slice::<ServerFrame>(&bytes).is_err());
    }
}

#[test]
fn a_client_that_does_not_count_its_hellos_is_understood() {
    let text = r#"{"type":"hello","versions":[1],"token":"t","resume":{"sessionId":"s","receivedSeq":7}}"#;
    let hello = ClientFrame::Hello {
        versions: vec![1],
        token: "t".to_owned(),
        resume: Some(Resume {
            session_id: "s".into(),
            received_seq: 7,
            attempt: 0,
        }),
    };
    assert_eq!(serde_json::from_str::<ClientFrame>(text).ok(), Some(hello));
}

fn topic() -> impl Strategy<Value = Topic> {
    prop::sample::select(vec![Topic::Chat, Topic::Calls])
}

fn client_frame() -> impl Strategy<Value = ClientFrame> {
    let resume = option::of(
        any::<(String, u64, u32)>().prop_map(|(session_id, received_seq, attempt)| Resume {
            session_id: session_id.into(),
            received_seq,
            attempt,
        }),
    );
    prop_oneof![
        (any::<Vec<u32>>(), any::<String>(), resume).prop_map(|(versions, token, resume)| {
            ClientFrame::Hello {
                versions,
                token,
                resume,
            }
        }),
        any::<String>().prop_map(|token| ClientFrame::Token { token }),
        (topic(), any::<Option<u64>>(), name()).prop_map(|(topic, cursor, display_name)| {
            ClientFrame::Subscribe {
                topic,
                cursor,
                display_name,
            }
        }),
        topic().prop_map(|topic| ClientFrame::Unsubscribe { topic }),
        (any::<u64>(), command()).prop_map(|(seq, command)| ClientFrame::Command { seq, command }),
        any::<u64>().prop_map(|received_seq| ClientFrame::Ack { received_seq }),
        any::<u64>().prop_map(|id| ClientFrame::Ping { id }),
        Just(ClientFrame::Bye),
    ]
}

fn server_frame() -> impl Strategy<Value = ServerFrame> {
    prop_oneof![
        welcome(),
        (topic(), any::<Option<u64>>(), any::<bool>()).prop_map(|(topic, cursor, expired)| {
            ServerFrame::Subscribed {
                topic,
                cursor,
                expired,
            }
        }),
        (any::<u64>(), notice()).prop_map(|(seq, notice)| ServerFrame::Notice { seq, notice }),
        (any::<Option<u64>>(), any::<Option<u64>>(), event()).prop_map(
            |(position, thread_sequence, event)| {
                ServerFrame::Event {
                    position,
                    thread_sequence,
                    event: Box::new(event),
                }
            }
        ),
        any::<u64>().prop_map(|received_seq| ServerFrame::Ack { received_seq }),
        any::<u64>().prop_map(|id| ServerFrame::Pong { id }),
        any::<u64>().prop_map(|remaining_ms| ServerFrame::TokenExpiring { remaining_ms }),
        vec(ice_server(), 0..2).prop_map(|ice_servers| ServerFrame::IceServers { ice_servers }),
    ]
}

fn ice_server() -> impl Strategy<Value = IceServer> {
    (any::<Vec<String>>(), name(), name()).prop_map(|(urls, username, credential)| IceServer {
        urls,
        username,
        credential,
    })
}

fn welcome() -> impl Strategy<Value = ServerFrame> {
    (
        any::<(u32, String, String, bool)>(),
        any::<[u64; 3]>(),
        vec(ice_server(), 0..2),
    )
        .prop_map(
            |((version, session_id, endpoint_id, resumed), numbers, ice_servers)| {
                let [received_seq, heartbeat_interval_ms, session_grace_ms] = numbers;
                ServerFrame::Welcome {
                    version,
                    session_id: session_id.into(),
                    endpoint_id: endpoint_id.into(),
                    resumed,
                    received_seq,
                    heartbeat_interval_ms,
                    session_grace_ms,
                    ice_servers,
                    level: version % 3,
                }
            },
        )
}
