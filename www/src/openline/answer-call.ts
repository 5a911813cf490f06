// Answers or declines a call that is ringing here.
import type { Call, IncomingCall } from "openline";

import type { GrantedDevices } from "./ask-devices";

export function answerCall(incoming: IncomingCall, devices: GrantedDevices): Promise<Call> {
  return incoming.accept({
    audioOptions: { muted: false },
    ...(devices.camera && { videoOptions: { localVideoStreams: [devices.camera] } }),
  });
}

export function declineCall(incoming: IncomingCall): Promise<void> {
  return incoming.reject();
}
