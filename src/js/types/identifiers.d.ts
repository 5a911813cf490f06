/** Somebody who can take part in a call or a chat. */
export type CommunicationIdentifier =
  | CommunicationUserIdentifier
  | PhoneNumberIdentifier
  | MicrosoftTeamsUserIdentifier
  | MicrosoftTeamsAppIdentifier
  | TeamsExtensionUserIdentifier
  | UnknownIdentifier;

/** A user of your communication resource. */
export interface CommunicationUserIdentifier {
  /** The raw id, `8:acs:..`. */
  communicationUserId: string;
}

/** A phone number. */
export interface PhoneNumberIdentifier {
  /** The raw id, `4:..`; made from the number where absent. */
  rawId?: string;
  /** The number in E.164 form, or `anonymous`. */
  phoneNumber: string;
  /** Tells apart several uses of one number. */
  assertedId?: string;
  /** Whether the number is withheld. */
  isAnonymous?: boolean;
}

/** A Microsoft Teams user. */
export interface MicrosoftTeamsUserIdentifier {
  /** The raw id; made from the other fields where absent. */
  rawId?: string;
  /** The object id of the user, or the id of a visitor. */
  microsoftTeamsUserId: string;
  /** Whether the user joined without an account. */
  isAnonymous?: boolean;
  /** The cloud; default `public`. */
  cloud?: "public" | "dod" | "gcch";
}

/** A Microsoft Teams application. */
export interface MicrosoftTeamsAppIdentifier {
  /** The raw id; made from the other fields where absent. */
  rawId?: string;
  /** The application's id. */
  teamsAppId: string;
  /** The cloud; default `public`. */
  cloud?: "public" | "dod" | "gcch";
}

/** A Microsoft Teams user who acts through a communication resource. */
export interface TeamsExtensionUserIdentifier {
  /** The raw id; made from the other fields where absent. */
  rawId?: string;
  /** The object id of the user. */
  userId: string;
  /** The tenant of the user. */
  tenantId: string;
  /** The communication resource. */
  resourceId: string;
  /** The cloud; default `public`. */
  cloud?: "public" | "dod" | "gcch";
}

/** An identifier of a kind that this SDK does not know. */
export interface UnknownIdentifier {
  /** The raw id. */
  id: string;
}

/** An identifier that says what it is. */
export type CommunicationIdentifierKind =
  | CommunicationUserKind
  | PhoneNumberKind
  | MicrosoftTeamsUserKind
  | MicrosoftTeamsAppKind
  | TeamsExtensionUserKind
  | UnknownIdentifierKind;

export interface CommunicationUserKind extends CommunicationUserIdentifier {
  kind: "communicationUser";
}
export interface PhoneNumberKind extends PhoneNumberIdentifier {
  kind: "phoneNumber";
}
export interface MicrosoftTeamsUserKind extends MicrosoftTeamsUserIdentifier {
  kind: "microsoftTeamsUser";
}
export interface MicrosoftTeamsAppKind extends MicrosoftTeamsAppIdentifier {
  kind: "microsoftTeamsApp";
}
export interface TeamsExtensionUserKind extends TeamsExtensionUserIdentifier {
  kind: "teamsExtensionUser";
}
export interface UnknownIdentifierKind extends UnknownIdentifier {
  kind: "unknown";
}
