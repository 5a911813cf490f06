//! Servers with a fault, and questions that cannot be asked.

use base64::{Engine as _, prelude::BASE64_STANDARD};

use crate::{
    binary::{command, run_to_end},
    deployment::{Deployment, Setup},
    examination::{Examination, PATIENT},
};

fn examined(setup: &Setup<'_>, with_key: bool) -> Examination {
    let deployment = Deployment::start(setup);
    let ca = deployment.file("ca.pem");
    let mut doctor = vec![deployment.endpoint().into(), "--ca".into(), ca.into_os_string()];
    if with_key {
        doctor.extend(["--access-key-file".into(), deployment.key_file().into_os_string()]);
    }
    doctor.extend(PATIENT.map(Into::into));
    Examination::run(doctor)
}

#[test]
fn a_certificate_for_another_name_is_told_and_nothing_secret_is_sent() {
    let setup = Setup {
        certified: &["other.example.org"],
        ..Setup::default()
    };
    let examination = examined(&setup, true);
    examination.assert_failed(
        "tls",
        "the certificate is for other.example.org, not for 127.0.0.1",
    );
    assert_eq!(examination.status("health"), "ok");
    assert_eq!(examination.status("session"), "skipped");
    assert!(examination.about("accessKey", "").is_empty());
}

#[test]
fn an_expired_certificate_is_told_with_its_day() {
    let setup = Setup {
        expired: true,
        ..Setup::default()
    };
    examined(&setup, false).assert_failed("tls", "the certificate expired on 2");
}

#[test]
fn an_authority_that_is_not_trusted_is_told() {
    let deployment = Deployment::start(&Setup::default());
    let [flag, seconds] = PATIENT;
    let examination = Examination::run([&deployment.endpoint(), flag, seconds]);
    examination.assert_failed("tls", "--ca FILE");
}

#[test]
fn a_key_of_another_server_is_refused() {
    let deployment = Deployment::start(&Setup::default());
    let (ca, key) = (deployment.file("ca.pem"), deployment.file("other-key"));
    std::fs::write(&key, BASE64_STANDARD.encode([7; 64])).unwrap();
    let mut doctor = vec![deployment.endpoint().into(), "--ca".into(), ca.into_os_string()];
    doctor.extend(["--access-key-file".into(), key.into_os_string()]);
    doctor.extend(PATIENT.map(Into::into));
    let examination = Examination::run(doctor);
    examination.assert_failed("accessKey", "Denied by the resource provider");
    assert!(examination.about("cleanUp", "").is_empty());
}

#[test]
fn a_token_that_is_none_is_refused() {
    let deployment = Deployment::start(&Setup::default());
    let (ca, token) = (deployment.file("ca.pem"), deployment.file("token"));
    std::fs::write(&token, "no token at all\n").unwrap();
    let mut doctor = vec![deployment.endpoint().into(), "--ca".into(), ca.into_os_string()];
    doctor.extend(["--token-file".into(), token.into_os_string()]);
    doctor.extend(PATIENT.map(Into::into));
    Examination::run(doctor).assert_failed("session", "the server refuses the token");
}

#[test]
fn a_page_of_an_origin_that_is_not_allowed_is_told() {
    let deployment = Deployment::start(&Setup::default());
    let ca = deployment.file("ca.pem");
    let mut doctor = vec![deployment.endpoint().into(), "--ca".into(), ca.into_os_string()];
    doctor.extend(["--origin", "https://other.example.org"].map(Into::into));
    doctor.extend(PATIENT.map(Into::into));
    let examination = Examination::run(doctor);
    examination.assert_failed("origins", "server.allowed_origins");
    examination.assert_failed("upgrade", "server.allowed_origins");
}

#[test]
fn a_question_that_cannot_be_asked_is_2() {
    for arguments in [
        &["doctor"][..],
        &["doctor", "https://a.example/path"],
        &["doctor", "https://a.example", "--timeout-s", "0"],
        &[
            "doctor",
            "https://a.example",
            "--access-key-file",
            "/there/is/none",
        ],
        &["doctor", "https://a.example", "--ca", "/there/is/none"],
        &["doctor", "--connection-string", "endpoint=https://a.example"],
    ] {
        let ended = run_to_end(command(arguments));
        assert_eq!(ended.code, Some(2), "{arguments:?}: {}", ended.stderr);
        assert!(ended.stdout.is_empty() && !ended.stderr.is_empty());
    }
}
