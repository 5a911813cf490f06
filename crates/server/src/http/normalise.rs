//! Tidies a request's path for routing, and keeps what was sent for signatures.

use axum::http::{Request, Uri, uri::PathAndQuery};

/// The request target as it was sent: what a client signed.
#[derive(Debug, Clone)]
pub(super) struct RawTarget(pub(super) String);

/// Collapses duplicate slashes and writes `%3A` as `:`, so that `//identities/8%3Aacs%3Ax/%3AissueAccessToken`
/// finds its route.
pub(super) fn normalise<B>(mut request: Request<B>) -> Request<B> {
    let target = request
        .uri()
        .path_and_query()
        .map_or("/", PathAndQuery::as_str)
        .to_owned();
    let path = tidied(request.uri().path());
    if path != request.uri().path() {
        let with_query = match request.uri().query() {
            Some(query) => format!("{path}?{query}"),
            None => path,
        };
        let mut parts = request.uri().clone().into_parts();
        parts.path_and_query = with_query.parse().ok();
        // A tidied path is a valid one; if it ever is not, the request keeps the one it came with.
        if let Ok(uri) = Uri::from_parts(parts) {
            *request.uri_mut() = uri;
        }
    }
    request.extensions_mut().insert(RawTarget(target));
    request
}

fn tidied(path: &str) -> String {
    let mut tidy = String::with_capacity(path.len());
    for character in path.chars() {
        if character != '/' || !tidy.ends_with('/') {
            tidy.push(character);
        }
    }
    tidy.replace("%3A", ":").replace("%3a", ":")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path_of(target: &str) -> (String, String) {
        let request = normalise(Request::builder().uri(target).body(()).unwrap());
        (
            request.uri().to_string(),
            request.extensions().get::<RawTarget>().unwrap().0.clone(),
        )
    }

    #[test]
    fn a_path_is_tidied_and_the_raw_target_is_kept() {
        let target = "//identities///8%3Aacs%3ax/%3AissueAccessToken?a=%3A//b";
        let (uri, raw) = path_of(target);
        assert_eq!(uri, "/identities/8:acs:x/:issueAccessToken?a=%3A//b");
        assert_eq!(raw, target);
    }

    #[test]
    fn a_tidy_path_stays_as_it_is() {
        assert_eq!(path_of("/a/b%20c?d").0, "/a/b%20c?d");
        assert_eq!(path_of("/").0, "/");
    }
}
