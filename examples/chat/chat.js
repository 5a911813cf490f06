// A chat between two people with messages, files, previews and progress.
import { init, ChatClient, CommunicationTokenCredential } from "../openline/index.js";

await init();
const [name, other] = location.hash.slice(1).split("-"); // /chat/#Ann-Ben, and #Ben-Ann in another window
const [me, you] = [await signIn(name), await signIn(other)];
const chat = new ChatClient(location.origin, new CommunicationTokenCredential(me.token));
const participants = [{ id: { communicationUserId: you.identity.id }, displayName: other }];
const known = await chat.listChatThreads().next();
const { id } = known.value ?? (await chat.createChatThread({ topic: "Lunch" }, { participants })).chatThread;
const thread = chat.getChatThreadClient(id);

chat.on("chatMessageReceived", show);
await chat.startRealtimeNotifications();

form.onsubmit = async (event) => {
  event.preventDefault();
  const onProgress = ({ loadedBytes, totalBytes }) => (bar.value = loadedBytes / totalBytes);
  const uploads = [...form.files.files].map((file) => thread.uploadAttachment(file, { onProgress }));
  const options = { attachments: await Promise.all(uploads), senderDisplayName: name };
  await thread.sendMessage({ content: form.text.value }, options);
  form.reset();
};

function show({ senderDisplayName, message, attachments }) {
  const item = list.appendChild(document.createElement("li"));
  item.append(`${senderDisplayName}: ${message} `);
  attachments.forEach(async (attachment) => item.append(await file(attachment)));
}

// An image as its preview, anything else as a link. Both come with a token, so an address alone does not do.
async function file({ id, name = "file", attachmentType }) {
  const isImage = attachmentType === "image";
  const blob = await thread.downloadAttachment(id, isImage ? { view: "small" } : {});
  const url = URL.createObjectURL(blob);
  const [tag, fields] = isImage ? ["img", { src: url, alt: name }] : ["a", { href: url, download: name, textContent: name }];
  return Object.assign(document.createElement(tag), fields);
}

// Stands for your own service: a development server gives everybody a token who says a name.
async function signIn(name) {
  const headers = { "content-type": "application/json" };
  const answer = await fetch("/demo/token", { method: "POST", headers, body: JSON.stringify({ name }) });
  return answer.json();
}
