//! With the settings, on the server's own machine.

use std::net::TcpListener;

use crate::{
    deployment::{Deployment, Setup},
    examination::{Examination, PATIENT},
};

#[test]
fn the_settings_name_the_server_and_its_key() {
    let deployment = Deployment::start(&Setup::default());
    let (ca, config) = (deployment.file("ca.pem"), deployment.file("openline.toml"));
    let mut doctor = vec![deployment.endpoint().into(), "--ca".into(), ca.into_os_string()];
    doctor.extend(["--config".into(), config.into_os_string()]);
    doctor.extend(PATIENT.map(Into::into));
    let examination = Examination::run(doctor);
    for topic in [
        "settings",
        "server",
        "certificate",
        "addresses",
        "accessKey",
        "origins",
        "peers",
        "cleanUp",
    ] {
        assert_eq!(
            examination.status(topic),
            "ok",
            "{topic}: {}",
            examination.printed
        );
    }
    assert_eq!(examination.about("relay", "").len(), 4);
    // How much room and how many files there are is this machine's matter.
    for topic in ["dataDirectory", "openFiles"] {
        assert_eq!(examination.about(topic, "").len(), 1);
    }
}

#[test]
fn a_port_that_another_program_has_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let config = directory.path().join("openline.toml");
    let data_dir = directory.path().join("data");
    let toml = format!(
        "[server]\npublic_endpoint = \"http://127.0.0.1:1\"\nhttp_bind = \"{address}\"\ndata_dir = \"{}\"\n",
        data_dir.display()
    );
    std::fs::write(&config, toml).unwrap();
    let mut doctor = vec!["--config".into(), config.into_os_string()];
    doctor.extend(PATIENT.map(Into::into));
    let examination = Examination::run(doctor);
    examination.assert_failed("ports", "`server.http_bind`");
    assert_eq!(examination.status("server"), "warning");
    assert!(!data_dir.exists(), "nothing is left behind");
}

#[test]
fn settings_that_are_wrong_are_told_as_the_server_does() {
    let directory = tempfile::tempdir().unwrap();
    let config = directory.path().join("openline.toml");
    std::fs::write(&config, "[server]\nport = 80\n").unwrap();
    let examination = Examination::run(["--config".as_ref(), config.as_os_str()]);
    examination.assert_failed("settings", "server.port");
}
