//! The static page of `--www`.

use std::path::Path;

use reqwest::Method;

use crate::common::binary::{TestServer, dev_command};

fn serve_page(directory: &Path) -> TestServer {
    let www = directory.join("www");
    std::fs::create_dir_all(www.join("assets")).unwrap();
    std::fs::write(
        www.join("index.html"),
        format!("<!doctype html>{}", "<p>page</p>".repeat(1000)),
    )
    .unwrap();
    std::fs::write(www.join("assets/openline-Ab12Cd34.wasm"), b"\0asm\x01\0\0\0").unwrap();
    std::fs::write(directory.join("secret.txt"), "secret").unwrap();
    let mut dev = dev_command(&directory.join("data"));
    dev.arg("--www").arg(&www);
    TestServer::start(dev)
}

#[tokio::test]
async fn the_page_is_served_with_headers_that_let_it_run_and_little_else() {
    let directory = tempfile::tempdir().unwrap();
    let server = serve_page(directory.path());
    let page = server.get("").await;
    assert_eq!(page.status(), 200);
    let header = |name: &str| page.headers()[name].to_str().unwrap().to_owned();
    assert!(header("content-type").starts_with("text/html"));
    assert_eq!(header("cache-control"), "no-cache");
    assert_eq!(header("x-content-type-options"), "nosniff");
    let policy = header("content-security-policy");
    assert!(policy.contains("'wasm-unsafe-eval'"), "{policy}");
    assert!(!policy.contains("'unsafe-inline'"), "{policy}");

    let wasm = server.get("assets/openline-Ab12Cd34.wasm").await;
    assert_eq!(wasm.headers()["content-type"], "application/wasm");
    assert_eq!(
        wasm.headers()["cache-control"],
        "public, max-age=31536000, immutable"
    );
}

#[tokio::test]
async fn the_page_is_compressed_for_who_can_read_that() {
    let directory = tempfile::tempdir().unwrap();
    let server = serve_page(directory.path());
    let page = server
        .client
        .get(&server.http)
        .header("accept-encoding", "gzip")
        .send()
        .await
        .unwrap();
    assert_eq!(page.headers()["content-encoding"], "gzip");
    assert!(page.bytes().await.unwrap().len() < 1000);
    assert!(server.get("").await.headers().get("content-encoding").is_none());
}

#[tokio::test]
async fn nothing_outside_the_directory_is_served() {
    let directory = tempfile::tempdir().unwrap();
    let server = serve_page(directory.path());
    for path in [
        "nothing.html",
        "%2e%2e/secret.txt",
        "..%2fsecret.txt",
        "assets/%2e%2e/%2e%2e/secret.txt",
    ] {
        let answer = server.get(path).await;
        assert_eq!(answer.status(), 404, "{path}");
        assert_eq!(answer.headers()["content-type"], "application/json", "{path}");
    }
    // The API is still there beside the page.
    assert_eq!(server.get("demo/people").await.status(), 200);
}

#[tokio::test]
async fn what_is_no_question_for_a_file_is_answered_as_an_unknown_address() {
    let directory = tempfile::tempdir().unwrap();
    let server = serve_page(directory.path());
    for path in ["", "index.html", "teamsUser/:exchangeAccessToken"] {
        for method in [Method::POST, Method::PUT, Method::DELETE] {
            let request = server
                .client
                .request(method.clone(), format!("{}{path}", server.http));
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), 404, "{method} {path}");
            let body: serde_json::Value = answer.json().await.unwrap();
            assert_eq!(body["error"]["code"], "NotFound", "{method} {path}");
        }
    }
    let head = server.client.head(&server.http).send().await.unwrap();
    assert_eq!(head.status(), 200);
}

#[tokio::test]
async fn links_are_followed_within_the_directory_only() {
    use std::os::unix::fs::symlink;

    let directory = tempfile::tempdir().unwrap();
    let outside = directory.path().join("outside");
    std::fs::create_dir(&outside).unwrap();
    std::fs::write(outside.join("index.html"), "secret").unwrap();
    let server = serve_page(directory.path());
    let www = directory.path().join("www");
    symlink(directory.path().join("secret.txt"), www.join("secret.txt")).unwrap();
    symlink(&outside, www.join("outside")).unwrap();
    std::fs::create_dir(www.join("inside")).unwrap();
    symlink(outside.join("index.html"), www.join("inside/index.html")).unwrap();
    symlink("index.html", www.join("start.html")).unwrap();
    for path in [
        "secret.txt",
        "outside/index.html",
        "outside/",
        "outside",
        "inside/",
    ] {
        let answer = server.get(path).await;
        assert_eq!(answer.status(), 404, "{path}");
        assert!(!answer.text().await.unwrap().contains("secret"), "{path}");
    }
    assert_eq!(server.get("start.html").await.status(), 200);
}
