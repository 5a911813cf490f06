import { html, nothing, type TemplateResult } from "lit-html";

import { canShareScreen } from "../openline/share-screen";
import type { OngoingCall } from "../state/app-state";
import { call as placeCall, end, switchHold, switchMute } from "../state/call-actions";
import { hasNoMicrophone } from "../state/call-notice";
import { canBeHeld, closeCall } from "../state/calls";
import { switchVideo } from "../state/camera";
import { openDeviceSettings } from "../state/device-settings";
import { switchSharing } from "../state/sharing";
import { writeTo } from "../state/threads";
import { callButton } from "./call-button";

export function callControls(call: OngoingCall): TemplateResult {
  const { muted } = call;
  const held = call.state === "LocalHold";
  const camera = call.localVideo !== undefined || call.cameraOpening !== undefined;
  return html`<div class="call-buttons" role="group" aria-label="Call controls">
      ${callButton({
        icon: muted ? "mic-off" : "mic",
        label: !muted ? "Mute" : hasNoMicrophone(call) ? "No mic" : "Unmute",
        testid: "mute",
        kind: muted ? "off" : "plain",
        active: !muted,
        disabled: held,
        onClick: () => void switchMute(),
      })}
      ${callButton({
        icon: camera ? "video" : "video-off",
        label: camera ? "Stop video" : "Start video",
        testid: "camera",
        kind: camera ? "plain" : "off",
        active: camera,
        disabled: held,
        onClick: () => void switchVideo(),
      })}
      ${canShareScreen()
        ? callButton({
            icon: "share",
            label: call.sharing ? "Stop sharing" : "Share screen",
            testid: "share",
            kind: call.sharing ? "off" : "plain",
            active: call.sharing,
            disabled: !call.sharing && call.state !== "Connected",
            onClick: () => void switchSharing(call),
          })
        : nothing}
      ${callButton({
        icon: held ? "resume" : "hold",
        label: held ? "Resume" : "Hold",
        testid: "hold",
        kind: held ? "accept" : "plain",
        active: held,
        disabled: !canBeHeld(call),
        // It says the opposite as soon as it is pressed: the second half of a double click does not mean that.
        onClick: ({ detail }) => void (detail > 1 || switchHold(call)),
      })}
      ${callButton({
        icon: "devices",
        label: "Devices",
        testid: "devices",
        onClick: () => void openDeviceSettings(),
      })}
      ${callButton({
        icon: "hang-up",
        label: call.connectedAt === undefined ? "Cancel" : "Hang up",
        testid: "hang-up",
        kind: "danger",
        onClick: () => void end(call),
      })}
    </div>`;
}

/** After a call that did not work: what one can do next. */
export function endedControls({ call, peer, withVideo }: OngoingCall): TemplateResult {
  const write = () => {
    closeCall(call);
    void writeTo(peer);
  };
  return html`<div class="call-buttons" role="group" aria-label="After the call">
    ${callButton({ icon: "message", label: "Message", testid: "call-write", onClick: write })}
    ${callButton({
      icon: withVideo ? "video" : "phone",
      label: "Call again",
      testid: "call-again",
      kind: "accept",
      onClick: () => void placeCall(peer, withVideo),
    })}
    ${callButton({
      icon: "close",
      label: "Close",
      testid: "call-close",
      onClick: () => closeCall(call),
    })}
  </div>`;
}
