//! Settings: each wrong one is one clear error that names it.

use std::path::{Path, PathBuf};

use openline_server::config::{self, Config};
use serde_json::Value;

use crate::common::binary::{Ended, TestServer, command, run_to_end};

const GOOD: &str = r#"
[server]
public_endpoint = "https://openline.example.org/"
data_dir = "/dev/null/openline"
http_bind = "127.0.0.1:0"
"#;

fn serve_with(toml: &str, variables: &[(&str, &str)]) -> Ended {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("openline.toml");
    std::fs::write(&file, toml).unwrap();
    let mut serve = command(["serve", "--config"]);
    serve.arg(&file).envs(variables.iter().copied());
    run_to_end(serve)
}

fn assert_names(ended: &Ended, setting: &str) {
    assert_eq!(ended.code, Some(2), "{}", ended.stderr);
    assert_eq!(ended.stdout, "");
    assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
    let expected = format!("error: setting `{setting}` ");
    assert!(
        ended.stderr.starts_with(&expected),
        "{expected}\n{}",
        ended.stderr
    );
}

#[test]
fn a_wrong_setting_is_one_error_that_names_it() {
    for (line, setting) in [
        ("[limits]\nmax_connections = \"many\"", "limits.max_connections"),
        ("[limits]\nmax_body_bytes = 5", "limits.max_body_bytes"),
        ("[limits]\nwindow_s = 0", "limits.window_s"),
        ("[limits]\nopening_timeout_s = 0", "limits.opening_timeout_s"),
        ("[limits]\nsend_timeout_s = 301", "limits.send_timeout_s"),
        ("[limits]\nmax_conections = 5", "limits.max_conections"),
        ("[limit]\nwindow_s = 5", "limit"),
        ("[log]\nformat = \"xml\"", "log.format"),
        ("[log]\nlevel = \"info,=nonsense=\"", "log.level"),
        ("[log]\nlevel = \"bogus\"", "log.level"),
        ("[log]\nlevel = \"info,bogus\"", "log.level"),
        ("[log]\nlevel = \"\"", "log.level"),
        ("[calls]\nring_timeout_s = 601", "calls.ring_timeout_s"),
        ("[calls]\nstarts_per_minute = 10001", "calls.starts_per_minute"),
        (
            "[[calls.ice_servers]]\nurls = [\"http://x\"]",
            "calls.ice_servers",
        ),
        ("[turn]\nudp_bind = [\"0.0.0.0:3478\"]", "turn.public_addresses"),
        (
            "[turn]\npublic_addresses = [\"1.1.1.1\", \"1.1.1.2\"]",
            "turn.public_addresses",
        ),
        (
            "[turn]\npublic_addresses = [\"0.0.0.0\"]",
            "turn.public_addresses",
        ),
        (
            "[turn]\ntls_bind = [\"0.0.0.0:443\"]\npublic_addresses = [\"1.1.1.1\"]",
            "turn.tls_bind",
        ),
        ("[turn]\nmin_port = 50000\nmax_port = 49999", "turn.min_port"),
        ("[turn]\nurls = [\"https://x\"]", "turn.urls"),
        ("[turn]\nsecret = \"short\"", "turn.secret"),
        (
            "[turn]\nallowed_peers = [\"10.0.0.0/33\"]",
            "turn.allowed_peers.0",
        ),
        ("[turn]\ncredential_lifetime_s = 60", "turn.credential_lifetime_s"),
        ("[turn]\nmax_allocations = 0", "turn.max_allocations"),
        (
            "[turn]\nuser_kilobits_per_second = -1",
            "turn.user_kilobits_per_second",
        ),
        ("[turn]\nmax_alocations = 1", "turn.max_alocations"),
        ("[realtime]\nsession_grace_s = 0", "realtime.session_grace_s"),
        ("[chat]\nevent_retention_days = 366", "chat.event_retention_days"),
        ("[chat.rate_limits]\nwindow_s = 0", "chat.rate_limits.window_s"),
        ("[chat.rate_limits]\nmessages = -1", "chat.rate_limits.messages"),
        ("[published_chat]\nmax_clients = 0", "published_chat.max_clients"),
        (
            "[published_chat]\nmax_clients = 65",
            "published_chat.max_remembered_clients",
        ),
        (
            "[published_chat]\nmax_remembered_clients = 10001",
            "published_chat.max_remembered_clients",
        ),
        (
            "[published_chat]\nconnects_per_minute = 100001",
            "published_chat.connects_per_minute",
        ),
        (
            "[published_chat]\nburst_frames = 19",
            "published_chat.burst_frames",
        ),
        ("[chat.rate_limits]\nmesages = 1", "chat.rate_limits.mesages"),
    ] {
        assert_names(&serve_with(&format!("{GOOD}{line}\n"), &[]), setting);
    }
}

#[test]
fn a_setting_of_the_wrong_kind_says_which_kinds_and_not_its_value() {
    let servers = "[[calls.ice_servers]]\nurls = [\"turn:x\"]\nusername = \"x\"\ncredential = 31415926535\n";
    let ended = serve_with(&format!("{GOOD}{servers}"), &[]);
    assert_names(&ended, "calls.ice_servers.0.credential");
    assert!(
        ended.stderr.contains("is a number, expected a text in quotes"),
        "{}",
        ended.stderr
    );
    assert!(!ended.stderr.contains("31415926535"), "{}", ended.stderr);
}

#[test]
fn a_wrong_server_setting_is_named_too() {
    for (line, setting) in [
        ("https_bind = \"127.0.0.1:0\"", "server.certificate"),
        (
            "https_bind = \"127.0.0.1:0\"\ncertificate = \"c.pem\"",
            "server.private_key",
        ),
        ("https_bind = \"localhost\"", "server.https_bind"),
        (
            "allowed_origins = [\"app.example.org\"]",
            "server.allowed_origins",
        ),
        (
            "allowed_origins = [\"https://app.example.org/\"]",
            "server.allowed_origins",
        ),
        ("www = \"/dev/null/www\"", "server.www"),
        ("location = \"near by\"", "server.location"),
        ("shutdown_timeout_s = 601", "server.shutdown_timeout_s"),
    ] {
        assert_names(&serve_with(&format!("{GOOD}{line}\n"), &[]), setting);
    }
    for (without, setting) in [
        (
            "public_endpoint = \"https://openline.example.org/\"",
            "server.public_endpoint",
        ),
        ("data_dir = \"/dev/null/openline\"", "server.data_dir"),
        ("http_bind = \"127.0.0.1:0\"", "server.https_bind"),
    ] {
        assert_names(&serve_with(&GOOD.replace(without, ""), &[]), setting);
    }
    for endpoint in [
        "openline.example.org",
        "ftp://x/",
        "https://x/path",
        "https:///",
        "https://a b/",
    ] {
        let toml = GOOD.replace("https://openline.example.org/", endpoint);
        assert_names(&serve_with(&toml, &[]), "server.public_endpoint");
    }
}

#[test]
fn a_certificate_that_cannot_be_used_is_named() {
    let directory = tempfile::tempdir().unwrap();
    // Two pairs of a certificate and its key: what dev mode makes.
    let [first, second] = ["first", "second"].map(|name| {
        let data_dir = directory.path().join(name);
        drop(TestServer::dev(&data_dir));
        data_dir
    });
    let write = |name: &str, text: &str| {
        let file = directory.path().join(name);
        std::fs::write(&file, text).unwrap();
        file
    };
    let certificate = first.join("server.pem");
    let key = first.join("server-key.pem");
    let empty = write("empty.pem", "");
    let damaged = "AAAA\n";
    let no_certificate = write(
        "certificate.pem",
        &format!("-----BEGIN CERTIFICATE-----\n{damaged}-----END CERTIFICATE-----\n"),
    );
    let no_key = write(
        "key.pem",
        &format!("-----BEGIN PRIVATE KEY-----\n{damaged}-----END PRIVATE KEY-----\n"),
    );
    let missing = directory.path().join("missing.pem");
    for (certificate, key, setting) in [
        (&missing, &key, "server.certificate"),
        (&empty, &key, "server.certificate"),
        (&no_certificate, &key, "server.certificate"),
        (&certificate, &second.join("server-key.pem"), "server.certificate"),
        (&certificate, &missing, "server.private_key"),
        (&certificate, &empty, "server.private_key"),
        (&certificate, &no_key, "server.private_key"),
    ] {
        let toml = format!(
            "{GOOD}https_bind = \"127.0.0.1:0\"\ncertificate = \"{}\"\nprivate_key = \"{}\"\n",
            certificate.display(),
            key.display()
        );
        assert_names(&serve_with(&toml, &[]), setting);
    }
}

#[test]
fn a_wrong_variable_is_named_with_where_it_was_set() {
    let ended = serve_with(GOOD, &[("OPENLINE_LIMITS__WINDOW_S", "soon")]);
    assert_names(&ended, "limits.window_s");
    assert!(ended.stderr.contains("environment"), "{}", ended.stderr);
    assert_names(
        &serve_with(GOOD, &[("OPENLINE_LIMITS__WINDOW", "5")]),
        "limits.window",
    );
    assert_names(
        &serve_with(GOOD, &[("OPENLINE_LIMITS__WINDOW_S", "0")]),
        "limits.window_s",
    );
}

#[test]
fn a_file_that_is_missing_or_no_toml_is_one_clear_error() {
    let missing = run_to_end(command(["serve", "--config", "/dev/null/openline.toml"]));
    assert_eq!(missing.code, Some(2));
    assert_eq!(
        missing.stderr,
        "error: there is no settings file /dev/null/openline.toml\n"
    );
    let broken = serve_with("[server\n", &[]);
    assert_eq!(broken.code, Some(2));
    assert!(
        broken.stderr.starts_with("error: the settings cannot be read: "),
        "{}",
        broken.stderr
    );
}

#[test]
fn the_example_lists_every_setting_with_its_default() {
    let file: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("openline.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let read = config::load(&file).unwrap();
    let mut expected = Config::default();
    // What has no default shows an example.
    expected
        .server
        .public_endpoint
        .clone_from(&read.server.public_endpoint);
    expected.server.data_dir.clone_from(&read.server.data_dir);
    expected.server.https_bind = read.server.https_bind;
    expected.server.certificate.clone_from(&read.server.certificate);
    expected.server.private_key.clone_from(&read.server.private_key);
    assert_eq!(read, expected);

    let Value::Object(groups) = serde_json::to_value(Config::default()).unwrap() else {
        panic!()
    };
    for (group, settings) in groups {
        assert!(text.contains(&format!("\n[{group}]\n")), "{group}");
        for setting in settings.as_object().unwrap().keys() {
            let shown = [
                format!("\n{setting} = "),
                format!("\n# {setting} = "),
                format!("[{group}.{setting}]"),
            ];
            assert!(shown.iter().any(|form| text.contains(form)), "{group}.{setting}");
        }
    }
}
