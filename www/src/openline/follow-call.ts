// One callback for everything a two-person call screen shows.
import type { Call, LocalVideoStream, RemoteParticipant, RemoteVideoStream } from "openline";

import { sentCamera } from "./sent-camera";

export interface CallSnapshot {
  state: Call["state"];
  muted: boolean;
  localVideo?: LocalVideoStream;
  remoteVideo?: RemoteVideoStream;
  /** What the other one shares: a screen, a window or a tab. */
  remoteScreen?: RemoteVideoStream;
  sharing: boolean;
  remoteName?: string;
  remoteMuted: boolean;
  /** The other one has put the call on hold, whether or not this side has. */
  remoteHolds: boolean;
  /** The other camera is on, but its picture stands still. */
  remoteFrozen: boolean;
  endReason?: Call["callEndReason"];
}

/** Calls back at once and after every change, until the returned function is called. */
export function followCall(call: Call, onChange: (snapshot: CallSnapshot) => void): () => void {
  const running = new WeakSet<RemoteVideoStream>();
  const changed = () => onChange(snapshot(call, running));
  const people = new Map<RemoteParticipant, () => void>();
  const peopleChanged = (update: { added: RemoteParticipant[]; removed: RemoteParticipant[] }) => {
    for (const person of update.removed) {
      people.get(person)?.();
      people.delete(person);
    }
    for (const person of update.added) {
      if (!people.has(person)) people.set(person, followParticipant(person, changed));
    }
    changed();
  };

  call.on("stateChanged", changed);
  call.on("isMutedChanged", changed);
  call.on("isLocalVideoStartedChanged", changed);
  call.on("isScreenSharingOnChanged", changed);
  call.on("localVideoStreamsUpdated", changed);
  call.on("remoteParticipantsUpdated", peopleChanged);
  peopleChanged({ added: [...call.remoteParticipants], removed: [] });

  return () => {
    call.off("stateChanged", changed);
    call.off("isMutedChanged", changed);
    call.off("isLocalVideoStartedChanged", changed);
    call.off("isScreenSharingOnChanged", changed);
    call.off("localVideoStreamsUpdated", changed);
    call.off("remoteParticipantsUpdated", peopleChanged);
    for (const stop of people.values()) stop();
  };
}

function followParticipant(person: RemoteParticipant, changed: () => void): () => void {
  const streams = new Set<RemoteVideoStream>();
  const unfollow = (stream: RemoteVideoStream) => {
    stream.off("isAvailableChanged", changed);
    stream.off("isReceivingChanged", changed);
  };
  const streamsChanged = (update: { added: RemoteVideoStream[]; removed: RemoteVideoStream[] }) => {
    for (const stream of update.removed) {
      unfollow(stream);
      streams.delete(stream);
    }
    for (const stream of update.added) {
      if (streams.has(stream)) continue;
      stream.on("isAvailableChanged", changed);
      stream.on("isReceivingChanged", changed);
      streams.add(stream);
    }
    changed();
  };

  person.on("stateChanged", changed);
  person.on("isMutedChanged", changed);
  person.on("displayNameChanged", changed);
  person.on("videoStreamsUpdated", streamsChanged);
  streamsChanged({ added: [...person.videoStreams], removed: [] });

  return () => {
    person.off("stateChanged", changed);
    person.off("isMutedChanged", changed);
    person.off("displayNameChanged", changed);
    person.off("videoStreamsUpdated", streamsChanged);
    for (const stream of streams) unfollow(stream);
  };
}

function snapshot(call: Call, running: WeakSet<RemoteVideoStream>): CallSnapshot {
  const other = call.remoteParticipants[0];
  const shown = other?.videoStreams.filter((stream) => stream.isAvailable) ?? [];
  const isScreen = ({ mediaStreamType }: RemoteVideoStream) => mediaStreamType === "ScreenSharing";
  const remoteScreen = shown.find(isScreen);
  const remoteVideo = shown.find((stream) => !isScreen(stream));
  // Before its first picture a stream does not stand still; it starts.
  for (const stream of other?.videoStreams ?? []) {
    if (stream.isReceiving) running.add(stream);
    else if (!stream.isAvailable) running.delete(stream);
  }
  const localVideo = sentCamera(call);
  return {
    state: call.state,
    muted: call.isMuted,
    remoteMuted: other?.isMuted ?? false,
    remoteHolds: other?.state === "Hold",
    remoteFrozen: remoteVideo !== undefined && running.has(remoteVideo) && !remoteVideo.isReceiving,
    ...(localVideo && { localVideo }),
    ...(remoteVideo && { remoteVideo }),
    ...(remoteScreen && { remoteScreen }),
    sharing: call.isScreenSharingOn,
    ...(other?.displayName && { remoteName: other.displayName }),
    ...(call.callEndReason && { endReason: call.callEndReason }),
  };
}
