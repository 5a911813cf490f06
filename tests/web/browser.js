// All that the tests import, one file after the other. The server of the test runner leaves a connection without an
// answer, for ever, if several are opened at once on a busy machine, and a browser opens up to six.
export const localData = await import("../../pkg/local_data.js");
await import("../../pkg/senders.js");
await import("../../pkg/preheat.js");
export const dtmf = await import("../../pkg/dtmf.js");
export const lostMedia = await import("../../pkg/lost_media.js");
const { prepare } = await import("../../pkg/media_quality.js");
/** What the package loads for agents. Nobody leaves these tests by a request. */
export const mediaQualityOfCalls = { prepare: async () => [await prepare()] };
export const provideLocalData = await import("./provide_local_data.js");
export const stub = await import("./stub.js");
export const callServer = await import("./call_server.js");
export const calling = await import("./calling.js");
export const machine = await import("./machine.js");
export const devices = await import("./devices.js");
export const deviceWishes = await import("./device_wishes.js");
export const mediaQuality = await import("./media_quality.js");
await import("../../pkg/members.js");
await import("../../pkg/features.js");
await import("../../pkg/local_audio.js");
export const audioStreams = await import("./audio_streams.js");
export const screen = await import("./screen.js");
