//! `CallClientOptions`, read.

use js_sys::{Array, Function};
use openline_protocol::realtime::IceServer;
use wasm_bindgen::{JsCast as _, JsValue};

use crate::{
    browser::endpoint::Endpoint,
    js::{
        error::type_error,
        logger::Logger,
        object::{get, get_string},
    },
};

/// What a call client was made with.
#[derive(Clone)]
pub(crate) struct ClientSettings {
    /// The server; absent: the one that issued the token.
    pub(crate) endpoint: Option<Endpoint>,
    /// The page's own STUN and TURN servers, instead of the server's.
    pub(crate) ice_servers: Option<Vec<IceServer>>,
    /// Loads `media_quality.js` and `leaving.js`.
    pub(crate) files: Option<Function>,
    /// Where warnings go.
    pub(crate) logger: Logger,
}

impl ClientSettings {
    /// Reads the options; everything is optional.
    ///
    /// # Errors
    /// The endpoint is no URL, or a server has no URLs.
    pub(crate) fn read(options: &JsValue, files: Option<Function>) -> Result<Self, JsValue> {
        let network = get(options, "networkConfiguration").unwrap_or_default();
        let proxy = get(&network, "proxy").and_then(|proxy| get_string(&proxy, "url"));
        let endpoint = proxy
            .or_else(|| get_string(options, "endpoint"))
            .map(|text| Endpoint::parse(&text))
            .transpose()?;
        let servers = get(&network, "turn").and_then(|turn| get(&turn, "iceServers"));
        let ice_servers = servers
            .and_then(|servers| servers.dyn_into::<Array>().ok())
            .map(|servers| servers.iter().map(|server| read_server(&server)).collect())
            .transpose()?;
        Ok(Self {
            endpoint,
            ice_servers,
            files,
            logger: Logger::read(options),
        })
    }
}

fn read_server(server: &JsValue) -> Result<IceServer, JsValue> {
    let given = get(server, "urls").unwrap_or_default();
    let urls: Vec<String> = match given.dyn_ref::<Array>() {
        Some(urls) => urls.iter().filter_map(|url| url.as_string()).collect(),
        None => given.as_string().into_iter().collect(),
    };
    if urls.is_empty() {
        return Err(type_error(
            "Every entry of turn.iceServers needs urls, such as [\"turn:turn.example.com\"].",
        ));
    }
    Ok(IceServer {
        urls,
        username: get_string(server, "username"),
        credential: get_string(server, "credential"),
    })
}
