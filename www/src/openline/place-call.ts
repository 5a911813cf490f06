// Rings one person. The call is returned at once; what becomes of it arrives as events.
import { createIdentifierFromRawId, type Call, type CallAgent, type IncomingCall } from "openline";

import type { GrantedDevices } from "./ask-devices";

const VIDEO = "video";

/** Whether the page that calls says that it shows its camera. */
export function callsWithVideo({ customContext }: IncomingCall): boolean {
  return customContext?.voipHeaders?.some(({ key, value }) => key === VIDEO && value === "true") ?? false;
}

export function placeCall(agent: CallAgent, calleeId: string, devices: GrantedDevices): Call {
  return agent.startCall([createIdentifierFromRawId(calleeId)], {
    audioOptions: { muted: false },
    // Read by callsWithVideo() on the other side.
    customContext: { voipHeaders: [{ key: VIDEO, value: String(devices.camera !== undefined) }] },
    ...(devices.camera && { videoOptions: { localVideoStreams: [devices.camera] } }),
  });
}
