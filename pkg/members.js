// Members of exported classes that need little of the core: what calls between two people do not have, and what few pages
// ask for. Here a member costs a line, in the core an export, its glue and its conversions as well.

/** Throws what refuses. */
export const refused = (operation, message = "calls have two people so far.", code = 405, subCode = 0) => {
  throw Object.assign(new Error(`${operation}: ${message}`), { name: "CommunicationServicesError", code, subCode });
};

/** The JSON text of a custom context. Throws where it is over the limits of the protocol. */
export const contextText = (operation, context) => {
  if (context === undefined || context === null) return undefined;
  const text = (value, most, least = 0) =>
    typeof value === "string" && value.length >= least && value.length <= most
      ? value
      : refused(operation, "the customContext is over its limits, or has what is no text.", 400);
  const headers = (lists, most, longest) => {
    const list = lists.flatMap((headers) => headers ?? []);
    if (list.length > most) text();
    const checked = list.map(({ key, value }) => ({ key: text(key, 64, 1), value: text(value, longest) }));
    return checked.length > 0 ? checked : undefined;
  };
  if (typeof context !== "object" || Array.isArray(context)) refused(operation, "the customContext must be an object.", 400);
  const { userToUser, sipHeaders, xHeaders, voipHeaders } = context;
  const written = {
    userToUser: userToUser && text(userToUser, 256),
    sipHeaders: headers([sipHeaders, xHeaders], 5, 256),
    voipHeaders: headers([voipHeaders], 1000, 1024),
  };
  return text(JSON.stringify(written), 8192);
};

/** Nobody waits before a call between two: the same lobby will do for each. */
const nothing = () => {};
const lobby = {
  get participants() {
    return [];
  },
  admit: async () => refused("Lobby.admit"),
  reject: async () => refused("Lobby.reject"),
  admitAll: async () => ({ successCount: 0, failureCount: 0 }),
  on: nothing,
  off: nothing,
};

const preheatFile = () => import("./preheat.js");

/** Adds the members to the classes of the core, and gives the class with which calling begins. */
export function withMembers({ Call, CallAgent, CallClient, DeviceManager, IncomingCall, RemoteParticipant }) {
  const add = (owner, members) => Object.defineProperties(owner.prototype, Object.getOwnPropertyDescriptors(members));
  const { startCall } = CallAgent.prototype;
  add(CallClient, { createTeamsCallAgent: async () => refused("CallClient.createTeamsCallAgent", "use createCallAgent.") });
  add(CallAgent, {
    join: () => refused("CallAgent.join"),
    startCall(participants, options) {
      const customContext = contextText("CallAgent.startCall", options?.customContext);
      return startCall.call(this, participants, customContext ? { ...options, customContext } : options);
    },
  });
  add(IncomingCall, {
    get customContext() {
      const { contextText: text } = this;
      if (!text) return undefined;
      const context = JSON.parse(text);
      // Under the name that older applications read, too.
      return { ...context, ...(context.sipHeaders && { xHeaders: context.sipHeaders }) };
    },
  });
  add(Call, {
    get lobby() {
      return lobby;
    },
    addParticipant: () => refused("Call.addParticipant"),
    removeParticipant: async () => refused("Call.removeParticipant"),
    muteAllRemoteParticipants: async () => refused("Call.muteAllRemoteParticipants"),
  });
  add(RemoteParticipant, {
    get hasDisplayNameChanged() {
      return false;
    },
    mute: async () => refused("RemoteParticipant.mute"),
  });
  add(DeviceManager, {
    async startPreheatDevices(parameters) {
      await (await preheatFile()).start(this, parameters);
    },
    stopPreheatDevices(parameters) {
      // Nobody waits for it, and without the file nothing is open.
      preheatFile().then(({ stop }) => stop(parameters), nothing);
    },
  });
  return CallClient;
}
