//! `ChatThreadClient`: messages, participants, receipts and properties of one thread.

mod attachments;

use std::{cell::RefCell, rc::Rc};

use js_sys::Promise;
use openline_chat::TypingThrottle;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use super::{
    chat_client::rest_client,
    chat_models, chat_requests,
    credential::CredentialHandle,
    local_data::{LocalData, not_enabled},
    object::get,
    paged::{PagedAsyncIterableIterator, PagedList, count},
    promise::promise,
};
use crate::{
    browser::{clock, endpoint::Endpoint, random},
    rest::{RestClient, RestRequest, segment},
};

/// Reads and changes one chat thread. Get one from {@link ChatClient.getChatThreadClient}.
#[wasm_bindgen]
pub struct ChatThreadClient {
    thread: Rc<Thread>,
}

struct Thread {
    rest: Rc<RestClient>,
    thread_id: String,
    typing: RefCell<TypingThrottle>,
    local: Option<Rc<LocalData>>,
}

#[wasm_bindgen]
impl ChatThreadClient {
    /// A client of the thread on the server at `endpoint`, as whoever the credential stands for. The same as
    /// {@link ChatClient.getChatThreadClient}, for a page that needs nothing but this thread.
    ///
    /// @throws {TypeError} The endpoint is no http or https URL, or the credential is none.
    #[wasm_bindgen(constructor)]
    pub fn new(
        endpoint: &str,
        #[wasm_bindgen(js_name = threadId)] thread_id: &str,
        #[wasm_bindgen(unchecked_param_type = "TokenCredential")] credential: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "ChatThreadClientOptions")] options: &JsValue,
    ) -> Result<Self, JsValue> {
        let endpoint = Endpoint::parse(endpoint)?;
        let credential = CredentialHandle::from_js(credential)?;
        Ok(Self::of(
            rest_client(&endpoint, &credential, options),
            thread_id,
            None,
        ))
    }

    pub(crate) fn of(rest: Rc<RestClient>, thread_id: &str, local: Option<Rc<LocalData>>) -> Self {
        let typing = RefCell::new(TypingThrottle::new());
        Self {
            thread: Rc::new(Thread {
                rest,
                thread_id: thread_id.to_owned(),
                typing,
                local,
            }),
        }
    }

    /// The thread's id.
    #[wasm_bindgen(getter, js_name = threadId)]
    #[must_use]
    pub fn thread_id(&self) -> String {
        self.thread.thread_id.clone()
    }

    /// Topic, creator and metadata of the thread.
    #[wasm_bindgen(js_name = getProperties, unchecked_return_type = "Promise<ChatThreadProperties>")]
    pub fn get_properties(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "GetPropertiesOptions")] options: &JsValue,
    ) -> Promise {
        let request = self.request("GET", &[], options);
        self.ask(Ok(request), chat_models::thread_properties)
    }

    /// Gives the thread another topic.
    #[wasm_bindgen(js_name = updateTopic, unchecked_return_type = "Promise<void>")]
    pub fn update_topic(
        &self,
        topic: &str,
        #[wasm_bindgen(unchecked_optional_param_type = "UpdateTopicOptions")] options: &JsValue,
    ) -> Promise {
        self.send(
            self.request("PATCH", &[], options)
                .merge_patch(&chat_requests::topic(topic)),
        )
    }

    /// Changes the properties that the options name.
    #[wasm_bindgen(js_name = updateProperties, unchecked_return_type = "Promise<void>")]
    pub fn update_properties(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "UpdateChatThreadPropertiesOptions")]
        options: &JsValue,
    ) -> Promise {
        let request = self.request("PATCH", &[], options);
        self.send_checked(
            request,
            chat_requests::update_thread(options),
            RestRequest::merge_patch,
        )
    }

    /// Sends a message and resolves once the server has stored it.
    ///
    /// @example
    /// const { id } = await threadClient.sendMessage({ content: "Hello" }, { senderDisplayName: "Ann" });
    #[wasm_bindgen(js_name = sendMessage, unchecked_return_type = "Promise<SendChatMessageResult>")]
    pub fn send_message(
        &self,
        #[wasm_bindgen(unchecked_param_type = "SendMessageRequest")] request: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "SendMessageOptions")] options: &JsValue,
    ) -> Promise {
        let body = chat_requests::send_message(request, options);
        let request = self.request("POST", &["messages"], options).sent_once();
        self.ask(body.map(|body| request.json(&body)), chat_models::send_result)
    }

    /// One message.
    #[wasm_bindgen(js_name = getMessage, unchecked_return_type = "Promise<ChatMessage>")]
    pub fn get_message(
        &self,
        #[wasm_bindgen(js_name = messageId)] message_id: &str,
        #[wasm_bindgen(unchecked_optional_param_type = "GetMessageOptions")] options: &JsValue,
    ) -> Promise {
        let request = self.request("GET", &["messages", message_id], options);
        self.ask(Ok(request), chat_models::message)
    }

    /// The messages, newest first, system messages included.
    #[wasm_bindgen(js_name = listMessages, unchecked_return_type = "PagedAsyncIterableIterator<ChatMessage>")]
    pub fn list_messages(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "ListMessagesOptions")] options: &JsValue,
    ) -> Result<PagedAsyncIterableIterator, JsValue> {
        let start_time = chat_requests::time(options, "startTime")?;
        let cache = self.thread.local.clone();
        let mut list = self.paged(
            "messages",
            ("startTime", start_time),
            chat_models::message,
            options,
        );
        list.cache = cache.map(|local| (local, self.thread.thread_id.clone()));
        Ok(PagedAsyncIterableIterator::new(list))
    }

    /// Changes a message of one's own.
    #[wasm_bindgen(js_name = updateMessage, unchecked_return_type = "Promise<void>")]
    pub fn update_message(
        &self,
        #[wasm_bindgen(js_name = messageId)] message_id: &str,
        #[wasm_bindgen(unchecked_optional_param_type = "UpdateMessageOptions")] options: &JsValue,
    ) -> Promise {
        let request = self.request("PATCH", &["messages", message_id], options);
        self.send_checked(
            request,
            chat_requests::update_message(options),
            RestRequest::merge_patch,
        )
    }

    /// Deletes a message of one's own; its place in the thread remains, without content.
    #[wasm_bindgen(js_name = deleteMessage, unchecked_return_type = "Promise<void>")]
    pub fn delete_message(
        &self,
        #[wasm_bindgen(js_name = messageId)] message_id: &str,
        #[wasm_bindgen(unchecked_optional_param_type = "DeleteMessageOptions")] options: &JsValue,
    ) -> Promise {
        self.send(self.request("DELETE", &["messages", message_id], options))
    }

    /// Adds people to the thread. Those who could not be added are in the result.
    #[wasm_bindgen(js_name = addParticipants, unchecked_return_type = "Promise<AddChatParticipantsResult>")]
    pub fn add_participants(
        &self,
        #[wasm_bindgen(unchecked_param_type = "AddParticipantsRequest")] request: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "AddParticipantsOptions")] options: &JsValue,
    ) -> Promise {
        let body = chat_requests::add_participants(request);
        let request = self
            .request("POST", &["participants", ":add"], options)
            .idempotent();
        self.ask(body.map(|body| request.json(&body)), chat_models::add_result)
    }

    /// Keeps a message on the device and resolves; it is sent as soon as the server can be reached, also after the page
    /// was closed and opened again: once, and after those of this thread that were queued before. Needs the option
    /// `localData` of the {@link ChatClient}, whose events `chatMessagePending`, `chatMessageSent` and `chatMessageFailed`
    /// tell what becomes of it.
    ///
    /// @throws {LocalDataError} `notEnabled`, `full`, `tooLarge`, `closed` or `unavailable`.
    ///
    /// @example
    /// const { pendingId } = await threadClient.queueMessage({ content: "Hello" });
    #[wasm_bindgen(js_name = queueMessage, unchecked_return_type = "Promise<PendingChatMessage>")]
    pub fn queue_message(
        &self,
        #[wasm_bindgen(unchecked_param_type = "SendMessageRequest")] request: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "QueueMessageOptions")] options: &JsValue,
    ) -> Promise {
        match chat_requests::send_message(request, options) {
            Ok(body) => self.ask_local("queue", &[body, random::uuid().into()]),
            Err(error) => Promise::reject(&error),
        }
    }

    /// The messages of this thread that are not sent, pending and failed, the oldest first.
    ///
    /// @throws {LocalDataError}
    #[wasm_bindgen(js_name = listPendingMessages, unchecked_return_type = "Promise<PendingChatMessage[]>")]
    pub fn list_pending_messages(&self) -> Promise {
        self.ask_local("pending", &[])
    }

    /// Sends a failed message again, or a pending one now.
    ///
    /// @throws {LocalDataError} `notFound`: it was sent or canceled.
    #[wasm_bindgen(js_name = retryPendingMessage, unchecked_return_type = "Promise<void>")]
    pub fn retry_pending_message(&self, #[wasm_bindgen(js_name = pendingId)] pending_id: &str) -> Promise {
        self.ask_local("retry", &[pending_id.into(), random::uuid().into()])
    }

    /// Takes a message back: it is not sent any more. If it is on its way at this moment, or an attempt before got no
    /// answer, it may be on the server nevertheless: then it is in the thread like any other, and no `chatMessageSent`
    /// tells of it.
    ///
    /// @throws {LocalDataError} `notFound`: it was sent or canceled.
    #[wasm_bindgen(js_name = cancelPendingMessage, unchecked_return_type = "Promise<void>")]
    pub fn cancel_pending_message(&self, #[wasm_bindgen(js_name = pendingId)] pending_id: &str) -> Promise {
        self.ask_local("cancel", &[pending_id.into()])
    }

    /// The newest messages of this thread as the device keeps them, the newest first, without asking the server: what to
    /// show at once, and offline. Needs the option `localData.history`. They are as new as what was last read or heard of
    /// this thread; {@link ChatThreadClient.listMessages} brings them up to date.
    ///
    /// @throws {LocalDataError}
    #[wasm_bindgen(js_name = getCachedMessages, unchecked_return_type = "Promise<ChatMessage[]>")]
    pub fn get_cached_messages(&self) -> Promise {
        self.ask_local("cached", &[])
    }

    /// Who is in the thread.
    #[wasm_bindgen(
        js_name = listParticipants,
        unchecked_return_type = "PagedAsyncIterableIterator<ChatParticipant>"
    )]
    pub fn list_participants(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "ListParticipantsOptions")] options: &JsValue,
    ) -> PagedAsyncIterableIterator {
        self.list("participants", skip(options), chat_models::participant, options)
    }

    /// Removes somebody from the thread, oneself included.
    #[wasm_bindgen(js_name = removeParticipant, unchecked_return_type = "Promise<void>")]
    pub fn remove_participant(
        &self,
        #[wasm_bindgen(unchecked_param_type = "CommunicationIdentifier")] participant: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "RemoveParticipantOptions")] options: &JsValue,
    ) -> Promise {
        let request = self
            .request("POST", &["participants", ":remove"], options)
            .idempotent();
        self.send_checked(request, chat_requests::identifier(participant), RestRequest::json)
    }

    /// Tells the others that the user types: once in 8 seconds at most. Resolves to whether it was sent.
    #[wasm_bindgen(js_name = sendTypingNotification, unchecked_return_type = "Promise<boolean>")]
    pub fn send_typing_notification(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "SendTypingNotificationOptions")] options: &JsValue,
    ) -> Promise {
        let body = chat_requests::typing(options);
        let request = self.request("POST", &["typing"], options).json(&body);
        let thread = Rc::clone(&self.thread);
        promise(async move {
            if !thread.typing.borrow_mut().handle_typing(clock::now()) {
                return Ok(false);
            }
            let sent = thread.rest.send(request).await;
            if sent.is_err() {
                thread.typing.borrow_mut().handle_failed();
            }
            sent.map(|_nothing| true)
        })
    }

    /// Tells the others that the user has read up to a message.
    #[wasm_bindgen(js_name = sendReadReceipt, unchecked_return_type = "Promise<void>")]
    pub fn send_read_receipt(
        &self,
        #[wasm_bindgen(unchecked_param_type = "SendReadReceiptRequest")] request: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "SendReadReceiptOptions")] options: &JsValue,
    ) -> Promise {
        self.send_receipt("readReceipts", request, options)
    }

    /// Tells the others that the messages up to one have arrived.
    #[wasm_bindgen(js_name = sendDeliveryReceipt, unchecked_return_type = "Promise<void>")]
    pub fn send_delivery_receipt(
        &self,
        #[wasm_bindgen(unchecked_param_type = "SendDeliveryReceiptRequest")] request: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "SendDeliveryReceiptOptions")] options: &JsValue,
    ) -> Promise {
        self.send_receipt("deliveryReceipts", request, options)
    }

    /// How far each participant has read.
    #[wasm_bindgen(
        js_name = listReadReceipts,
        unchecked_return_type = "PagedAsyncIterableIterator<ChatMessageReadReceipt>"
    )]
    pub fn list_read_receipts(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "ListReadReceiptsOptions")] options: &JsValue,
    ) -> PagedAsyncIterableIterator {
        self.list("readReceipts", skip(options), chat_models::receipt, options)
    }

    /// How far messages have reached each participant.
    #[wasm_bindgen(
        js_name = listDeliveryReceipts,
        unchecked_return_type = "PagedAsyncIterableIterator<ChatMessageDeliveryReceipt>"
    )]
    pub fn list_delivery_receipts(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "ListDeliveryReceiptsOptions")] options: &JsValue,
    ) -> PagedAsyncIterableIterator {
        self.list("deliveryReceipts", skip(options), chat_models::receipt, options)
    }
}

impl ChatThreadClient {
    fn send_receipt(&self, path: &str, request: &JsValue, options: &JsValue) -> Promise {
        let body = chat_requests::receipt(request);
        let request = self.request("POST", &[path], options).idempotent();
        self.send_checked(request, body, RestRequest::json)
    }

    fn request(&self, method: &'static str, path: &[&str], options: &JsValue) -> RestRequest {
        RestRequest::new(method, self.path(path), options)
    }

    fn path(&self, path: &[&str]) -> String {
        let mut url = ["/chat/threads/", &segment(&self.thread.thread_id)].concat();
        for part in path {
            url.push('/');
            // The names of actions begin with a colon, which stays as it is.
            match part.strip_prefix(':') {
                Some(_) => url.push_str(part),
                None => url.push_str(&segment(part)),
            }
        }
        url
    }

    fn ask(&self, request: Result<RestRequest, JsValue>, to_js: fn(&JsValue) -> JsValue) -> Promise {
        self.thread.rest.promise(request, to_js)
    }

    fn send(&self, request: RestRequest) -> Promise {
        self.ask(Ok(request), chat_models::nothing)
    }

    /// Sends a body unless the caller's arguments were refused.
    fn send_checked(
        &self,
        request: RestRequest,
        body: Result<JsValue, JsValue>,
        with_body: fn(RestRequest, &JsValue) -> RestRequest,
    ) -> Promise {
        self.ask(body.map(|body| with_body(request, &body)), chat_models::nothing)
    }

    fn list(
        &self,
        name: &'static str,
        filter: (&'static str, Option<String>),
        to_js: fn(&JsValue) -> JsValue,
        options: &JsValue,
    ) -> PagedAsyncIterableIterator {
        PagedAsyncIterableIterator::new(self.paged(name, filter, to_js, options))
    }

    fn paged(
        &self,
        name: &'static str,
        filter: (&'static str, Option<String>),
        to_js: fn(&JsValue) -> JsValue,
        options: &JsValue,
    ) -> PagedList {
        PagedList {
            rest: Rc::clone(&self.thread.rest),
            path: self.path(&[name]),
            filters: vec![filter],
            to_js,
            cache: None,
            options: options.clone(),
        }
    }

    fn ask_local(&self, method: &'static str, args: &[JsValue]) -> Promise {
        match &self.thread.local {
            Some(local) => {
                let thread_id = JsValue::from_str(&self.thread.thread_id);
                local.ask(method, Some(&thread_id), args)
            }
            None => not_enabled(),
        }
    }
}

fn skip(options: &JsValue) -> (&'static str, Option<String>) {
    ("skip", get(options, "skip").as_ref().and_then(count))
}
