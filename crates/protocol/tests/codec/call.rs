//! Every command and notice survives its way over the wire, and what is not one is refused.

use openline_protocol::{
    CallEndReason,
    realtime::{
        CallCommand, CallNotice, CallPeer, IceCandidate, MediaState, PeerSignal, SessionDescription,
        SessionDescriptionType, Transferor,
    },
};
use proptest::prelude::*;

use crate::values::name;

proptest! {
    #[test]
    fn a_command_survives_the_wire(command in command()) {
        let json = serde_json::to_string(&command).expect("commands are JSON");
        prop_assert_eq!(serde_json::from_str::<CallCommand>(&json).expect("what was written is read"), command);
    }

    #[test]
    fn a_notice_survives_the_wire(notice in notice()) {
        let json = serde_json::to_string(&notice).expect("notices are JSON");
        prop_assert_eq!(serde_json::from_str::<CallNotice>(&json).expect("what was written is read"), notice);
    }

    #[test]
    fn what_is_no_command_is_an_error(text in any::<String>()) {
        prop_assert!(serde_json::from_str::<CallCommand>(&text).is_err());
    }

    #[test]
    fn a_field_that_is_not_known_is_skipped(notice in notice()) {
        let mut json = serde_json::to_value(&notice).expect("notices are JSON");
        json.as_object_mut().expect("an object").insert("later".to_owned(), true.into());
        prop_assert_eq!(serde_json::from_value::<CallNotice>(json).expect("still a notice"), notice);
    }
}

/// The form of each on the wire. A change here breaks clients that are out there.
#[test]
fn the_stored_samples_are_read_as_ever() {
    let samples = [
        r#"{"type":"start","callId":"c","callee":"8:acs:r_u","displayName":"A","media":{"muted":false,"video":true}}"#,
        r#"{"type":"start","callId":"c","callee":"8:acs:r_u","media":{"muted":false,"video":false}}"#,
        r#"{"type":"accept","callId":"c","media":{"muted":true,"video":false}}"#,
        r#"{"type":"reject","callId":"c"}"#,
        r#"{"type":"hangUp","callId":"c"}"#,
        r#"{"type":"fail","callId":"c","reason":{"code":410,"subCode":301004}}"#,
        r#"{"type":"signal","callId":"c","signal":{"type":"description","descriptionType":"offer","sdp":"v=0"}}"#,
        r#"{"type":"signal","callId":"c","signal":{"type":"candidate","candidate":"","sdpMid":"0","sdpMLineIndex":0,"usernameFragment":"u"}}"#,
        r#"{"type":"media","callId":"c","media":{"muted":true,"video":true}}"#,
        r#"{"type":"media","callId":"c","media":{"muted":false,"video":true,"held":true}}"#,
        r#"{"type":"media","callId":"c","media":{"muted":false,"video":false,"screen":true}}"#,
        r#"{"type":"media","callId":"c","media":{"muted":false,"video":false,"diagnostics":1099511627775}}"#,
        r#"{"type":"connected","callId":"c"}"#,
        r#"{"type":"signal","callId":"c","signal":{"type":"description","descriptionType":"answer","sdp":"v=0","offer":2}}"#,
        r#"{"type":"rejoin","callId":"c","ticket":"t","media":{"muted":true,"video":false}}"#,
        r#"{"type":"start","callId":"c","callee":"8:acs:r_u","media":{"muted":false,"video":false},"customContext":"{}"}"#,
        r#"{"type":"transfer","callId":"c","into":"d","target":"8:acs:r_u"}"#,
        r#"{"type":"transfer","callId":"c","into":"d","target":"8:acs:r_u","customContext":"{}"}"#,
    ];
    for sample in samples {
        let command: CallCommand = serde_json::from_str(sample).expect(sample);
        assert_eq!(
            serde_json::to_string(&command).expect("commands are JSON"),
            sample
        );
    }
    let peer = r#"{"endpointId":"e","rawId":"8:acs:r_u","media":{"muted":false,"video":false}}"#;
    let samples = [
        format!(r#"{{"type":"incoming","callId":"c","caller":{peer},"ringTimeoutMs":60000}}"#),
        format!(
            r#"{{"type":"incoming","callId":"c","caller":{peer},"ringTimeoutMs":60000,"customContext":"{{}}","transferor":{{"rawId":"8:acs:r_u","displayName":"A"}}}}"#
        ),
        r#"{"type":"transfer","callId":"c","into":"d","target":"8:acs:r_u"}"#.to_owned(),
        r#"{"type":"ringing","callId":"c"}"#.to_owned(),
        r#"{"type":"merged","callId":"c","into":"d"}"#.to_owned(),
        format!(r#"{{"type":"answered","callId":"c","peer":{peer},"polite":true}}"#),
        format!(r#"{{"type":"answered","callId":"c","peer":{peer},"polite":false,"ticket":"t"}}"#),
        r#"{"type":"media","callId":"c","media":{"muted":true,"video":true}}"#.to_owned(),
        r#"{"type":"peerReachable","callId":"c","reachable":false}"#.to_owned(),
        r#"{"type":"ended","callId":"c","reason":{"code":487,"subCode":10003}}"#.to_owned(),
    ];
    for sample in samples {
        let notice: CallNotice = serde_json::from_str(&sample).expect(&sample);
        assert_eq!(serde_json::to_string(&notice).expect("notices are JSON"), sample);
    }
}

fn media() -> impl Strategy<Value = MediaState> {
    any::<(bool, bool, bool, bool, u64)>().prop_map(|(muted, video, held, screen, diagnostics)| MediaState {
        muted,
        video,
        held,
        screen,
        diagnostics,
    })
}

fn transferor() -> impl Strategy<Value = Option<Transferor>> {
    let transferor = (any::<String>(), name()).prop_map(|(raw_id, display_name)| Transferor {
        raw_id: raw_id.into(),
        display_name,
    });
    prop::option::of(transferor)
}

fn reason() -> impl Strategy<Value = CallEndReason> {
    any::<(u32, u32)>().prop_map(|(code, sub_code)| CallEndReason::new(code, sub_code))
}

fn peer() -> impl Strategy<Value = CallPeer> {
    (any::<String>(), any::<String>(), name(), media()).prop_map(
        |(endpoint_id, raw_id, display_name, media)| CallPeer {
            endpoint_id: endpoint_id.into(),
            raw_id: raw_id.into(),
            display_name,
            media,
        },
    )
}

fn signal() -> impl Strategy<Value = PeerSignal> {
    let description =
        (any::<bool>(), any::<String>(), any::<Option<u32>>()).prop_map(|(offers, sdp, offer)| {
            let description_type = if offers {
                SessionDescriptionType::Offer
            } else {
                SessionDescriptionType::Answer
            };
            PeerSignal::Description(SessionDescription {
                description_type,
                sdp,
                offer,
            })
        });
    let candidate = (any::<String>(), name(), any::<Option<u16>>(), name()).prop_map(
        |(candidate, sdp_mid, sdp_m_line_index, username_fragment)| {
            PeerSignal::Candidate(IceCandidate {
                candidate,
                sdp_mid,
                sdp_m_line_index,
                username_fragment,
            })
        },
    );
    prop_oneof![description, candidate, Just(PeerSignal::RestartIce)]
}

pub(crate) fn command() -> impl Strategy<Value = CallCommand> {
    let id = any::<String>;
    prop_oneof![
        (id(), id(), name(), media(), name()).prop_map(
            |(call_id, callee, display_name, media, custom_context)| CallCommand::Start {
                call_id: call_id.into(),
                callee: callee.into(),
                display_name,
                media,
                custom_context,
            }
        ),
        (id(), id(), id(), name()).prop_map(|(call_id, into, target, custom_context)| {
            CallCommand::Transfer {
                call_id: call_id.into(),
                into: into.into(),
                target: target.into(),
                custom_context,
            }
        }),
        (id(), name(), media()).prop_map(|(call_id, display_name, media)| CallCommand::Accept {
            call_id: call_id.into(),
            display_name,
            media
        }),
        id().prop_map(|call_id| CallCommand::Reject {
            call_id: call_id.into()
        }),
        id().prop_map(|call_id| CallCommand::HangUp {
            call_id: call_id.into()
        }),
        (id(), reason()).prop_map(|(call_id, reason)| CallCommand::Fail {
            call_id: call_id.into(),
            reason
        }),
        (id(), signal()).prop_map(|(call_id, signal)| CallCommand::Signal {
            call_id: call_id.into(),
            signal
        }),
        (id(), media()).prop_map(|(call_id, media)| CallCommand::Media {
            call_id: call_id.into(),
            media
        }),
        id().prop_map(|call_id| CallCommand::Connected {
            call_id: call_id.into()
        }),
        (id(), any::<String>(), media()).prop_map(|(call_id, ticket, media)| CallCommand::Rejoin {
            call_id: call_id.into(),
            ticket,
            media
        }),
    ]
}

pub(crate) fn notice() -> impl Strategy<Value = CallNotice> {
    let id = any::<String>;
    prop_oneof![
        (id(), peer(), any::<u64>(), name(), transferor()).prop_map(
            |(call_id, caller, ring_timeout_ms, custom_context, transferor)| CallNotice::Incoming {
                call_id: call_id.into(),
                caller,
                ring_timeout_ms,
                custom_context,
                transferor,
            }
        ),
        (id(), id(), id()).prop_map(|(call_id, into, target)| CallNotice::Transfer {
            call_id: call_id.into(),
            into: into.into(),
            target: target.into(),
        }),
        id().prop_map(|call_id| CallNotice::Ringing {
            call_id: call_id.into()
        }),
        (id(), id()).prop_map(|(call_id, into)| CallNotice::Merged {
            call_id: call_id.into(),
            into: into.into()
        }),
        (id(), peer(), any::<bool>(), name()).prop_map(|(call_id, peer, polite, ticket)| {
            CallNotice::Answered {
                call_id: call_id.into(),
                peer,
                polite,
                ticket,
            }
        }),
        (id(), signal()).prop_map(|(call_id, signal)| CallNotice::Signal {
            call_id: call_id.into(),
            signal
        }),
        (id(), media()).prop_map(|(call_id, media)| CallNotice::Media {
            call_id: call_id.into(),
            media
        }),
        (id(), any::<bool>()).prop_map(|(call_id, reachable)| CallNotice::PeerReachable {
            call_id: call_id.into(),
            reachable
        }),
        (id(), reason()).prop_map(|(call_id, reason)| CallNotice::Ended {
            call_id: call_id.into(),
            reason
        }),
    ]
}
