// What is wrong with a call, as the SDKs of the two sides find out: the network and the devices.
import {
  Features,
  type Call,
  type LatestMediaDiagnostics,
  type LatestNetworkDiagnostics,
  type ServerDiagnosticType,
} from "openline";

type Name = keyof LatestNetworkDiagnostics | keyof LatestMediaDiagnostics;

/** By name: 1 good, 2 poor, 3 bad, or whether it is so. What was never raised is absent. */
export type Diagnostics = Partial<Record<Name, number | boolean>>;

/** What the other side tells of itself, and whether the server reaches it. */
export type RemoteDiagnostics = Partial<Record<Name | ServerDiagnosticType, number | boolean>>;

/** Calls back after every change, until the returned function is called. Tells the other side, too. */
export function followDiagnostics(
  call: Call,
  onChange: (found: { diagnostics: Diagnostics; remoteDiagnostics: RemoteDiagnostics }) => void,
): () => void {
  const { network, media, remote } = call.feature(Features.UserFacingDiagnostics);
  const changed = () => {
    const latest = Object.entries({ ...network.getLatest(), ...media.getLatest() });
    const theirs = remote.getLatest().diagnostics;
    onChange({
      diagnostics: Object.fromEntries(latest.map(([name, { value }]) => [name, value])),
      remoteDiagnostics: Object.fromEntries(theirs.map(({ diagnostic, value }) => [diagnostic, value])),
    });
  };
  remote.startSendingDiagnostics();
  remote.on("diagnosticChanged", changed);
  network.on("diagnosticChanged", changed);
  media.on("diagnosticChanged", changed);
  return () => {
    remote.off("diagnosticChanged", changed);
    network.off("diagnosticChanged", changed);
    media.off("diagnosticChanged", changed);
  };
}
