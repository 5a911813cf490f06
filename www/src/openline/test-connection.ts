// Whether calls will work here, and which part of the way fails if not. Before a call, and without anybody at the other end.
import {
  Features,
  type CallClient,
  type CommunicationTokenCredential,
  type InCallDiagnostics,
  type PreCallLeg,
  type PreCallReport,
} from "openline";

export interface ConnectionReport extends PreCallReport {
  /** How a call of this page with itself went, over the best relay. */
  call: InCallDiagnostics;
}

/** Takes about ten seconds and 2 MB. `onLeg` gets each part when it was tested; `signal` ends it, and leaves nothing open. */
export async function testConnection(
  callClient: CallClient,
  credential: CommunicationTokenCredential,
  { onLeg, signal }: { onLeg: (leg: PreCallLeg) => void; signal: AbortSignal },
): Promise<ConnectionReport> {
  const feature = callClient.feature(Features.PreCallDiagnostics);
  const test = await feature.startTest(credential, { onLeg, abortSignal: signal });
  const [report, call] = await Promise.all([test.report, test.inCallDiagnostics]);
  return { ...report, call };
}
