//! `ChatClient`: threads over REST, and what happens in them over the shared connection.

mod realtime;

use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use self::realtime::Realtime;
use super::{
    chat_models, chat_requests,
    chat_thread_client::ChatThreadClient,
    credential::CredentialHandle,
    events::EventEmitter,
    local_data::LocalData,
    object::get_string,
    paged::{PagedAsyncIterableIterator, PagedList},
};
use crate::{
    browser::{endpoint::Endpoint, random},
    rest::{RestClient, RestRequest, segment},
};

/// The version of the chat REST interface that is spoken.
pub(super) const CHAT_API_VERSION: &str = "2025-03-15";

/// Creates, lists and deletes chat threads, and tells what happens in those of the signed-in user.
///
/// @example
/// const chatClient = new ChatClient("https://calls.example.com", credential);
/// chatClient.on("chatMessageReceived", (event) => console.log(event.message));
/// await chatClient.startRealtimeNotifications();
#[wasm_bindgen]
pub struct ChatClient {
    rest: Rc<RestClient>,
    realtime: Rc<Realtime>,
    local: Option<Rc<LocalData>>,
}

#[wasm_bindgen]
impl ChatClient {
    /// A client of the server at `endpoint`, as whoever the credential stands for. Connects to nothing yet.
    ///
    /// @throws {TypeError} The endpoint is no http or https URL, or the credential is none.
    #[wasm_bindgen(constructor)]
    pub fn new(
        endpoint: &str,
        #[wasm_bindgen(unchecked_param_type = "TokenCredential")] credential: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "ChatClientOptions")] options: &JsValue,
    ) -> Result<Self, JsValue> {
        let endpoint = Endpoint::parse(endpoint)?;
        let credential = CredentialHandle::from_js(credential)?;
        let rest = rest_client(&endpoint, &credential, options);
        let events = EventEmitter::new();
        let local = LocalData::new(options, &endpoint, &credential, &events);
        Ok(Self {
            rest,
            realtime: Realtime::new(endpoint, credential, events, local.clone()),
            local,
        })
    }

    /// A client for one thread. Asks the server nothing.
    #[wasm_bindgen(js_name = getChatThreadClient)]
    #[must_use]
    pub fn get_chat_thread_client(
        &self,
        #[wasm_bindgen(js_name = threadId)] thread_id: &str,
    ) -> ChatThreadClient {
        ChatThreadClient::of(Rc::clone(&self.rest), thread_id, self.local.clone())
    }

    /// Creates a thread; the signed-in user is in it, too.
    ///
    /// @throws {RestError} 403: the token lacks the scope `chat`.
    #[wasm_bindgen(js_name = createChatThread, unchecked_return_type = "Promise<CreateChatThreadResult>")]
    pub fn create_chat_thread(
        &self,
        #[wasm_bindgen(unchecked_param_type = "CreateChatThreadRequest")] request: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CreateChatThreadOptions")] options: &JsValue,
    ) -> Promise {
        let body = chat_requests::create_thread(request, options);
        let repeatability_id = get_string(options, "idempotencyToken").unwrap_or_else(random::uuid);
        let request =
            RestRequest::new("POST", "/chat/threads".to_owned(), options).repeatability_id(repeatability_id);
        self.rest
            .promise(body.map(|body| request.json(&body)), chat_models::create_result)
    }

    /// The threads of the signed-in user, those with the newest messages first.
    #[wasm_bindgen(
        js_name = listChatThreads,
        unchecked_return_type = "PagedAsyncIterableIterator<ChatThreadItem>"
    )]
    pub fn list_chat_threads(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "ListChatThreadsOptions")] options: &JsValue,
    ) -> Result<PagedAsyncIterableIterator, JsValue> {
        let start_time = chat_requests::time(options, "startTime")?;
        Ok(PagedAsyncIterableIterator::new(PagedList {
            rest: Rc::clone(&self.rest),
            path: "/chat/threads".to_owned(),
            filters: vec![("startTime", start_time)],
            to_js: chat_models::thread_item,
            cache: None,
            options: options.clone(),
        }))
    }

    /// Finds text and HTML messages in the threads of the signed-in user, newest first.
    ///
    /// A message is found if it has every word of `query`, whatever the case and the accents. The last word also
    /// stands for words that begin with it, and `"words in quotes"` must follow each other as they are.
    ///
    /// @throws {TypeError} `query` is no text, `sender` no identifier, or a time no date.
    ///
    /// @example
    /// for await (const { threadId, message, snippet } of chatClient.searchMessages({ query: "lunch" })) { .. }
    #[wasm_bindgen(
        js_name = searchMessages,
        unchecked_return_type = "PagedAsyncIterableIterator<ChatMessageSearchItem>"
    )]
    pub fn search_messages(
        &self,
        #[wasm_bindgen(unchecked_param_type = "SearchMessagesOptions")] options: &JsValue,
    ) -> Result<PagedAsyncIterableIterator, JsValue> {
        Ok(PagedAsyncIterableIterator::new(PagedList {
            rest: Rc::clone(&self.rest),
            path: "/chat/messages/search".to_owned(),
            filters: chat_requests::search(options)?,
            to_js: chat_models::search_item,
            cache: None,
            options: options.clone(),
        }))
    }

    /// Deletes a thread for everybody in it.
    #[wasm_bindgen(js_name = deleteChatThread, unchecked_return_type = "Promise<void>")]
    pub fn delete_chat_thread(
        &self,
        #[wasm_bindgen(js_name = threadId)] thread_id: &str,
        #[wasm_bindgen(unchecked_optional_param_type = "DeleteChatThreadOptions")] options: &JsValue,
    ) -> Promise {
        let path = ["/chat/threads/", &segment(thread_id)].concat();
        let request = RestRequest::new("DELETE", path, options);
        self.rest.promise(Ok(request), chat_models::nothing)
    }

    /// Connects and resolves once events arrive. What is missed during a break of the network arrives after
    /// it, in order, once. Twice is fine.
    ///
    /// @throws {RealtimeError} `tokenRefused`, `scopeMissing`, `noWebSocket`, or `timedOut` if the server
    /// cannot be reached within 30 seconds; call it again to try again.
    #[wasm_bindgen(js_name = startRealtimeNotifications, unchecked_return_type = "Promise<void>")]
    pub fn start_realtime_notifications(&self) -> Promise {
        self.realtime.start()
    }

    /// Disconnects, and removes every listener.
    #[wasm_bindgen(js_name = stopRealtimeNotifications, unchecked_return_type = "Promise<void>")]
    pub fn stop_realtime_notifications(&self) -> Promise {
        self.realtime.stop();
        Promise::resolve(&JsValue::UNDEFINED)
    }

    /// Whether events arrive. `connectionStateChanged` tells when it changes, and why.
    #[wasm_bindgen(getter, js_name = connectionState, skip_typescript)]
    #[must_use]
    pub fn connection_state(&self) -> String {
        self.realtime.state().to_owned()
    }

    /// Forgets what the option `localData` keeps of this user on the device, in every tab: call it when the user signs
    /// out. What waits to be sent is not sent. The client keeps nothing from here on.
    #[wasm_bindgen(js_name = clearLocalData, unchecked_return_type = "Promise<void>")]
    pub fn clear_local_data(&self) -> Promise {
        match &self.local {
            Some(local) => local.ask("clear", None, &[]),
            None => Promise::resolve(&JsValue::UNDEFINED),
        }
    }

    /// Registers a listener.
    #[wasm_bindgen(skip_typescript)]
    pub fn on(&self, event: &str, listener: &JsValue) -> Result<(), JsValue> {
        self.realtime.events.on(event, listener)
    }

    /// Removes a listener. One that was never registered is ignored.
    #[wasm_bindgen(skip_typescript)]
    pub fn off(&self, event: &str, listener: &JsValue) {
        self.realtime.events.off(event, listener);
    }
}

/// The REST half of a client.
pub(super) fn rest_client(
    endpoint: &Endpoint,
    credential: &CredentialHandle,
    options: &JsValue,
) -> Rc<RestClient> {
    Rc::new(RestClient::new(
        endpoint.clone(),
        credential.clone(),
        CHAT_API_VERSION,
        options,
    ))
}
