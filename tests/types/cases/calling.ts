// Call clients, agents and calls: methods, options, states.
import { expectTypeOf } from "expect-type";
import {
  CallAgentKind,
  CallClient,
  CallKind,
  CommunicationTokenCredential,
  DiagnosticQuality,
  Features,
  IncomingCallKind,
  LocalAudioStream,
  LocalVideoStream,
  type AcceptCallOptions,
  type AdmitAllOperationResult,
  type AudioDeviceInfo,
  type Call,
  type CallAgent,
  type CallAgentOptions,
  type CallClientOptions,
  type CallConstraints,
  type CallEndReason,
  type CallState,
  type CallSurveyResponse,
  type CallerInfo,
  type CommunicationIdentifierKind,
  type ConnectionState,
  type DebugInfoCallClientFeature,
  type DeviceManager,
  type DtmfTone,
  type EnvironmentInfo,
  type IncomingCall,
  type LatestDiagnosticValue,
  type MediaDiagnosticType,
  type MediaStatValue,
  type MediaStatsCallFeature,
  type NetworkDiagnosticType,
  type OvcChangeReason,
  type ParticipantRole,
  type PreCallCode,
  type PreCallDiagnosticsResult,
  type QualityGrade,
  type RemoteParticipant,
  type RemoteParticipantState,
  type StartCallOptions,
  type TransferCallFeature,
  type TransportMediaStats,
  type UserFacingDiagnosticsFeature,
  type VideoConstraints,
  type Volume,
} from "openline";

declare const credential: CommunicationTokenCredential;
declare const agent: CallAgent;
declare const call: Call;
declare const incomingCall: IncomingCall;
declare const camera: LocalVideoStream;

// The client.
expectTypeOf(CallClient).constructorParameters.toEqualTypeOf<[options?: CallClientOptions]>();
const client = new CallClient({
  endpoint: "https://calls.example.com",
  logger: { warning: (message) => expectTypeOf(message).toBeString() },
  diagnostics: { appName: "shop", appVersion: "1.2", tags: ["beta"] },
  networkConfiguration: {
    proxy: { url: "https://proxy.example.com/calls" },
    turn: { iceServers: [{ urls: ["turn:turn.example.com"], username: "u", credential: "c" }] },
  },
});
new CallClient();
// @ts-expect-error the option is called endpoint
new CallClient({ endPoint: "https://calls.example.com" });
// @ts-expect-error a list of servers
new CallClient({ networkConfiguration: { turn: { iceServers: { urls: ["stun:s"] } } } });

expectTypeOf(client.createCallAgent(credential)).resolves.toEqualTypeOf<CallAgent>();
expectTypeOf(client.createCallAgent).parameter(1).toEqualTypeOf<CallAgentOptions | undefined>();
// @ts-expect-error a token is no credential
void client.createCallAgent("eyJ0eXAi");
expectTypeOf(client.getDeviceManager()).resolves.toEqualTypeOf<DeviceManager>();
expectTypeOf(client.dispose()).resolves.toBeVoid();

// Features come by their token.
expectTypeOf(client.feature(Features.DebugInfo)).toEqualTypeOf<DebugInfoCallClientFeature>();
expectTypeOf(client.feature(Features.DebugInfo).getEnvironmentInfo()).resolves.toEqualTypeOf<EnvironmentInfo>();
expectTypeOf<EnvironmentInfo["environment"]["browser"]>().toBeString();
const debugInfo = client.feature(Features.DebugInfo);
debugInfo.on("isCallClientActiveInAnotherTabChanged", () => expectTypeOf(debugInfo.isCallClientActiveInAnotherTab).toBeBoolean());
expectTypeOf(debugInfo.dumpDebugInfo().dump).toEqualTypeOf<Uint8Array>();
expectTypeOf(debugInfo.dumpDebugInfo().report.records[0]?.code).toEqualTypeOf<number | undefined>();
const preCall = client.feature(Features.PreCallDiagnostics).startTest(credential, { onLeg: ({ name }) => expectTypeOf(name).toBeString() });
expectTypeOf(preCall).resolves.toEqualTypeOf<PreCallDiagnosticsResult>();
void preCall.then(async ({ callMediaStatistics, inCallDiagnostics, report }) => {
  expectTypeOf(await callMediaStatistics).toEqualTypeOf<MediaStatsCallFeature>();
  expectTypeOf((await inCallDiagnostics).diagnostics.audio.rtt).toEqualTypeOf<QualityGrade>();
  for (const { code, lossRatio } of (await report).legs) {
    expectTypeOf(code).toEqualTypeOf<PreCallCode | undefined>();
    expectTypeOf(lossRatio).toEqualTypeOf<number | undefined>();
  }
});
// @ts-expect-error a token is no credential
void client.feature(Features.PreCallDiagnostics).startTest("eyJ0eXAi");
expectTypeOf(call.feature(Features.MediaStats)).toEqualTypeOf<MediaStatsCallFeature>();
call.feature(Features.MediaStats).createCollector({ aggregationInterval: 5 }).on("sampleReported", (sample) => {
  expectTypeOf(sample.audio.send[0]?.bitrate).toEqualTypeOf<number | undefined>();
  expectTypeOf(sample.video.receive[0]?.codecName).toEqualTypeOf<string | undefined>();
});
call.feature(Features.MediaStats).createCollector().on("summaryReported", ({ audio, transports }) => {
  expectTypeOf(audio.receive[0]?.packets?.raw).toEqualTypeOf<number[] | undefined>();
  expectTypeOf(transports).toEqualTypeOf<TransportMediaStats<MediaStatValue<number>, MediaStatValue<string>>[]>();
});
const diagnostics = call.feature(Features.UserFacingDiagnostics);
expectTypeOf(diagnostics).toEqualTypeOf<UserFacingDiagnosticsFeature>();
expectTypeOf(diagnostics.network.getLatest().noNetwork).toEqualTypeOf<LatestDiagnosticValue | undefined>();
diagnostics.network.on("diagnosticChanged", ({ diagnostic, value }) => {
  expectTypeOf(diagnostic).toEqualTypeOf<NetworkDiagnosticType>();
  if (value === DiagnosticQuality.Bad) expectTypeOf(value).toEqualTypeOf<3>();
});
diagnostics.media.on("diagnosticChanged", ({ diagnostic }) => expectTypeOf(diagnostic).toEqualTypeOf<MediaDiagnosticType>());
diagnostics.remote.startSendingDiagnostics();
diagnostics.remote.on("diagnosticChanged", ({ diagnostics: [told] }) => {
  expectTypeOf(told?.remoteParticipant).toEqualTypeOf<RemoteParticipant | undefined>();
  if (told?.diagnostic === "serverConnection") expectTypeOf(told.value).toEqualTypeOf<boolean | 1 | 2 | 3>();
});
// @ts-expect-error what is said by methods
diagnostics.remote.isSendingDiagnosticsEnabled = true;
const dominant = call.feature(Features.DominantSpeakers);
expectTypeOf(dominant.dominantSpeakers.speakersList).toEqualTypeOf<readonly CommunicationIdentifierKind[]>();
dominant.on("dominantSpeakersChanged", () => expectTypeOf(dominant.dominantSpeakers.timestamp).toEqualTypeOf<Date>());
const videos = call.feature(Features.OptimalVideoCount);
expectTypeOf(videos.optimalVideoCount).toBeNumber();
videos.on("optimalVideoCountChanged", () => expectTypeOf(videos.lastOvcChangeReason).toEqualTypeOf<OvcChangeReason>());
const transfers = call.feature(Features.Transfer);
expectTypeOf(transfers).toEqualTypeOf<TransferCallFeature>();
transfers.on("transferAccepted", ({ targetCall }) => expectTypeOf(targetCall).toEqualTypeOf<Call>());
const transfer = transfers.transfer(
  { targetParticipant: { communicationUserId: "8:acs:a_b" } },
  { disableForwardingAndUnanswered: true, customContext: { userToUser: "u" } },
);
transfer.on("stateChanged", () => {
  expectTypeOf(transfer.state).toEqualTypeOf<"None" | "Transferring" | "Transferred" | "Failed">();
  expectTypeOf(transfer.error?.subCode).toEqualTypeOf<number | undefined>();
});
// @ts-expect-error a person, not an id
transfers.transfer({ targetParticipant: "8:acs:a_b" });
const survey = call.feature(Features.CallSurvey);
const rated = survey.submitSurvey({ audioRating: { score: 3, issues: ["Echo"] } });
expectTypeOf(rated).resolves.toEqualTypeOf<CallSurveyResponse>();
// @ts-expect-error an issue of sound
void survey.submitSurvey({ videoRating: { score: 3, issues: ["Echo"] } });
// @ts-expect-error a feature of calls
client.feature(Features.MediaStats);
// @ts-expect-error a feature of the client
call.feature(Features.DebugInfo);
// @ts-expect-error there is no such feature
Features.Recording;
// @ts-expect-error a name is no token
client.feature("DebugInfo");

// The agent.
expectTypeOf(agent.kind).toEqualTypeOf<"CallAgent">();
expectTypeOf(agent.calls).toEqualTypeOf<readonly Call[]>();
expectTypeOf(agent.displayName).toEqualTypeOf<string | undefined>();
expectTypeOf(agent.connectionState).toEqualTypeOf<ConnectionState>();
expectTypeOf<ConnectionState>().toEqualTypeOf<"Connected" | "Disconnected">();
expectTypeOf(agent.feature).returns.toBeNever();
// @ts-expect-error states are read, not set
agent.connectionState = "Connected";
// @ts-expect-error a list is the SDK's
agent.calls.push(call);

expectTypeOf(agent.startCall([{ communicationUserId: "8:acs:a_b" }])).toEqualTypeOf<Call>();
expectTypeOf(agent.startCall).parameter(1).toEqualTypeOf<StartCallOptions | undefined>();
agent.startCall([{ phoneNumber: "+15551234567" }], {
  audioOptions: { muted: true },
  videoOptions: { localVideoStreams: [camera] },
});
// @ts-expect-error the callees are a list
agent.startCall({ communicationUserId: "8:acs:a_b" });
// @ts-expect-error a raw id is no identifier
agent.startCall(["8:acs:a_b"]);
// @ts-expect-error a camera is a LocalVideoStream
agent.startCall([], { videoOptions: { localVideoStreams: [new MediaStream()] } });

const small: VideoConstraints = { send: { frameHeight: { max: 240 }, frameRate: { max: 15 }, bitrate: { max: 300_000 } } };
agent.startCall([], { videoOptions: { localVideoStreams: undefined, constraints: small } });
// @ts-expect-error bounds from below are not taken
agent.startCall([], { videoOptions: { constraints: { send: { frameRate: { min: 15 } } } } });
agent.startCall([{ communicationUserId: "8:acs:a_b" }], {
  customContext: { userToUser: "order 4711", voipHeaders: [{ key: "language", value: "de" }], xHeaders: undefined },
});
// @ts-expect-error a header has a key
agent.startCall([], { customContext: { sipHeaders: [{ value: "v" }] } });

// A call that rings.
expectTypeOf(incomingCall.customContext?.sipHeaders).toEqualTypeOf<{ key: string; value: string }[] | undefined>();
expectTypeOf(incomingCall.transferorInfo).toEqualTypeOf<CallerInfo | undefined>();
expectTypeOf(incomingCall.kind).toEqualTypeOf<"IncomingCall">();
expectTypeOf(incomingCall.id).toBeString();
expectTypeOf(incomingCall.callerInfo).toEqualTypeOf<CallerInfo>();
expectTypeOf(incomingCall.callEndReason).toEqualTypeOf<CallEndReason | undefined>();
expectTypeOf(incomingCall.accept).parameter(0).toEqualTypeOf<AcceptCallOptions | undefined>();
expectTypeOf(incomingCall.accept()).resolves.toEqualTypeOf<Call>();
expectTypeOf(incomingCall.reject()).resolves.toBeVoid();
expectTypeOf(incomingCall.info.getServerCallId()).resolves.toBeString();

// Sound of the page's own.
const sound = new LocalAudioStream(new MediaStream(), { autoDisposeOnCallEnd: false });
agent.startCall([], { audioOptions: { muted: true, localAudioStreams: [sound] } });
// @ts-expect-error a stream of the page is wrapped first
agent.startCall([], { audioOptions: { localAudioStreams: [new MediaStream()] } });
expectTypeOf(sound.getVolume()).resolves.toEqualTypeOf<Volume>();
expectTypeOf(sound.getMediaStream()).resolves.toEqualTypeOf<MediaStream>();
expectTypeOf(sound.source).toEqualTypeOf<AudioDeviceInfo>();
sound.on("audioSourceChanged", ({ source }) => expectTypeOf(source).toEqualTypeOf<LocalAudioStream>());
expectTypeOf(call.startAudio(sound)).resolves.toBeVoid();
expectTypeOf(call.stopAudio()).toBeVoid();
expectTypeOf(call.localAudioStreams).toEqualTypeOf<readonly LocalAudioStream[]>();
expectTypeOf(call.remoteAudioStreams[0]!.getVolume()).resolves.toHaveProperty("level").toBeNumber();

// A call.
expectTypeOf(call.sendDtmf("Num1")).resolves.toBeVoid();
expectTypeOf(call.sendDtmf).parameter(0).toEqualTypeOf<DtmfTone>();
void call.sendDtmf("#");
// @ts-expect-error one tone at a time
void call.sendDtmf("12");
expectTypeOf(call.setConstraints({ video: { send: { bitrate: { max: 0 } } } })).resolves.toBeVoid();
expectTypeOf(call.setConstraints).parameter(0).toEqualTypeOf<CallConstraints>();
// @ts-expect-error what is received is the other side's
void call.setConstraints({ video: { receive: {} } });
expectTypeOf(call.kind).toEqualTypeOf<"Call">();
expectTypeOf(call.state).toEqualTypeOf<CallState>();
expectTypeOf<"Connected" | "Disconnected" | "Ringing" | "LocalHold">().toExtend<CallState>();
expectTypeOf(call.direction).toEqualTypeOf<"Incoming" | "Outgoing">();
expectTypeOf(call.callEndReason).toEqualTypeOf<CallEndReason | undefined>();
expectTypeOf<CallEndReason["code"]>().toBeNumber();
expectTypeOf<CallEndReason["subCode"]>().toEqualTypeOf<number | undefined>();
expectTypeOf(call.role).toEqualTypeOf<ParticipantRole>();
expectTypeOf(call.isMuted).toBeBoolean();
expectTypeOf(call.isIncomingAudioMuted).toBeBoolean();
expectTypeOf(call.isScreenSharingOn).toBeBoolean();
expectTypeOf(call.isLocalVideoStarted).toBeBoolean();
expectTypeOf(call.localVideoStreams).toEqualTypeOf<readonly LocalVideoStream[]>();
expectTypeOf(call.remoteParticipants).toEqualTypeOf<readonly RemoteParticipant[]>();
for (const verb of ["mute", "unmute", "muteIncomingAudio", "unmuteIncomingAudio"] as const) {
  expectTypeOf(call[verb]()).resolves.toBeVoid();
}
expectTypeOf(call.startVideo(camera)).resolves.toBeVoid();
expectTypeOf(call.stopVideo(camera)).resolves.toBeVoid();
expectTypeOf(call.hangUp({ forEveryone: true })).resolves.toBeVoid();
expectTypeOf(call.dispose()).toBeVoid();
// @ts-expect-error the options say for whom
void call.hangUp({});
expectTypeOf(call.hold()).resolves.toBeVoid();
expectTypeOf(call.startScreenSharing()).resolves.toBeVoid();
expectTypeOf(call.startScreenSharing(new LocalVideoStream(new MediaStream()))).resolves.toBeVoid();
expectTypeOf(call.stopScreenSharing()).resolves.toBeVoid();
// @ts-expect-error a stream of the page is wrapped
void call.startScreenSharing(new MediaStream());
expectTypeOf(call.resume()).resolves.toBeVoid();
expectTypeOf(call.transferorInfo).toEqualTypeOf<CallerInfo | undefined>();
expectTypeOf(call.lobby.participants).toEqualTypeOf<readonly RemoteParticipant[]>();
expectTypeOf(call.lobby.admitAll()).resolves.toEqualTypeOf<AdmitAllOperationResult>();
expectTypeOf(call.addParticipant({ communicationUserId: "8:acs:a_b" })).toEqualTypeOf<RemoteParticipant>();
expectTypeOf(call.removeParticipant({ communicationUserId: "8:acs:a_b" })).resolves.toBeVoid();
expectTypeOf(call.muteAllRemoteParticipants()).resolves.toBeVoid();
// @ts-expect-error there is no such state
call.state === "Gone";
// @ts-expect-error states are read, not set
call.isMuted = true;

// Whoever is on the other side.
declare const participant: RemoteParticipant;
expectTypeOf(participant.identifier).toEqualTypeOf<CommunicationIdentifierKind>();
expectTypeOf(participant.state).toEqualTypeOf<RemoteParticipantState>();
expectTypeOf<"Connected" | "Hold">().toExtend<RemoteParticipantState>();
expectTypeOf(participant.endpointDetails).items.toEqualTypeOf<{ participantId: string }>();
expectTypeOf(participant.isSpeaking).toBeBoolean();
expectTypeOf(participant.mute()).resolves.toBeVoid();

// Kinds are constants and the unions of their values.
expectTypeOf(CallAgentKind.CallAgent).toEqualTypeOf<"CallAgent">();
expectTypeOf(CallKind.Call).toEqualTypeOf<"Call">();
expectTypeOf(IncomingCallKind.IncomingCall).toEqualTypeOf<"IncomingCall">();
expectTypeOf<CallKind>().toEqualTypeOf<"Call" | "TeamsCall">();
