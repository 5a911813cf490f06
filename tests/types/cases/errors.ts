// Errors: real `Error`s, told apart by name, with codes to decide by.
import { expectTypeOf } from "expect-type";
import type {
  CommunicationServicesError,
  CredentialError,
  RealtimeError,
  RestError,
  ServiceError,
} from "openline";

type AnyError = CommunicationServicesError | CredentialError | RealtimeError | RestError;
expectTypeOf<AnyError>().toExtend<Error>();

/** In each branch only that error is left, and after all of them none. */
export function advice(error: AnyError): string {
  switch (error.name) {
    case "CommunicationServicesError":
      expectTypeOf(error.code).toBeNumber();
      expectTypeOf(error.subCode).toBeNumber();
      // @ts-expect-error codes are read, not set
      error.code = 0;
      return `${error.code}/${error.subCode}`;
    case "CredentialError":
      return error.code;
    case "RealtimeError":
      return realtimeAdvice(error.code);
    case "RestError":
      expectTypeOf(error.statusCode).toEqualTypeOf<number | undefined>();
      expectTypeOf(error.requestId).toBeString();
      expectTypeOf(error.details).toEqualTypeOf<{ error: ServiceError } | undefined>();
      return error.code;
    default:
      expectTypeOf(error).toBeNever();
      return error;
  }
}

function realtimeAdvice(code: RealtimeError["code"]): string {
  switch (code) {
    case "tokenUnavailable":
    case "tokenRefused":
      return "sign in again";
    case "scopeMissing":
      return "issue a token with the scope";
    case "timedOut":
      return "try again";
    case "versionUnsupported":
      return "update";
    case "noWebSocket":
      return "use Node 22";
    case "closed":
      return "it was stopped";
    case "superseded":
    case "defect":
      return "report it";
    default:
      expectTypeOf(code).toBeNever();
      return code;
  }
}

expectTypeOf<ServiceError["details"]>().toEqualTypeOf<ServiceError[] | undefined>();
declare const refused: RealtimeError;
// @ts-expect-error there is no such code
refused.code === "TokenRefused";
