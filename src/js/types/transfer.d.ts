/** `Features.Transfer`: hands a call over. */
export interface TransferCallFeature extends BaseFeature {
  readonly name: "Transfer";
  /**
   * Has the other side call somebody else; this side needs to do nothing more. The other side's client calls by itself,
   * and has this call on hold meanwhile. If the target answers, this call ends on both sides with 0/7015; if not, it
   * goes on.
   *
   * Returns at once; what becomes of it is in the {@link Transfer}. Throws 412 while the call is not connected or is
   * being transferred already, 405 for anything but a participant, 400 for a `customContext` that is over its limits.
   */
  transfer(target: TransferToParticipantLocator, options?: TransferToParticipantOptions): Transfer;
  on<K extends keyof TransferEvents>(event: K, listener: TransferEvents[K]): void;
  off<K extends keyof TransferEvents>(event: K, listener: TransferEvents[K]): void;
}

/** The events of {@link TransferCallFeature}. */
export interface TransferEvents {
  /**
   * The other side hands this client over: it calls the target already. `targetCall` is one of `CallAgent.calls`, muted
   * where this call is, and without a camera. This call is over when the target answers, and taken off hold where it does
   * not. Where the page has this call on hold, that call is, too, once it is connected.
   */
  transferAccepted: TransferAcceptedEvent;
}

export type TransferAcceptedEvent = (args: TransferEventArgs) => void;

export interface TransferEventArgs {
  targetCall: Call;
}

/** Whom to hand a call over to. */
export interface TransferToParticipantLocator {
  targetParticipant: CommunicationIdentifier;
}

/** Options of {@link TransferCallFeature.transfer}. */
export interface TransferToParticipantOptions {
  /** Not needed: a call that is not answered is not forwarded. */
  disableForwardingAndUnanswered?: boolean;
  /** For the target's application: {@link IncomingCall.customContext}. */
  customContext?: CustomContext;
}

export type TransferState = "None" | "Transferring" | "Transferred" | "Failed";

/** A transfer that was asked for. */
export interface Transfer {
  /** `Transferring`, until it is `Transferred` (the target answered) or `Failed`. */
  readonly state: TransferState;
  /**
   * Why it failed, as the reason for which the call to the target ended: 603/0 declined, 487/10004 not answered, 480/10037
   * not there, 487/0 cancelled by the other side, 403/10124 not allowed (oneself, or a token without the scope `voip` on
   * either side), 490/4502 the connection was lost meanwhile; or for which this call ended before.
   */
  readonly error?: TransferErrorCode;
  on(event: "stateChanged", listener: PropertyChangedEvent): void;
  off(event: "stateChanged", listener: PropertyChangedEvent): void;
}

/** Why a transfer failed. */
export interface TransferErrorCode {
  readonly code: number;
  readonly subCode?: number;
}
