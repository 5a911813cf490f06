// The camera among what a call sends: a shared screen may be there as well.
import type { Call, LocalVideoStream } from "openline";

export function sentCamera(call: Call | undefined): LocalVideoStream | undefined {
  return call?.localVideoStreams.find(({ mediaStreamType }) => mediaStreamType !== "ScreenSharing");
}
