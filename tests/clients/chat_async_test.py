"""The asyncio half of the published PyPI chat client against the real server: one conversation, every operation.

Needs OPENLINE_SERVER_BIN, and a Python with the packages of requirements.txt.
"""

import unittest

from azure.communication.chat import ChatMessageType, ChatParticipant
from azure.communication.chat.aio import ChatClient, CommunicationTokenCredential
from azure.communication.identity.aio import CommunicationIdentityClient
from azure.core.exceptions import HttpResponseError

from support.server import Server


class ChatAsyncTest(unittest.IsolatedAsyncioTestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.server.trust()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    async def asyncSetUp(self):
        self.identities = CommunicationIdentityClient.from_connection_string(self.server.ready["connectionString"])
        self.addAsyncCleanup(self.identities.close)

    async def person(self):
        user, token = await self.identities.create_user_and_token(["chat"])
        client = ChatClient(self.server.ready["endpoint"], CommunicationTokenCredential(token.token), retry_total=0)
        self.addAsyncCleanup(client.close)
        return user, client

    def thread(self, client, thread_id):
        thread = client.get_chat_thread_client(thread_id)
        self.addAsyncCleanup(thread.close)
        return thread

    async def test_a_conversation(self):
        ann, annes_client = await self.person()
        ben, bens_client = await self.person()
        cem, cems_client = await self.person()

        participants = [ChatParticipant(identifier=ben, display_name="Ben")]
        created = await annes_client.create_chat_thread(
            "Lunch", thread_participants=participants, idempotency_token="tok-1"
        )
        again = await annes_client.create_chat_thread("Lunch", idempotency_token="tok-1")
        self.assertEqual(created.errors, [])
        self.assertEqual(created.chat_thread.id, again.chat_thread.id)

        thread = self.thread(annes_client, created.chat_thread.id)
        bens = self.thread(bens_client, created.chat_thread.id)
        await thread.update_topic(topic="Dinner")
        self.assertEqual((await bens.get_properties()).topic, "Dinner")
        self.assertEqual(await thread.add_participants([ChatParticipant(identifier=cem)]), [])
        listed = [it.identifier.properties["id"] async for it in thread.list_participants(results_per_page=2)]
        self.assertEqual(set(listed), {it.properties["id"] for it in (ann, ben, cem)})
        await thread.remove_participant(cem)
        with self.assertRaises(HttpResponseError) as refused:
            await self.thread(cems_client, thread.thread_id).send_message("still here?")
        self.assertEqual(refused.exception.status_code, 403)

        sent = await thread.send_message(
            "<i>Eight?</i>", chat_message_type=ChatMessageType.HTML, sender_display_name="Ann", metadata={"a": "b"}
        )
        await thread.update_message(sent.id, content="<i>Nine?</i>")
        message = await bens.get_message(sent.id)
        self.assertEqual(message.content.message, "<i>Nine?</i>")
        self.assertEqual((message.sender_display_name, message.metadata), ("Ann", {"a": "b"}))
        await bens.send_typing_notification(sender_display_name="Ben")
        await bens.send_read_receipt(sent.id)
        receipts = [it async for it in thread.list_read_receipts()]
        self.assertEqual([it.chat_message_id for it in receipts], [sent.id])

        await thread.delete_message(sent.id)
        pages = [[it async for it in page] async for page in bens.list_messages(results_per_page=2).by_page()]
        messages = [it for page in pages for it in page]
        self.assertTrue(all(len(page) <= 2 for page in pages))
        self.assertIsNotNone(messages[0].deleted_on)
        self.assertEqual(
            [it.type.value for it in messages[1:]],
            ["participantRemoved", "participantAdded", "topicUpdated", "topicUpdated", "participantAdded"],
        )
        self.assertEqual([it.id async for it in bens_client.list_chat_threads()], [thread.thread_id])
        await annes_client.delete_chat_thread(thread.thread_id)
        (item,) = [it async for it in bens_client.list_chat_threads(results_per_page=1)]
        self.assertIsNotNone(item.deleted_on)


if __name__ == "__main__":
    unittest.main()
