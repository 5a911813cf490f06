// What somebody prefers in this browser, whoever is signed in. Where storage is blocked it lasts as long as the page.

const CAMERA = "openline.camera";
const SOUNDS = "openline.sounds";
const SURVEY = "openline.survey-asked";

const known = new Map<string, string>();

/** The camera to use where there is a choice. */
export function wantedCamera(): string | undefined {
  return read(CAMERA);
}

export function wantCamera(id: string): void {
  write(CAMERA, id);
}

/** Whether the page rings and chimes. */
export function soundsWanted(): boolean {
  return read(SOUNDS) !== "off";
}

export function wantSounds(on: boolean): void {
  write(SOUNDS, on ? "on" : "off");
}

/** When somebody was asked how a call was. */
export function surveyAskedAt(): number | undefined {
  return Number(read(SURVEY)) || undefined;
}

export function surveyAsked(now: number): void {
  write(SURVEY, String(now));
}

function read(key: string): string | undefined {
  const now = known.get(key);
  if (now !== undefined) return now;
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

function write(key: string, value: string): void {
  known.set(key, value);
  try {
    localStorage.setItem(key, value);
  } catch {
    // It is known until the page is closed.
  }
}
