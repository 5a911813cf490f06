//! Relays with a fault.

use std::net::{TcpListener, UdpSocket};

use crate::{
    deployment::{Deployment, Setup},
    examination::{Examination, IMPATIENT},
};

fn examined(setup: &Setup<'_>) -> Examination {
    let deployment = Deployment::start(setup);
    let (ca, key) = (deployment.file("ca.pem"), deployment.key_file());
    let mut doctor = vec![deployment.endpoint().into(), "--ca".into(), ca.into_os_string()];
    doctor.extend(["--access-key-file".into(), key.into_os_string()]);
    doctor.extend(IMPATIENT.map(Into::into));
    Examination::run(doctor)
}

fn udp_socket() -> (UdpSocket, u16) {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let port = socket.local_addr().unwrap().port();
    (socket, port)
}

#[test]
fn a_closed_port_of_udp_is_told() {
    let (socket, port) = udp_socket();
    drop(socket);
    let turn = format!("urls = [\"turn:127.0.0.1:{port}?transport=udp\"]\n");
    let setup = Setup {
        turn: &turn,
        ..Setup::default()
    };
    examined(&setup).assert_failed("relay", "nothing listens on this port of UDP");
}

#[test]
fn a_port_of_udp_that_says_nothing_is_told() {
    let (_socket, port) = udp_socket();
    let turn = format!("urls = [\"turn:127.0.0.1:{port}?transport=udp\"]\n");
    let setup = Setup {
        turn: &turn,
        ..Setup::default()
    };
    let examination = examined(&setup);
    examination.assert_failed("relay", "no answer over UDP");
    assert_eq!(examination.status("relays"), "warning", "there is none over TLS");
}

#[test]
fn a_relayed_address_that_nobody_reaches_is_told() {
    let setup = Setup {
        public_address: "192.0.2.1",
        ..Setup::default()
    };
    let examination = examined(&setup);
    let relays = examination.about("relay", "turn");
    assert_eq!(relays.len(), 3, "{}", examination.printed);
    for relay in relays {
        assert_eq!(relay["status"], "failed", "{}", examination.printed);
        assert!(
            relay["remedy"]
                .as_str()
                .unwrap()
                .contains("turn.public_addresses")
        );
    }
    assert_eq!(examination.code, Some(1));
}

#[test]
fn an_address_of_examples_is_told_also_where_it_cannot_be_tried() {
    // The relay takes no machine of a closed network for a peer: nobody sends to the address.
    let (socket, port) = udp_socket();
    drop(socket);
    let turn = format!("urls = [\"turn:127.0.0.1:{port}?transport=udp\"]\n");
    let deployment = Deployment::start(&Setup {
        public_address: "203.0.113.5",
        udp_port: port,
        allowed_peers: "[]",
        turn: &turn,
        ..Setup::default()
    });
    let (ca, config) = (deployment.file("ca.pem"), deployment.file("openline.toml"));
    let mut doctor = vec![deployment.endpoint().into(), "--ca".into(), ca.into_os_string()];
    doctor.extend(["--config".into(), config.into_os_string()]);
    doctor.extend(IMPATIENT.map(Into::into));
    let examination = Examination::run(doctor);
    for topic in ["addresses", "relay"] {
        examination.assert_failed(topic, "203.0.113.5");
    }
}

#[test]
fn a_relay_with_another_secret_is_told() {
    let other = Deployment::start(&Setup::default());
    let address = other.server.ready["turnBind"][0][0].as_str().unwrap();
    let turn =
        format!("[[turn.external]]\nurls = [\"turn:{address}\"]\nsecret = \"another secret than its own\"\n");
    let setup = Setup {
        turn: &turn,
        ..Setup::default()
    };
    examined(&setup).assert_failed("relay", "it refuses the credentials that the server gave (401)");
}

#[test]
fn a_closed_port_of_tcp_is_told_with_its_setting() {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let turn = format!("urls = [\"turn:127.0.0.1:{port}?transport=tcp\"]\n");
    let setup = Setup {
        turn: &turn,
        ..Setup::default()
    };
    examined(&setup).assert_failed("relay", "Set `turn.tcp_bind`");
}

#[test]
fn a_relay_with_default_settings_keeps_its_clients_out_of_closed_networks() {
    // Only UDP: clients of it meet inside the server, and nothing is sent to the address.
    let (socket, port) = udp_socket();
    drop(socket);
    let turn = format!("urls = [\"turn:127.0.0.1:{port}?transport=udp\"]\n");
    let setup = Setup {
        public_address: "45.32.1.1",
        udp_port: port,
        allowed_peers: "[]",
        turn: &turn,
        ..Setup::default()
    };
    let examination = examined(&setup);
    assert_eq!(examination.status("peers"), "ok", "{}", examination.printed);
    // Nobody saw whether the address is reached: that is not well.
    assert_eq!(examination.status("relay"), "warning", "{}", examination.printed);
    let peers = examination.about("peers", "")[0]["found"].as_str().unwrap();
    assert!(peers.contains("keeps its clients out"), "{peers}");
}
