// Rings one person. The call is returned at once; what becomes of it arrives as events.
import { createIdentifierFromRawId, type Call, type CallAgent } from "openline";

import type { GrantedDevices } from "./ask-devices";

export function placeCall(agent: CallAgent, calleeId: string, devices: GrantedDevices): Call {
  return agent.startCall([createIdentifierFromRawId(calleeId)], {
    audioOptions: { muted: false },
    ...(devices.camera && { videoOptions: { localVideoStreams: [devices.camera] } }),
  });
}
