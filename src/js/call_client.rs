//! `CallClient`: where calling begins.

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
    time::Duration,
};

use futures_util::future::{Either, select};
use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::{
    call_agent::CallAgent,
    credential::{CredentialHandle, claims},
    device_manager::DeviceManager,
    error::services_error,
    events,
    features::{ClientHost, FeaturesMade},
    object::{self, get_string},
    promise::{deferred, promise, resolved},
};
use crate::{
    browser::{endpoint::Endpoint, timer::sleep},
    call_driver::{agent::AgentDriver, agent_registry, client_settings::ClientSettings, devices::Devices},
    driver::{Connection, ConnectionError, ConnectionObserver},
};

/// How long an agent may take to register.
const REGISTER_TIMEOUT: Duration = Duration::from_secs(30);

/// The server cuts names there; a longer one would only fill the frame.
const MAX_DISPLAY_NAME_CHARS: usize = 256;

/// Where calling begins: makes the agent of a user and gives access to devices.
#[wasm_bindgen(skip_typescript)]
pub struct CallClient {
    client: Rc<Client>,
    features: FeaturesMade,
}

pub(super) struct Client {
    pub(super) options: JsValue,
    settings: ClientSettings,
    devices: RefCell<Option<(Rc<Devices>, JsValue)>>,
    agent: RefCell<Option<Rc<AgentDriver>>>,
    creating: Cell<bool>,
    disposed: Cell<bool>,
    /// Called when there is an agent.
    pub(super) on_agent: RefCell<Option<Function>>,
}

#[wasm_bindgen]
impl CallClient {
    /// A client that is not registered for calls yet. The package adds what loads `media_quality.js` and
    /// `leaving.js`.
    ///
    /// # Errors
    /// An argument is of the wrong kind.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue, files: Option<Function>) -> Result<CallClient, JsValue> {
        let client = Client {
            options: options.clone(),
            settings: ClientSettings::read(options, files)?,
            devices: RefCell::default(),
            agent: RefCell::default(),
            creating: Cell::new(false),
            disposed: Cell::new(false),
            on_agent: RefCell::default(),
        };
        Ok(Self {
            client: Rc::new(client),
            features: FeaturesMade::default(),
        })
    }

    /// Registers a user for calls.
    #[wasm_bindgen(js_name = createCallAgent)]
    pub fn create_call_agent(&self, token_credential: &JsValue, options: &JsValue) -> Promise {
        let client = Rc::clone(&self.client);
        let credential = CredentialHandle::from_js(token_credential);
        let display_name = get_string(options, "displayName")
            .filter(|name| !name.is_empty())
            .map(|name| name.chars().take(MAX_DISPLAY_NAME_CHARS).collect());
        promise(async move {
            if client.disposed.get() {
                return Err(disposed());
            }
            if client.live_agent().is_some() || client.creating.replace(true) {
                return Err(agent_exists());
            }
            let created = match credential {
                Ok(credential) => client.create_agent(credential, display_name).await,
                Err(error) => Err(error),
            };
            client.creating.set(false);
            created.map(CallAgent::of)
        })
    }

    /// The device manager, always the same.
    #[wasm_bindgen(js_name = getDeviceManager)]
    pub fn get_device_manager(&self) -> Promise {
        Promise::resolve(&self.client.devices().1)
    }

    /// A feature of the client, always the same object.
    ///
    /// # Errors
    /// There is no such feature of clients.
    pub fn feature(&self, factory: &JsValue) -> Result<JsValue, JsValue> {
        let host = ClientHost {
            client: Rc::clone(&self.client),
        };
        self.features.get("CallClient", factory, host.into())
    }

    /// Ends the client with its agent and its device manager.
    pub fn dispose(&self) -> Promise {
        let client = Rc::clone(&self.client);
        self.features.dispose();
        promise(async move {
            client.disposed.set(true);
            if let Some(agent) = client.agent.take() {
                agent_registry::dispose(&agent);
            }
            if let Some((devices, _object)) = client.devices.take() {
                devices.dispose();
            }
            Ok(JsValue::UNDEFINED)
        })
    }
}

impl Client {
    fn devices(&self) -> (Rc<Devices>, JsValue) {
        let mut devices = self.devices.borrow_mut();
        let (devices, object) = devices.get_or_insert_with(|| {
            let devices = Devices::new();
            let object = DeviceManager::of(Rc::clone(&devices)).into();
            (devices, object)
        });
        (Rc::clone(devices), object.clone())
    }

    /// The agent, unless it was disposed.
    pub(super) fn live_agent(&self) -> Option<Rc<AgentDriver>> {
        self.agent
            .borrow()
            .clone()
            .filter(|agent| !agent_registry::is_disposed(agent))
    }

    async fn create_agent(
        &self,
        credential: CredentialHandle,
        display_name: Option<String>,
    ) -> Result<Rc<AgentDriver>, JsValue> {
        let (devices, _object) = self.devices();
        let files = self
            .settings
            .files
            .as_ref()
            .and_then(|load| load.call0(&JsValue::UNDEFINED).ok());
        let endpoint = match &self.settings.endpoint {
            Some(endpoint) => endpoint.clone(),
            None => issuer(&credential).await?,
        };
        let agent = AgentDriver::new(devices, display_name, self.settings.clone());
        let weak: Weak<AgentDriver> = Rc::downgrade(&agent);
        let connection = Connection::open(&endpoint, credential, weak as Weak<dyn ConnectionObserver>).await;
        let connection = connection.map_err(|error| connect_error(&error))?;
        if let Some(loading) = files {
            // A call may come as soon as the agent is registered.
            agent.set_files(&resolved(&loading).await.unwrap_or_default(), &endpoint);
        }
        if connection
            .identity()
            .is_some_and(|identity| agent_registry::has(&identity))
        {
            return Err(agent_exists());
        }
        agent.connect(connection);
        agent_registry::keep(&agent);
        // From here on `dispose` ends it, also while it registers.
        self.agent.replace(Some(Rc::clone(&agent)));
        let ready = if self.disposed.get() {
            Ok(())
        } else {
            registered(&agent).await
        };
        if ready.is_err() || self.disposed.get() {
            agent_registry::dispose(&agent);
            return Err(ready
                .err()
                .filter(|_| !self.disposed.get())
                .unwrap_or_else(disposed));
        }
        if let Some(callback) = self.on_agent.borrow().clone() {
            // A feature of the package's own.
            events::defer(move || drop(callback.call0(&JsValue::UNDEFINED)));
        }
        Ok(agent)
    }
}

// Waits until the server can ring the agent.
async fn registered(agent: &AgentDriver) -> Result<(), JsValue> {
    let (ready, resolve, reject) = deferred();
    agent.when_ready(move |result| {
        // Settling a promise cannot throw.
        drop(match result {
            Ok(()) => resolve.call0(&JsValue::UNDEFINED),
            Err(error) => reject.call1(&JsValue::UNDEFINED, &connect_error(&error)),
        });
    });
    match select(JsFuture::from(ready), Box::pin(sleep(REGISTER_TIMEOUT))).await {
        Either::Left((result, _)) => result.map(|_| ()),
        Either::Right(_) => Err(services_error(
            "CallClient.createCallAgent: the server could not be reached. Check the endpoint and the network.",
            408,
            40101,
        )),
    }
}

// The server that issued the token.
async fn issuer(credential: &CredentialHandle) -> Result<Endpoint, JsValue> {
    let token = credential
        .get_token(None)
        .await
        .map_err(|unavailable| connect_error(&ConnectionError::TokenUnavailable(Some(unavailable.error))))?;
    let issuer = claims(&token.token).and_then(|claims| claims.iss);
    let endpoint = issuer.and_then(|issuer| Endpoint::parse(&issuer).ok());
    endpoint.ok_or_else(|| {
        services_error(
            "CallClient.createCallAgent: the token does not name its server. Pass new CallClient({ endpoint }).",
            412,
            40115,
        )
    })
}

fn connect_error(error: &ConnectionError) -> JsValue {
    let (code, sub_code) = match error {
        ConnectionError::TokenUnavailable(_) | ConnectionError::TokenRefused => (401, 10009),
        ConnectionError::ScopeMissing => (403, 40115),
        ConnectionError::VersionUnsupported
        | ConnectionError::Superseded
        | ConnectionError::Defect
        | ConnectionError::NoWebSocket
        | ConnectionError::Left => (500, 40216),
    };
    let js_error = services_error(&format!("CallClient.createCallAgent: {error}"), code, sub_code);
    if let ConnectionError::TokenUnavailable(Some(cause)) = error {
        object::set(&js_error, "cause", cause);
    }
    js_error
}

fn agent_exists() -> JsValue {
    services_error(
        "CallClient.createCallAgent: there is an agent for this identity already. Dispose it first.",
        409,
        40228,
    )
}

fn disposed() -> JsValue {
    services_error(
        "CallClient.createCallAgent: the client was disposed. Make another.",
        412,
        0,
    )
}
