//! Servers that are as they should be.

use crate::{
    binary::{TestServer, command, dev_command, run_to_end},
    deployment::{Deployment, Setup},
    examination::{Examination, PATIENT},
};

#[tokio::test]
async fn nothing_is_wrong_with_a_server_that_works() {
    let deployment = Deployment::start(&Setup::default());
    let (ca, key) = (deployment.file("ca.pem"), deployment.key_file());
    let mut doctor = vec![deployment.endpoint().into(), "--ca".into(), ca.into_os_string()];
    doctor.extend(["--access-key-file".into(), key.into_os_string()]);
    doctor.extend(["--origin", "https://app.example.org"].map(Into::into));
    doctor.extend(PATIENT.map(Into::into));
    let examination = Examination::run(doctor);
    assert_eq!(examination.code, Some(0), "{}", examination.printed);
    for topic in [
        "names",
        "tcp",
        "tls",
        "health",
        "clock",
        "upgrade",
        "origins",
        "bodies",
        "accessKey",
        "session",
        "idle",
        "relays",
        "cleanUp",
    ] {
        assert_eq!(
            examination.status(topic),
            "ok",
            "{topic}: {}",
            examination.printed
        );
    }
    let relays = examination.about("relay", "");
    assert_eq!(
        relays.len(),
        4,
        "STUN, and TURN over UDP, TCP and TLS: {}",
        examination.printed
    );
    assert!(
        relays.iter().all(|relay| relay["status"] == "ok"),
        "{}",
        examination.printed
    );
    let between = relays.iter().filter(|relay| {
        let found = relay["found"].as_str().unwrap();
        found.contains("reached from this machine") && found.contains("between two clients")
    });
    assert_eq!(between.count(), 3);

    let (_, key) = deployment.connection_string.split_once("accesskey=").unwrap();
    assert!(!examination.printed.contains(key));
    assert_eq!(deployment.metric("openline_turn_allocations").await, 0.0);
}

#[tokio::test]
async fn without_a_key_it_says_what_it_did_not_look_at() {
    let directory = tempfile::tempdir().unwrap();
    let server = TestServer::dev(directory.path());
    let mut doctor = command(["doctor", "--idle-s", "0", "--timeout-s", "30"]);
    doctor.arg(&server.http);
    let ended = run_to_end(doctor);
    assert_eq!(ended.code, Some(0), "{}", ended.stdout);
    for line in [
        "ok       health ",
        "ok       upgrade: ",
        "skipped  tls: ",
        "skipped  session: give --connection-string",
        " 0 failed, ",
    ] {
        assert!(ended.stdout.contains(line), "{line}: {}", ended.stdout);
    }
}

#[tokio::test]
async fn dev_mode_is_healthy_too() {
    let directory = tempfile::tempdir().unwrap();
    let server = TestServer::start(dev_command(directory.path()));
    let mut doctor = command(["doctor", "--json", "--idle-s", "0", "--timeout-s", "30", "--ca"]);
    doctor.arg(server.text("caCertificate"));
    // The connection string names the server, too.
    doctor.env("OPENLINE_CONNECTION_STRING", server.text("connectionString"));
    let ended = run_to_end(doctor);
    assert_eq!(ended.code, Some(0), "{}{}", ended.stdout, ended.stderr);
    assert!(ended.stdout.contains("between two clients"), "{}", ended.stdout);
}
