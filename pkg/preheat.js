// Devices that are opened before a call, so that it need not wait for them. The page has one of each: while something
// holds a device, the next to ask for it has it at once.

const DEFAULT_TIMEOUT_S = 60;
const open = new Map();

const KINDS = {
  audio: (devices) => {
    const [, deviceId] = /^microphone:(.+)$/.exec(devices.selectedMicrophone?.id ?? "") ?? [];
    return { audio: deviceId ? { deviceId } : true };
  },
  video: () => ({ video: true }),
};

/** Opens what is asked for; what was open is held for as long as is asked now. */
export async function start(devices, parameters) {
  const asked = Object.keys(KINDS).filter((kind) => parameters?.[kind]?.preheat);
  for (const kind of asked) {
    const seconds = parameters[kind].timeoutInSec ?? DEFAULT_TIMEOUT_S;
    if (!Number.isFinite(seconds) || seconds <= 0) {
      throw new RangeError(`DeviceManager.startPreheatDevices: ${kind}.timeoutInSec must be a number above 0.`);
    }
  }
  // Asks nobody for anything, and rejects where the client was disposed.
  const isThere = () => devices.askDevicePermission({});
  await isThere();
  await Promise.all(asked.map((kind) => hold(kind, devices, parameters[kind].timeoutInSec)));
  await isThere();
}

/** Closes what is named; everything, where nothing is. */
export function stop(parameters) {
  for (const kind of Object.keys(KINDS)) if (parameters?.[kind] ?? parameters === undefined) close(kind);
}

async function hold(kind, devices, seconds = DEFAULT_TIMEOUT_S) {
  const end = () => open.get(kind) === held && close(kind);
  const held = { stopped: false, forget: () => devices.off("_disposed", end) };
  devices.on("_disposed", end);
  const before = open.get(kind);
  open.set(kind, held);
  try {
    held.stream = await navigator.mediaDevices.getUserMedia(KINDS[kind](devices));
  } catch (cause) {
    end();
    throw failure(cause);
  } finally {
    if (before) release(before);
  }
  if (held.stopped) release(held);
  // A browser takes no longer time than 2^31 - 1 ms.
  else held.timer = setTimeout(end, Math.min(seconds * 1000, 2 ** 31 - 1));
}

function close(kind) {
  const held = open.get(kind);
  open.delete(kind);
  if (held) release(held);
}

function release(held) {
  held.stopped = true;
  held.forget();
  clearTimeout(held.timer);
  held.stream?.getTracks().forEach((track) => track.stop());
}

function failure(cause) {
  const denied = cause?.name === "NotAllowedError";
  return Object.assign(
    new Error(
      denied
        ? "DeviceManager.startPreheatDevices: the device is refused. Ask with askDevicePermission."
        : "DeviceManager.startPreheatDevices: the device could not be opened.",
      { cause },
    ),
    { name: "CommunicationServicesError", code: denied ? 400 : 500, subCode: denied ? 40613 : 40614 },
  );
}
