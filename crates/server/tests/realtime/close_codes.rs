//! Each code of the table in `docs/protocol.md`, "Close codes".

use std::time::Duration;

use futures::SinkExt as _;
use openline_protocol::{
    Scope,
    realtime::{CallCommand, ClientFrame, Resume, Topic, limits::MAX_CLIENT_FRAME_BYTES},
};
use openline_server::{http::AllowedOrigins, ws::RealtimeSettings};
use openline_session::ServerSessionConfig;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_tungstenite::tungstenite::{Message, client::IntoClientRequest as _};

use crate::{
    client::{Client, unknown_session},
    world::{ALL, World},
};

#[tokio::test]
async fn a_first_frame_that_is_no_hello_is_refused_with_4400() {
    let world = World::new().await;
    for text in [
        "",
        "{",
        "nonsense",
        r#"{"type":"ping","id":1}"#,
        r#"{"type":"hello"}"#,
    ] {
        let mut client = Client::open(&world).await;
        client.send_text(text).await;
        assert_eq!(client.close_code().await, Some(4400), "{text}");
    }
}

#[tokio::test]
async fn what_is_no_frame_of_the_protocol_is_refused_with_4400() {
    let world = World::new().await;
    let person = world.person(&ALL).await;
    let hello_again = serde_json::to_string(&ClientFrame::Hello {
        versions: vec![1],
        token: person.token.clone(),
        resume: None,
    });
    let gap = r#"{"type":"command","seq":2,"command":{"type":"hangUp","callId":"c"}}"#;
    let unsent = r#"{"type":"ack","receivedSeq":9}"#;
    for text in [
        "{",
        r#"{"type":"dance"}"#,
        r#"{"type":"bye"#,
        gap,
        unsent,
        &hello_again.unwrap(),
    ] {
        let mut client = Client::connect(&world, &person).await;
        client.send_text(text).await;
        assert_eq!(client.close_code().await, Some(4400), "{text}");
    }
    let mut client = Client::connect(&world, &person).await;
    client
        .send_message(Message::binary(br#"{"type":"bye"}"#.as_slice()))
        .await;
    assert_eq!(client.close_code().await, Some(4400));
}

#[tokio::test]
async fn what_breaks_the_rules_of_websockets_is_refused_with_4400() {
    let world = World::new().await;
    let person = world.person(&ALL).await;
    // Masked with zeros, except where that is what is wrong.
    let oversize_ping = [&[0x89, 0xfe, 0, 126, 0, 0, 0, 0][..], &[b'x'; 126]].concat();
    let broken: [(&str, &[u8]); 7] = [
        ("unmasked", &[0x81, 0x02, b'{', b'}']),
        ("reserved bit", &[0xc1, 0x82, 0, 0, 0, 0, b'{', b'}']),
        ("reserved opcode", &[0x83, 0x80, 0, 0, 0, 0]),
        ("reserved control opcode", &[0x8b, 0x80, 0, 0, 0, 0]),
        ("orphan continuation", &[0x80, 0x82, 0, 0, 0, 0, b'{', b'}']),
        ("fragmented ping", &[0x09, 0x80, 0, 0, 0, 0]),
        ("oversize ping", &oversize_ping),
    ];
    for (what, bytes) in broken {
        for mut client in [Client::open(&world).await, Client::connect(&world, &person).await] {
            client.socket.get_mut().write_all(bytes).await.unwrap();
            assert_eq!(client.close_code().await, Some(4400), "{what}");
        }
    }
}

#[tokio::test]
async fn a_socket_that_breaks_without_a_close_leaves_the_session_its_grace_period() {
    let world = World::new().await;
    let person = world.person(&ALL).await;
    let mut first = Client::connect(&world, &person).await;
    first.socket.get_mut().shutdown().await.unwrap();
    let (_second, welcome) = first.reconnect(&world, &person).await;
    assert!(welcome.resumed);
}

#[tokio::test]
async fn a_resume_that_acknowledges_what_was_never_sent_is_refused_with_4400() {
    let world = World::new().await;
    let person = world.person(&ALL).await;
    let first = Client::connect(&world, &person).await;
    let session_id = first.session.clone().unwrap().session_id;
    let mut second = Client::open(&world).await;
    let resume = Some(Resume {
        session_id,
        received_seq: 1,
        attempt: 1,
    });
    second
        .send(&ClientFrame::Hello {
            versions: vec![1],
            token: person.token.clone(),
            resume,
        })
        .await;
    assert_eq!(second.close_code().await, Some(4400));
}

#[tokio::test]
async fn a_token_of_nobody_is_refused_with_4401() {
    let world = World::new().await;
    for token in ["", "x", "e30.e30.e30"] {
        let mut client = Client::open(&world).await;
        client
            .send(&ClientFrame::Hello {
                versions: vec![1],
                token: token.to_owned(),
                resume: None,
            })
            .await;
        assert_eq!(client.close_code().await, Some(4401));
    }
}

#[tokio::test]
async fn what_the_scopes_do_not_allow_is_refused_with_4403() {
    let world = World::new().await;
    let chatter = world.person(&[Scope::Chat]).await;
    let caller = world.person(&[Scope::Voip]).await;
    let subscribe = |topic| ClientFrame::Subscribe {
        topic,
        cursor: None,
        display_name: None,
    };
    let command = ClientFrame::Command {
        seq: 1,
        command: CallCommand::HangUp { call_id: "c".into() },
    };
    let refused = [
        (&chatter, subscribe(Topic::Calls)),
        (&chatter, command),
        (&caller, subscribe(Topic::Chat)),
    ];
    for (person, frame) in refused {
        let mut client = Client::connect(&world, person).await;
        client.send(&frame).await;
        assert_eq!(client.close_code().await, Some(4403), "{frame:?}");
    }
}

#[tokio::test]
async fn no_common_version_is_refused_with_4406() {
    let world = World::new().await;
    for versions in [vec![], vec![2, 3]] {
        let mut client = Client::open(&world).await;
        client
            .send(&ClientFrame::Hello {
                versions,
                token: String::new(),
                resume: None,
            })
            .await;
        assert_eq!(client.close_code().await, Some(4406));
    }
}

#[tokio::test]
async fn a_socket_that_says_no_hello_is_closed_with_4408() {
    let world = World::new().await;
    let mut client = Client::open(&world).await;
    assert_eq!(client.close_code().await, Some(4408));
}

#[tokio::test]
async fn silence_is_closed_with_4408() {
    let session = ServerSessionConfig {
        heartbeat_interval: Duration::from_millis(100),
        ..ServerSessionConfig::default()
    };
    let world = World::with(RealtimeSettings {
        session,
        ..RealtimeSettings::default()
    })
    .await;
    let person = world.person(&ALL).await;
    let client = Client::connect(&world, &person).await;
    // Below the library, which would answer the server's pings.
    let mut stream = client.socket.into_inner();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap();
    let close = [0x88, 2, (4408_u16 >> 8) as u8, (4408_u16 & 0xff) as u8];
    assert!(bytes.ends_with(&close), "{bytes:?}");
}

#[tokio::test]
async fn a_client_that_only_answers_pings_stays() {
    let session = ServerSessionConfig {
        heartbeat_interval: Duration::from_millis(50),
        ..ServerSessionConfig::default()
    };
    let world = World::with(RealtimeSettings {
        session,
        ..RealtimeSettings::default()
    })
    .await;
    let person = world.person(&ALL).await;
    let mut client = Client::connect(&world, &person).await;
    // Reading answers the server's pings; ten intervals of silence otherwise.
    assert!(
        tokio::time::timeout(Duration::from_millis(500), client.receive())
            .await
            .is_err()
    );
    client.ping().await;
}

#[tokio::test]
async fn a_hello_that_comes_after_the_next_one_is_closed_with_4409_and_the_newer_socket_goes_on() {
    let world = World::new().await;
    let person = world.person(&ALL).await;
    let first = Client::connect(&world, &person).await;
    let Resume {
        session_id,
        received_seq,
        ..
    } = first.session.clone().unwrap();
    let mut newer = Client::open(&world).await;
    let mut older = Client::open(&world).await;
    for (client, attempt) in [(&mut newer, 2), (&mut older, 1)] {
        client.session = Some(Resume {
            session_id: session_id.clone(),
            received_seq,
            attempt,
        });
    }
    assert!(newer.hello(&person).await.resumed);
    older
        .send(&ClientFrame::Hello {
            versions: vec![1],
            token: person.token.clone(),
            resume: older.session.clone(),
        })
        .await;
    assert_eq!(older.close_code().await, Some(4409));
    newer.subscribe_calls().await;
}

#[tokio::test]
async fn a_newer_socket_of_the_session_closes_the_older_with_4409() {
    let world = World::new().await;
    let person = world.person(&ALL).await;
    let mut older = Client::connect(&world, &person).await;
    let mut newer = Client::open(&world).await;
    newer.session.clone_from(&older.session);
    assert!(newer.hello(&person).await.resumed);
    assert_eq!(older.close_code().await, Some(4409));
    newer.ping().await;
}

#[tokio::test]
async fn a_session_is_not_resumed_by_somebody_else() {
    let world = World::new().await;
    let (ada, eve) = (world.person(&ALL).await, world.person(&ALL).await);
    let mut hers = Client::connect(&world, &ada).await;
    let mut other = Client::open(&world).await;
    for session in [hers.session.clone(), unknown_session()] {
        other = Client::open(&world).await;
        other.session = session;
        assert!(!other.hello(&eve).await.resumed);
    }
    other.ping().await;
    hers.ping().await;
}

#[tokio::test]
async fn a_frame_over_the_limit_is_refused_with_4413() {
    let world = World::new().await;
    let person = world.person(&ALL).await;
    let padded = |size: usize| format!(r#"{{"type":"ping","id":7,"x":"{}"}}"#, "x".repeat(size - 29));
    let mut client = Client::connect(&world, &person).await;
    client.send_text(padded(MAX_CLIENT_FRAME_BYTES)).await;
    client.ping().await;
    for size in [MAX_CLIENT_FRAME_BYTES + 1, 3 * MAX_CLIENT_FRAME_BYTES] {
        let mut client = Client::connect(&world, &person).await;
        client.send_text(padded(size)).await;
        assert_eq!(client.close_code().await, Some(4413));
    }
}

#[tokio::test]
async fn a_frame_far_over_the_limit_is_cut_off() {
    let world = World::new().await;
    let person = world.person(&ALL).await;
    let mut client = Client::connect(&world, &person).await;
    let mut witness = Client::connect(&world, &person).await;
    // The server stops reading in the midst of it: sending may fail, and the close code may be lost on the way.
    drop(
        client
            .socket
            .send(Message::text("x".repeat(8 * 1024 * 1024)))
            .await,
    );
    assert!(matches!(client.close_code().await, Some(4413) | None));
    witness.ping().await;
}

#[tokio::test]
async fn one_frame_more_than_the_rate_allows_is_refused_with_4429() {
    let world = World::new().await;
    let person = world.person(&ALL).await;
    let mut client = Client::connect(&world, &person).await;
    for _ in 0..199 {
        client.ping().await;
    }
    client.send(&ClientFrame::Ping { id: 200 }).await;
    assert_eq!(client.close_code().await, Some(4429));
}

#[tokio::test]
async fn the_twenty_first_session_of_an_identity_is_refused_with_4429() {
    let world = World::new().await;
    let person = world.person(&ALL).await;
    let mut clients = Vec::new();
    for _ in 0..20 {
        clients.push(Client::connect(&world, &person).await);
    }
    let mut one_more = Client::open(&world).await;
    let hello = ClientFrame::Hello {
        versions: vec![1],
        token: person.token.clone(),
        resume: None,
    };
    one_more.send(&hello).await;
    assert_eq!(one_more.close_code().await, Some(4429));
    let mut left = clients.pop().unwrap();
    left.send(&ClientFrame::Bye).await;
    assert_eq!(left.close_code().await, Some(1000));
    Client::connect(&world, &person).await;
}

#[tokio::test]
async fn a_socket_more_than_the_server_takes_is_refused_with_4429() {
    let world = World::with(RealtimeSettings {
        max_sockets: 1,
        ..RealtimeSettings::default()
    })
    .await;
    let person = world.person(&ALL).await;
    let _first = Client::connect(&world, &person).await;
    assert_eq!(Client::open(&world).await.close_code().await, Some(4429));
}

#[tokio::test]
async fn a_server_that_cannot_read_its_database_closes_with_4500() {
    let world = World::new().await;
    let person = world.person(&[Scope::Chat]).await;
    let mut client = Client::connect(&world, &person).await;
    world.storage.close().await;
    client
        .send(&ClientFrame::Subscribe {
            topic: Topic::Chat,
            cursor: None,
            display_name: None,
        })
        .await;
    assert_eq!(client.close_code().await, Some(4500));
}

#[tokio::test]
async fn a_server_that_stops_closes_every_socket_with_1012() {
    let world = World::new().await;
    let person = world.person(&ALL).await;
    let mut greeted = Client::connect(&world, &person).await;
    let mut silent = Client::open(&world).await;
    world.shutdown.begin();
    assert_eq!(greeted.close_code().await, Some(1012));
    assert_eq!(silent.close_code().await, Some(1012));
    assert_eq!(Client::open(&world).await.close_code().await, Some(1012));
    drop((greeted, silent));
    assert_eq!(world.shutdown.sockets_ended(Duration::from_secs(20)).await, 0);
}

#[tokio::test]
async fn a_page_of_another_origin_may_not_connect() {
    let settings = RealtimeSettings {
        allowed_origins: AllowedOrigins::only(vec!["https://app.test".to_owned()]),
        ..RealtimeSettings::default()
    };
    let world = World::with(settings).await;
    for (origin, status) in [("https://app.test", 101), ("https://evil.test", 403)] {
        let mut request = format!("ws://{}/realtime", world.address)
            .into_client_request()
            .unwrap();
        request.headers_mut().insert("origin", origin.parse().unwrap());
        let stream = tokio::net::TcpStream::connect(world.address).await.unwrap();
        let got = match tokio_tungstenite::client_async(request, stream).await {
            Ok((_, response)) => response.status(),
            Err(tokio_tungstenite::tungstenite::Error::Http(response)) => response.status(),
            Err(error) => panic!("{error}"),
        };
        assert_eq!(got.as_u16(), status, "{origin}");
    }
}
