// Participants: add, list, remove.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { all, foreignUser, person, status, threadOf, unknownUser, versions } from "./world.mjs";

for (const version of versions) {
  describe(`participants, ${version}`, () => {
    test("who is added is listed, and a message tells of it", async () => {
      const [ann, ben] = [await person(version), await person(version)];
      const [thread] = await threadOf("Growing", [ann]);
      const shareHistoryTime = new Date("2020-09-13T12:26:40Z");
      const result = await thread.addParticipants({ participants: [{ id: ben.user, displayName: "Ben", shareHistoryTime }] });
      assert.equal(result.invalidParticipants, undefined);

      const listed = (await all(thread.listParticipants())).find(({ id }) => id.communicationUserId === ben.id);
      assert.deepEqual(listed.id, ben.asSeen);
      assert.equal(listed.displayName, "Ben");
      assert.deepEqual(listed.shareHistoryTime, shareHistoryTime);
      const [told] = await all(thread.listMessages());
      assert.equal(told.type, "participantAdded");
      assert.deepEqual(told.content.initiator, ann.asSeen);
      assert.deepEqual(told.content.participants.map(({ id }) => id), [ben.asSeen]);
      assert.equal(told.content.participants[0].displayName, "Ben");
    });

    test("who does not say from when on shares everything", async () => {
      const [ann, ben] = [await person(version), await person(version)];
      const [thread] = await threadOf("Default", [ann, ben]);
      const listed = (await all(thread.listParticipants())).find(({ id }) => id.communicationUserId === ben.id);
      assert.deepEqual(listed.shareHistoryTime, new Date(0));
    });

    test("adding somebody again changes how they are listed", async () => {
      const [ann, ben] = [await person(version), await person(version)];
      const [thread] = await threadOf("Renamed", [ann]);
      await thread.addParticipants({ participants: [{ id: ben.user, displayName: "Ben" }] });
      await thread.addParticipants({ participants: [{ id: ben.user, displayName: "Benjamin" }] });
      const listed = await all(thread.listParticipants());
      assert.deepEqual(
        listed.filter(({ id }) => id.communicationUserId === ben.id).map(({ displayName }) => displayName),
        ["Benjamin"],
      );
    });

    test("who cannot be added is named, and the others are in", async () => {
      const [ann, ben] = [await person(version), await person(version)];
      const [thread] = await threadOf("Mixed", [ann]);
      const nobody = unknownUser(ann);
      const { invalidParticipants } = await thread.addParticipants({
        participants: [{ id: nobody }, { id: foreignUser }, { id: ben.user }],
      });
      assert.deepEqual(
        invalidParticipants.map(({ target, code }) => [code, target]).sort(),
        [["403", foreignUser.communicationUserId], ["404", nobody.communicationUserId]],
      );
      assert.equal((await all(thread.listParticipants())).length, 2);
      // One alone that fails is a result as well.
      const alone = await thread.addParticipants({ participants: [{ id: foreignUser }] });
      assert.equal(alone.invalidParticipants[0].target, foreignUser.communicationUserId);
    });

    test("more than 200 at once are refused", async () => {
      const [thread] = await threadOf("Crowd", [await person(version)]);
      const participants = Array.from({ length: 201 }, (_, index) => ({
        id: { communicationUserId: `${foreignUser.communicationUserId.slice(0, -3)}${String(index).padStart(3, "0")}` },
      }));
      await assert.rejects(thread.addParticipants({ participants }), { statusCode: 400 });
    });

    test("the list goes page by page, and skips what it is told to", async () => {
      const people = [];
      for (let index = 0; index < 3; index += 1) people.push(await person(version));
      const [thread] = await threadOf("Pages", people);
      const pages = [];
      for await (const page of thread.listParticipants({ maxPageSize: 2 }).byPage()) pages.push(page);
      assert.deepEqual(pages.map((page) => page.length), [2, 1]);
      const everybody = pages.flat().map(({ id }) => id.communicationUserId);
      assert.deepEqual(everybody.toSorted(), people.map(({ id }) => id).sort());

      const skipped = await all(thread.listParticipants({ skip: 1, maxPageSize: 1 }));
      assert.deepEqual(skipped.map(({ id }) => id.communicationUserId), everybody.slice(1));
    });

    test("who is removed is out, and a message tells of it", async () => {
      const [ann, ben] = [await person(version), await person(version)];
      const [thread, bens] = await threadOf("Shrinking", [ann, ben]);
      assert.equal(await status((options) => thread.removeParticipant(ben.user, options)), 204);
      assert.equal((await all(thread.listParticipants())).length, 1);
      await assert.rejects(all(bens.listMessages()), { statusCode: 403, code: "Forbidden" });
      await assert.rejects(bens.sendMessage({ content: "still here?" }), { statusCode: 403, code: "Forbidden" });
      const [told] = await all(thread.listMessages());
      assert.equal(told.type, "participantRemoved");
      assert.deepEqual(told.content.initiator, ann.asSeen);
      assert.deepEqual(told.content.participants.map(({ id }) => id), [ben.asSeen]);
    });

    test("everybody may leave", async () => {
      const [ann, ben] = [await person(version), await person(version)];
      const [thread, bens] = await threadOf("Leaving", [ann, ben]);
      await bens.removeParticipant(ben.user);
      assert.deepEqual((await all(thread.listParticipants())).map(({ id }) => id), [ann.asSeen]);
    });
  });
}

test("a participant's metadata is kept, 2025-03-15 alone", async () => {
  const [version] = versions.slice(-1);
  const [ann, ben] = [await person(version), await person(version)];
  const [thread] = await threadOf("Tagged", [ann]);
  await thread.addParticipants({ participants: [{ id: ben.user, metadata: { seat: "4" } }] });
  const listed = (await all(thread.listParticipants())).find(({ id }) => id.communicationUserId === ben.id);
  assert.deepEqual(listed.metadata, { seat: "4" });
});
