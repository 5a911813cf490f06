//! HMAC-SHA256 request signatures: what a client may have signed, and whether a key signed it.
//!
//! Published clients differ in how they write the path, the query and the host into the string to sign, so every
//! form that one of them uses is a candidate.

use aws_lc_rs::hmac;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};

/// What `URLSearchParams` leaves as it is.
const FORM: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'*')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_');

/// A request as it was signed.
#[derive(Debug)]
pub(super) struct SignedParts<'a> {
    /// The method, upper case.
    pub(super) method: &'a str,
    /// Path and query exactly as they came.
    pub(super) target: &'a str,
    /// Names that the client may have used for the server, each with or without a port.
    pub(super) hosts: Vec<String>,
    /// The header `x-ms-date`, or else `date`.
    pub(super) date: &'a str,
    /// The header `x-ms-content-sha256`.
    pub(super) content_hash: &'a str,
}

/// The texts that may have been signed.
pub(super) fn candidates(parts: &SignedParts<'_>) -> Vec<Vec<u8>> {
    let mut texts = Vec::new();
    for target in targets(parts.target) {
        for host in &parts.hosts {
            // Python's key credential signs the slash that its endpoint ends with.
            for slash in ["", "/"] {
                let mut text = format!("{}\n", parts.method).into_bytes();
                text.extend_from_slice(&target);
                text.extend_from_slice(
                    format!("\n{};{host}{slash};{}", parts.date, parts.content_hash).as_bytes(),
                );
                texts.push(text);
            }
        }
    }
    texts
}

/// Whether one of `keys` made `signature` (base64) over one of `texts`. Compares in constant time.
pub(super) fn verify<'k>(
    keys: impl IntoIterator<Item = &'k hmac::Key>,
    texts: &[Vec<u8>],
    signature: &str,
) -> bool {
    let Ok(signature) = BASE64_STANDARD.decode(signature) else {
        return false;
    };
    keys.into_iter().any(|key| {
        texts
            .iter()
            .any(|text| hmac::verify(key, text, &signature).is_ok())
    })
}

/// The signature of an `Authorization` header.
pub(super) fn signature_of(authorization: &str) -> Option<&str> {
    let parameters = authorization.strip_prefix("HMAC-SHA256 ")?;
    parameters
        .split_once("Signature=")
        .map(|(_, signature)| signature.trim())
}

/// Path and query as sent, with the query encoded anew as a form, and percent-decoded.
fn targets(target: &str) -> Vec<Vec<u8>> {
    let mut targets = vec![target.as_bytes().to_vec()];
    let mut add = |candidate: Vec<u8>| {
        if !targets.contains(&candidate) {
            targets.push(candidate);
        }
    };
    if let Some((path, query)) = target.split_once('?') {
        add(format!("{path}?{}", form_encoded(query)).into_bytes());
    }
    add(percent_decode_str(target).collect());
    targets
}

fn form_encoded(query: &str) -> String {
    let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        format!("{}={}", form_part(name), form_part(value))
    });
    pairs.collect::<Vec<_>>().join("&")
}

fn form_part(part: &str) -> String {
    let with_spaces = part.replace('+', " ");
    let decoded: Vec<u8> = percent_decode_str(&with_spaces).collect();
    percent_encode(&decoded, FORM).to_string().replace("%20", "+")
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "c3VwZXJzZWNyZXRrZXlzdXBlcnNlY3JldGtleTAxMjM0NQ==";
    const EMPTY: &str = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

    struct Vector {
        method: &'static str,
        target: &'static str,
        host: &'static str,
        date: &'static str,
        content_hash: &'static str,
        signature: &'static str,
    }

    impl Vector {
        fn accepted_with(&self, key: &str) -> bool {
            let key = hmac::Key::new(hmac::HMAC_SHA256, &BASE64_STANDARD.decode(key).unwrap());
            let texts = candidates(&SignedParts {
                method: self.method,
                target: self.target,
                hosts: vec![self.host.to_owned()],
                date: self.date,
                content_hash: self.content_hash,
            });
            verify([&key], &texts, self.signature)
        }
    }

    const LOCALITIES: &str = "/availablePhoneNumbers/countries/US/localities?skip=0&maxPageSize=100";

    /// Requests that published clients really sent.
    fn vectors() -> Vec<Vector> {
        let vector = |method, target, host, date, signature| Vector {
            method,
            target,
            host,
            date,
            content_hash: EMPTY,
            signature,
        };
        let js = "Sat, 21 Nov 2026 07:23:17 GMT";
        let python = "Sat, 21 Nov 2026 07:35:53 GMT";
        vec![
            vector(
                "POST",
                "/identities?api-version=2023-10-01",
                "localhost:8443",
                "Sat, 21 Nov 2026 07:22:05 GMT",
                "vKR4ANJUTpuERUxsU0RX6sE0eGYNB7Ij235vX4yQzzs=",
            ),
            Vector {
                content_hash: "jENEeifYNCidF9FcfXJ54WzhK3ED/2UrQyA4+oWOZKc=",
                ..vector(
                    "POST",
                    "/identities?api-version=2023-10-01",
                    "localhost:8443",
                    "Sat, 21 Nov 2026 07:22:05 GMT",
                    "yM02cFyA0taO+N+d+qvr4pzNyjw67DXhqe3Tg0tNwSU=",
                )
            },
            vector(
                "GET",
                leak(format!(
                    "{LOCALITIES}&administrativeDivision=New%20York%20(a)*%27~!&api-version=2025-06-01"
                )),
                "localhost:8443",
                js,
                "d8C1hlGtxOazEfvmtGNXvoc8bh9RJ+Ene4IKMVKoeoQ=",
            ),
            vector(
                "GET",
                leak(format!(
                    "{LOCALITIES}&administrativeDivision=New%20York%20%28a%29%2A%27~%21&api-version=2025-06-01"
                )),
                "localhost:8443",
                python,
                "q8baBGKkWVAnFtORr3UCmSQgDA5dWGPpn2TwPR+CEmc=",
            ),
            vector(
                "GET",
                leak(format!(
                    "{LOCALITIES}&administrativeDivision=New%20York%20(a)*'~!&api-version=2025-06-01"
                )),
                "localhost:8443",
                python,
                "OV6hPOllq7QhvKsdWxA8wbbwndKxwqS23CgmSou0cEQ=",
            ),
            vector(
                "GET",
                "/rooms?nextLink=W3t9XQ%3D%3D%2B%20x&api-version=ApiVersion.V2025_03_13",
                "localhost:8445",
                "Sat, 21 Nov 2026 07:54:55 GMT",
                "s9PBcfyoBgh8QlLBYZyJ9PVqDTIWSGyeSQOqbRy45sc=",
            ),
            vector(
                "GET",
                "/rooms?nextLink=W3t9XQ%3D%3D%2B%20x&api-version=2025-03-13",
                "localhost:8445",
                "Sat, 21 Nov 2026 07:54:56 GMT",
                "n8FwmmirnVsrLT5hzwL0LEPHyK4MZ738+kdd5BnhvdI=",
            ),
            vector(
                "POST",
                "/identities?api-version=2023-10-01",
                "localhost:8443",
                python,
                "JvJo3UuHaZ6eZ1LoG6kaTLu2qIQb0IO2ewyA1qcU30U=",
            ),
        ]
    }

    fn leak(text: String) -> &'static str {
        Box::leak(text.into_boxed_str())
    }

    #[test]
    fn every_form_that_a_published_client_signs_is_accepted() {
        for (index, vector) in vectors().iter().enumerate() {
            assert!(vector.accepted_with(KEY), "vector {}", index + 1);
        }
    }

    #[test]
    fn another_key_another_method_or_another_path_is_not_accepted() {
        let other = BASE64_STANDARD.encode("another key");
        for vector in vectors() {
            assert!(!vector.accepted_with(&other));
            assert!(
                !Vector {
                    method: "PUT",
                    ..vector
                }
                .accepted_with(KEY)
            );
        }
        for vector in vectors() {
            assert!(
                !Vector {
                    target: "/identities",
                    ..vector
                }
                .accepted_with(KEY)
            );
        }
    }

    #[test]
    fn a_header_without_a_signature_has_none() {
        assert_eq!(signature_of("Bearer x"), None);
        assert_eq!(signature_of("HMAC-SHA256 SignedHeaders=x-ms-date"), None);
        assert_eq!(
            signature_of("HMAC-SHA256 SignedHeaders=a;b&Signature=c2ln"),
            Some("c2ln")
        );
    }
}
