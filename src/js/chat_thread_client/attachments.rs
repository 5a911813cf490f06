//! Files of messages: the upload before a message is sent, the download, the deletion.

use js_sys::Promise;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use super::ChatThreadClient;
use crate::js::{chat_requests, object::get_string};

#[wasm_bindgen]
impl ChatThreadClient {
    /// Uploads a file for a message, and resolves once the server has it. Then name it in the `attachments` of
    /// {@link ChatThreadClient.sendMessage}; a file that no message names is erased after a day.
    ///
    /// @throws {RestError} 413: the file is too large. 415: its kind is not allowed. 403 `QuotaExceeded`: the user's
    /// files take all they may.
    ///
    /// @example
    /// const { id } = await threadClient.uploadAttachment(file, {
    ///   onProgress: ({ loadedBytes, totalBytes }) => bar.value = loadedBytes / totalBytes,
    ///   abortSignal: controller.signal,
    /// });
    /// await threadClient.sendMessage({ content: "" }, { attachments: [{ id }] });
    #[wasm_bindgen(js_name = uploadAttachment, unchecked_return_type = "Promise<ChatAttachment>")]
    pub fn upload_attachment(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Blob")] file: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "UploadAttachmentOptions")] options: &JsValue,
    ) -> Promise {
        let name = get_string(options, "name").or_else(|| get_string(file, "name"));
        let request = self
            .request("POST", &["attachments"], options)
            .query("name", name);
        let checked = chat_requests::file(file);
        self.ask(checked.map(|()| request.uploading(file)), JsValue::clone)
    }

    /// Downloads a file of a message, or an image's preview. The token travels in a header, so that an address alone
    /// shows nothing in an `<img>`; an object URL of the result does.
    ///
    /// @throws {RestError} 404: it was deleted.
    ///
    /// @example
    /// const preview = await threadClient.downloadAttachment(attachment.id, { view: "small" });
    /// img.src = URL.createObjectURL(preview);
    /// img.onload = () => URL.revokeObjectURL(img.src);
    #[wasm_bindgen(js_name = downloadAttachment, unchecked_return_type = "Promise<Blob>")]
    pub fn download_attachment(
        &self,
        #[wasm_bindgen(js_name = attachmentId)] attachment_id: &str,
        #[wasm_bindgen(unchecked_optional_param_type = "DownloadAttachmentOptions")] options: &JsValue,
    ) -> Promise {
        let view = get_string(options, "view");
        let request = match &view {
            Some(view) => self.request("GET", &["images", attachment_id, "view", view], options),
            None => self.request("GET", &["attachments", attachment_id], options),
        };
        self.ask(Ok(request.downloading()), JsValue::clone)
    }

    /// Deletes a file of one's own. The message that has it goes on without it, as if it were edited.
    #[wasm_bindgen(js_name = deleteAttachment, unchecked_return_type = "Promise<void>")]
    pub fn delete_attachment(
        &self,
        #[wasm_bindgen(js_name = attachmentId)] attachment_id: &str,
        #[wasm_bindgen(unchecked_optional_param_type = "DeleteAttachmentOptions")] options: &JsValue,
    ) -> Promise {
        self.send(self.request("DELETE", &["attachments", attachment_id], options))
    }
}
