// Diagnostics that one side of a call tells the other: their form on the wire, and when they are told.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { changesOf, follow, pack, unpack } from "../../pkg/remote_diagnostics.js";

const quality = (value) => ({ value, valueType: "DiagnosticQuality" });
const flag = (value) => ({ value, valueType: "DiagnosticFlag" });

describe("on the wire", () => {
  test("what was raised comes back as it was, and what never was stays absent", () => {
    const latest = { networkReconnect: quality(3), networkSendQuality: quality(1), noNetwork: flag(false), microphoneNotMuteButSilent: flag(true) };
    assert.deepEqual(unpack(pack(latest)), latest);
    assert.deepEqual(unpack(pack({})), {});
  });

  test("each has its two bits, which stay", () => {
    assert.equal(pack({ networkReconnect: quality(3) }), 3);
    assert.equal(pack({ networkReceiveQuality: quality(1) }), 4);
    assert.equal(pack({ noNetwork: flag(true) }), 2 * 4 ** 3);
    assert.equal(pack({ microphoneNotMuteButSilent: flag(true) }), 2 * 4 ** 19);
  });

  test("whatever arrives is read: later versions, and what nobody sends", () => {
    assert.equal(Object.keys(unpack(4 ** 20 - 1)).length, 20);
    assert.deepEqual(unpack(4 ** 20), {});
    for (const number of [0, 1, 4 ** 20 - 1, 2 ** 53, 2 ** 64]) {
      for (const { value, valueType } of Object.values(unpack(number))) {
        assert.ok(valueType === "DiagnosticFlag" ? typeof value === "boolean" : [1, 2, 3].includes(value));
      }
    }
  });

  test("what differs is told; what is no longer told is well", () => {
    const before = { networkReconnect: quality(3), noNetwork: flag(true), cameraFreeze: flag(false) };
    assert.deepEqual(changesOf(before, before), {});
    assert.deepEqual(changesOf({}, { cameraFreeze: flag(true) }), { cameraFreeze: flag(true) });
    assert.deepEqual(changesOf(before, { noNetwork: flag(false) }), { networkReconnect: quality(1), noNetwork: flag(false) });
  });
});

function source(members) {
  const listeners = [];
  return Object.assign(members, {
    listeners,
    on: (event, listener) => listeners.push([event, listener]),
    off: (event, listener) => listeners.splice(listeners.findIndex(([name, known]) => name === event && known === listener), 1),
    tell: (event) => [...listeners].filter(([name]) => name === event).forEach(([, listener]) => listener()),
  });
}

/** A call with a participant, both sides' diagnostics, and what is told of them. */
function scene(context) {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const participant = source({});
  const call = source({ remoteParticipants: [participant] });
  const sent = [];
  const host = {
    call,
    remote: { rawId: "8:acs:r_b", participantId: "p", isReachable: true, diagnostics: 0 },
    setDiagnostics: (number) => sent.push(number),
  };
  const remote = { isSendingDiagnosticsEnabled: false };
  const own = {};
  const events = [];
  const over = new AbortController();
  const emit = (name, { diagnostics }) => events.push(...diagnostics.map(({ diagnostic, value }) => [diagnostic, value]));
  const changed = follow({ host, remote, own: () => own, emit, signal: over.signal });
  return { participant, call, host, remote, own, events, sent, changed, over };
}

test("nothing is told before it is asked for, then what there is and at most once a second what changes", (context) => {
  const { remote, own, changed, sent } = scene(context);
  own.noNetwork = flag(true);
  changed();
  assert.deepEqual(sent, []);
  remote.isSendingDiagnosticsEnabled = true;
  assert.deepEqual([remote.isSendingDiagnosticsEnabled, sent.length], [true, 1]);
  own.cameraFreeze = flag(true);
  changed();
  own.noNetwork = flag(false);
  changed();
  assert.equal(sent.length, 1);
  context.mock.timers.tick(1000);
  assert.deepEqual(sent.slice(1), [pack(own)]);
  context.mock.timers.tick(60_000);
  assert.equal(sent.length, 2);
  remote.isSendingDiagnosticsEnabled = false;
  assert.equal(sent.at(-1), 0);
  changed();
  context.mock.timers.tick(60_000);
  assert.equal(sent.at(-1), 0);
});

test("what the other side tells is there with who it is, and what the server says of it", (context) => {
  const { participant, host, remote, events } = scene(context);
  const told = (changes) => {
    host.remote = { ...host.remote, ...changes };
    participant.tell("diagnosed");
    return events.splice(0);
  };
  assert.deepEqual(told({ diagnostics: pack({ networkSendQuality: quality(3) }) }), [["networkSendQuality", 3]]);
  const [row] = remote.getLatest().diagnostics;
  assert.deepEqual({ ...row, remoteParticipant: row.remoteParticipant === participant }, {
    participantId: "p", rawId: "8:acs:r_b", remoteParticipant: true,
    diagnostic: "networkSendQuality", value: 3, valueType: "DiagnosticQuality",
  });
  assert.deepEqual(told({ isReachable: false }), [["serverConnection", 3]]);
  assert.deepEqual(told({}), []);
  assert.deepEqual(told({ isReachable: true }), [["serverConnection", 1]]);
  assert.deepEqual(told({ diagnostics: 0 }), [["networkSendQuality", 1]]);
  assert.deepEqual(remote.getLatest().diagnostics.map(({ diagnostic }) => diagnostic), ["serverConnection"]);
});

test("what was told before anybody asked is there, and what the participant is comes later", (context) => {
  const { participant, call, host, remote, events } = scene(context);
  call.remoteParticipants = [];
  call.tell("remoteParticipantsUpdated");
  assert.deepEqual(participant.listeners, []);
  host.remote = { ...host.remote, diagnostics: pack({ noNetwork: flag(true) }) };
  call.remoteParticipants = [participant];
  call.tell("remoteParticipantsUpdated");
  assert.deepEqual(events, [["noNetwork", true]]);
  assert.equal(remote.getLatest().diagnostics.length, 1);
});

test("when the call is over nothing is told and nobody listens", (context) => {
  const { participant, call, remote, changed, sent, over } = scene(context);
  remote.isSendingDiagnosticsEnabled = true;
  changed();
  over.abort();
  context.mock.timers.tick(60_000);
  changed();
  assert.equal(sent.length, 1);
  assert.deepEqual([participant.listeners, call.listeners], [[], []]);
});
