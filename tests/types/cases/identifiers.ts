// Identifiers: unions that tell themselves apart.
import { expectTypeOf } from "expect-type";
import {
  createIdentifierFromRawId,
  getIdentifierKind,
  getIdentifierRawId,
  isCommunicationUserIdentifier,
  isMicrosoftTeamsAppIdentifier,
  isMicrosoftTeamsUserIdentifier,
  isPhoneNumberIdentifier,
  isTeamsExtensionUserIdentifier,
  isUnknownIdentifier,
  type CommunicationIdentifier,
  type CommunicationIdentifierKind,
  type CommunicationUserIdentifier,
  type MicrosoftTeamsAppIdentifier,
  type MicrosoftTeamsUserIdentifier,
  type PhoneNumberIdentifier,
  type TeamsExtensionUserIdentifier,
  type UnknownIdentifier,
} from "openline";

declare const identifier: CommunicationIdentifier;

expectTypeOf(createIdentifierFromRawId("8:acs:a_b")).toEqualTypeOf<CommunicationIdentifierKind>();
expectTypeOf(getIdentifierKind(identifier)).toEqualTypeOf<CommunicationIdentifierKind>();
expectTypeOf(getIdentifierRawId(identifier)).toBeString();
// @ts-expect-error a raw id is no identifier
getIdentifierRawId("8:acs:a_b");
// @ts-expect-error and neither is this
getIdentifierRawId({ email: "ann@example.com" });

/** In each branch only that kind is left, and after all of them none. */
export function describe(of: CommunicationIdentifierKind): string {
  switch (of.kind) {
    case "communicationUser":
      expectTypeOf(of).toExtend<CommunicationUserIdentifier>();
      return of.communicationUserId;
    case "phoneNumber":
      expectTypeOf(of).toExtend<PhoneNumberIdentifier>();
      return of.phoneNumber;
    case "microsoftTeamsUser":
      expectTypeOf(of).toExtend<MicrosoftTeamsUserIdentifier>();
      expectTypeOf(of.cloud).toEqualTypeOf<"public" | "dod" | "gcch" | undefined>();
      return of.microsoftTeamsUserId;
    case "microsoftTeamsApp":
      expectTypeOf(of).toExtend<MicrosoftTeamsAppIdentifier>();
      return of.teamsAppId;
    case "teamsExtensionUser":
      expectTypeOf(of).toExtend<TeamsExtensionUserIdentifier>();
      return `${of.resourceId} ${of.tenantId} ${of.userId}`;
    case "unknown":
      expectTypeOf(of).toExtend<UnknownIdentifier>();
      // @ts-expect-error that belongs to another kind
      of.phoneNumber;
      return of.id;
    default:
      expectTypeOf(of).toBeNever();
      return of;
  }
}

if (isCommunicationUserIdentifier(identifier)) expectTypeOf(identifier).toEqualTypeOf<CommunicationUserIdentifier>();
if (isPhoneNumberIdentifier(identifier)) expectTypeOf(identifier).toEqualTypeOf<PhoneNumberIdentifier>();
if (isMicrosoftTeamsUserIdentifier(identifier)) expectTypeOf(identifier).toEqualTypeOf<MicrosoftTeamsUserIdentifier>();
if (isMicrosoftTeamsAppIdentifier(identifier)) expectTypeOf(identifier).toEqualTypeOf<MicrosoftTeamsAppIdentifier>();
if (isTeamsExtensionUserIdentifier(identifier)) expectTypeOf(identifier).toEqualTypeOf<TeamsExtensionUserIdentifier>();
if (isUnknownIdentifier(identifier)) expectTypeOf(identifier).toEqualTypeOf<UnknownIdentifier>();
// @ts-expect-error it may be of any kind
identifier.communicationUserId;

// What an identifier needs, and what it does not.
const phone: PhoneNumberIdentifier = { phoneNumber: "+15551234567" };
const user: CommunicationIdentifier = { communicationUserId: "8:acs:a_b" };
// @ts-expect-error all three name such a user
const extension: TeamsExtensionUserIdentifier = { userId: "u", tenantId: "t" };
// @ts-expect-error there is no such cloud
const teams: MicrosoftTeamsUserIdentifier = { microsoftTeamsUserId: "u", cloud: "moon" };
void [phone, user, extension, teams];
