// A call that is handed over, between three real browsers.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openFixture } from "./lib/fixture.mjs";
import { Server } from "./lib/server.mjs";

let server;
before(async () => {
  server = await Server.start();
});
after(() => server.close());

const customContext = {
  userToUser: "order 4711",
  voipHeaders: [{ key: "language", value: "de" }],
};
const HEADER = { key: "X-MS-Custom-Queue", value: "billing" };

for (const browsers of [["chromium", "firefox", "chromium"], ["firefox", "chromium", "firefox"]]) {
  test(`${browsers.join(", ")}: a call is handed over to who answers, and goes on where nobody does`, async () => {
    const tabs = [];
    try {
      for (const [index, browser] of browsers.entries()) {
        const tab = await openFixture(browser, server);
        tabs.push(tab);
        tab.displayName = `${["Ann", "Ben", "Cyd"][index]} ${browser}`;
        tab.identity = await tab.signIn(tab.displayName);
      }
      const [ann, ben, cyd] = tabs;
      const person = (tab) => [tab.identity, tab.displayName];

      await ann.call(ben.identity, { video: true, customContext: { ...customContext, xHeaders: [HEADER] } });
      assert.deepEqual(await ben.waitForInvitation(), {
        caller: person(ann),
        transferor: null,
        customContext: { ...customContext, sipHeaders: [HEADER], xHeaders: [HEADER] },
      });
      await ben.accept({ video: true });
      await Promise.all([ann, ben].map((tab) => tab.waitForState("Connected")));
      await ben.followTransfers();

      // Nobody there: the other side notices nothing.
      assert.equal(await ann.transfer(ann.identity.replace(/_.*/, "_nobody")), "Transferring");
      assert.deepEqual(await ann.waitForTransfer("Failed"), { error: { code: 480, subCode: 10037 } });

      // Declined: both go on.
      await ann.transfer(cyd.identity);
      assert.deepEqual(await cyd.waitForInvitation(), {
        caller: person(ben),
        transferor: person(ann),
        customContext: null,
      });
      await ann.waitForState("RemoteHold");
      await cyd.reject();
      assert.deepEqual(await ann.waitForTransfer("Failed"), { error: { code: 603, subCode: 0 } });
      assert.deepEqual(await ben.backToCall(), { code: 603, subCode: 0 });
      await Promise.all([ann, ben].map((tab) => tab.waitForState("Connected")));
      await Promise.all([ann, ben].map((tab) => tab.waitForMoreMedia()));

      // Answered: it is over for who handed it over.
      await ann.transfer(cyd.identity, { customContext });
      assert.deepEqual(await cyd.waitForInvitation(), { caller: person(ben), transferor: person(ann), customContext });
      await cyd.accept();
      assert.equal(await cyd.transferor(), ann.identity);
      await ann.waitForTransfer("Transferred");
      assert.deepEqual(await ann.waitForEnd(), { code: 0, subCode: 7015 });
      await Promise.all([ben, cyd].map((tab) => tab.waitForState("Connected")));
      await Promise.all([ben, cyd].map((tab) => tab.waitForAudio()));
      const log = await ben.log();
      assert.deepEqual(log.filter(({ transferAccepted }) => transferAccepted !== undefined), [
        { transferAccepted: true },
        { transferAccepted: true },
      ]);
      await ben.hangUp();
      assert.deepEqual(await cyd.waitForEnd(), { code: 0, subCode: 0 });
    } finally {
      await Promise.all(tabs.map((tab) => tab.quit()));
    }
  });
}
