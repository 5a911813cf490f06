// What is wrong with a call, as the SDK finds out: the network and the devices.
import {
  Features,
  type Call,
  type LatestMediaDiagnostics,
  type LatestNetworkDiagnostics,
} from "openline";

type Name = keyof LatestNetworkDiagnostics | keyof LatestMediaDiagnostics;

/** By name: 1 good, 2 poor, 3 bad, or whether it is so. What was never raised is absent. */
export type Diagnostics = Partial<Record<Name, number | boolean>>;

/** Calls back after every change, until the returned function is called. */
export function followDiagnostics(
  call: Call,
  onChange: (diagnostics: Diagnostics) => void,
): () => void {
  const { network, media } = call.feature(Features.UserFacingDiagnostics);
  const changed = () => {
    const latest = Object.entries({ ...network.getLatest(), ...media.getLatest() });
    onChange(Object.fromEntries(latest.map(([name, { value }]) => [name, value])));
  };
  network.on("diagnosticChanged", changed);
  media.on("diagnosticChanged", changed);
  return () => {
    network.off("diagnosticChanged", changed);
    media.off("diagnosticChanged", changed);
  };
}
