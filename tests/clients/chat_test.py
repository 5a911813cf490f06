"""The published PyPI chat client against the real server.

Needs OPENLINE_SERVER_BIN, and a Python with the packages of requirements.txt.
"""

import base64
import datetime
import json
import unittest
import urllib.parse

from azure.communication.chat import (
    ChatClient,
    ChatMessageType,
    ChatParticipant,
    CommunicationTokenCredential,
    CommunicationUserIdentifier,
)
from azure.communication.identity import CommunicationIdentityClient
from azure.core.exceptions import HttpResponseError

from support.server import Server

UTC = datetime.timezone.utc
FOREIGN = "8:acs:11111111-1111-1111-1111-111111111111_0000000a-0000-0000-0000-00000000000a"
# A PNG of one red pixel.
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mP4z8AAAAMBAQD3A0FDAAAAAElFTkSuQmCC"
)


class Person:
    """Somebody with an identity, a token and a client."""

    def __init__(self, test, scopes=("chat",)):
        self.user, self.token = test.identities.create_user_and_token(list(scopes))
        self.id = self.user.properties["id"]
        self.chat = test.client_with(self.token.token)

    def participant(self, **fields):
        return ChatParticipant(identifier=self.user, **fields)

    def thread(self, thread_id):
        return self.chat.get_chat_thread_client(thread_id)


class ChatTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.server.trust()
        cls.identities = CommunicationIdentityClient.from_connection_string(cls.server.ready["connectionString"])

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    @classmethod
    def client_with(cls, token):
        return ChatClient(cls.server.ready["endpoint"], CommunicationTokenCredential(token), retry_total=0)

    def thread_of(self, topic, creator, *others):
        """Creates a thread, and returns everybody's client of it."""
        created = creator.chat.create_chat_thread(topic, thread_participants=[it.participant() for it in others])
        self.assertEqual(created.errors, [])
        return [it.thread(created.chat_thread.id) for it in (creator, *others)]

    def assert_refused(self, status, code, call):
        with self.assertRaises(HttpResponseError) as refused:
            call()
        self.assertEqual(refused.exception.status_code, status)
        self.assertEqual(refused.exception.error.code, code)

    # Threads.

    def test_a_thread_has_its_creator_and_its_participants(self):
        ann, ben = Person(self), Person(self)
        since = datetime.datetime(2020, 9, 13, 12, 26, 40, tzinfo=UTC)
        participants = [ben.participant(display_name="Ben", share_history_time=since)]
        created = ann.chat.create_chat_thread("Töpic", thread_participants=participants)
        self.assertEqual(created.errors, [])
        self.assertEqual(created.chat_thread.topic, "Töpic")
        self.assertEqual(created.chat_thread.created_by.properties["id"], ann.id)
        self.assert_now(created.chat_thread.created_on)

        thread = ben.thread(created.chat_thread.id)
        self.assertEqual(thread.get_properties().topic, "Töpic")
        listed = {it.identifier.properties["id"]: it for it in thread.list_participants()}
        self.assertEqual(set(listed), {ann.id, ben.id})
        self.assertEqual(listed[ben.id].display_name, "Ben")
        self.assertEqual(listed[ben.id].share_history_time, since)

        topic_updated, participant_added = thread.list_messages()
        self.assertEqual(participant_added.type, ChatMessageType.PARTICIPANT_ADDED)
        self.assertEqual(participant_added.sequence_id, "1")
        self.assertEqual(participant_added.content.initiator.properties["id"], ann.id)
        self.assertEqual(
            {it.identifier.properties["id"] for it in participant_added.content.participants}, {ann.id, ben.id}
        )
        self.assertEqual(topic_updated.type, ChatMessageType.TOPIC_UPDATED)
        self.assertEqual(topic_updated.content.topic, "Töpic")
        self.assertIsNone(topic_updated.sender)

    def test_a_thread_alone_has_no_errors(self):
        ann = Person(self)
        created = ann.chat.create_chat_thread("Alone")
        self.assertEqual(created.errors, [])
        self.assertEqual(len(list(ann.thread(created.chat_thread.id).list_participants())), 1)

    def test_who_cannot_be_added_comes_back_with_the_reason(self):
        ann, ben = Person(self), Person(self)
        nobody = ann.id.split("_")[0] + "_0000000a-0000-0000-0000-00000000000a"
        wrong = [ChatParticipant(identifier=CommunicationUserIdentifier(it)) for it in (FOREIGN, nobody)]
        created = ann.chat.create_chat_thread("Mixed", thread_participants=[*wrong, ben.participant()])
        expected = [(FOREIGN, "403"), (nobody, "404")]
        told = sorted((it.identifier.properties["id"], error.code) for it, error in created.errors)
        self.assertEqual(told, sorted(expected))

        thread = ann.thread(created.chat_thread.id)
        told = sorted((it.identifier.properties["id"], error.code) for it, error in thread.add_participants(wrong))
        self.assertEqual(told, sorted(expected))
        self.assertEqual(len(list(thread.list_participants())), 2)

    def test_the_same_idempotency_token_is_the_same_thread(self):
        ann = Person(self)
        first, second = (ann.chat.create_chat_thread("Once", idempotency_token="tok-1") for _ in range(2))
        self.assertEqual(first.chat_thread.id, second.chat_thread.id)
        self.assertEqual(len(list(ann.chat.list_chat_threads())), 1)

    def test_threads_are_listed_page_by_page_newest_activity_first(self):
        ann = Person(self)
        threads = [self.thread_of(topic, ann)[0] for topic in ("one", "two", "three")]
        threads[0].send_message("again")
        pages = [list(page) for page in ann.chat.list_chat_threads(results_per_page=1).by_page()]
        self.assertEqual([[it.topic for it in page] for page in pages], [["one"], ["three"], ["two"]])
        self.assert_now(pages[0][0].last_message_received_on)
        later = datetime.datetime.now(UTC) + datetime.timedelta(minutes=1)
        self.assertEqual(list(ann.chat.list_chat_threads(start_time=later)), [])
        earlier = later - datetime.timedelta(minutes=2)
        self.assertEqual(len(list(ann.chat.list_chat_threads(start_time=earlier, results_per_page=2))), 3)

    def test_a_topic_changes(self):
        (thread,) = self.thread_of("Old", Person(self))
        thread.update_topic(topic="New")
        self.assertEqual(thread.get_properties().topic, "New")
        self.assertEqual(next(thread.list_messages()).content.topic, "New")

    def test_a_deleted_thread_is_gone_and_listed_as_such(self):
        ann, ben = Person(self), Person(self)
        _, thread = self.thread_of("Over", ann, ben)
        ann.chat.delete_chat_thread(thread.thread_id)
        with self.assertRaises(HttpResponseError) as refused:
            thread.get_properties()
        self.assertIn(refused.exception.status_code, (403, 404))
        (item,) = ben.chat.list_chat_threads()
        self.assert_now(item.deleted_on)

    # Messages.

    def test_a_message_is_stored_as_it_was_sent(self):
        ann, ben = Person(self), Person(self)
        thread, bens = self.thread_of("Plain", ann, ben)
        sent = thread.send_message("Grüße 👋")
        message = bens.get_message(sent.id)
        self.assertEqual((message.id, message.version), (sent.id, sent.id))
        self.assertEqual(message.type, ChatMessageType.TEXT)
        self.assertEqual(message.sequence_id, "3")
        self.assertEqual(message.content.message, "Grüße 👋")
        self.assertEqual(message.content.attachments, [])
        self.assertEqual(message.sender_display_name, "")
        self.assertEqual(message.sender.properties["id"], ann.id)
        self.assert_now(message.created_on)
        self.assertIsNone(message.edited_on)
        self.assertIsNone(message.deleted_on)

    def test_html_a_name_and_metadata_come_back(self):
        (thread,) = self.thread_of("Rich", Person(self))
        for kind in (ChatMessageType.HTML, "html"):
            sent = thread.send_message(
                "<b>hi</b>", chat_message_type=kind, sender_display_name="Ann", metadata={"x": "y"}
            )
            message = thread.get_message(sent.id)
            self.assertEqual(message.type, ChatMessageType.HTML)
            self.assertEqual(message.sender_display_name, "Ann")
            self.assertEqual(message.metadata, {"x": "y"})

    def test_messages_are_listed_page_by_page_newest_first(self):
        (thread,) = self.thread_of("List", Person(self))
        sent = [thread.send_message(f"{index}").id for index in range(4)]
        pages = [list(page) for page in thread.list_messages(results_per_page=1).by_page()]
        self.assertTrue(all(len(page) <= 1 for page in pages))
        messages = [message for page in pages for message in page]
        self.assertEqual([it.sequence_id for it in messages], ["6", "5", "4", "3", "2", "1"])
        self.assertEqual([it.id for it in messages[:4]], sent[::-1])
        since = datetime.datetime.fromtimestamp(int(sent[2]) / 1000, UTC)
        listed = thread.list_messages(results_per_page=1, start_time=since)
        self.assertEqual([it.id for it in listed], [sent[3], sent[2]])

    def test_an_edit_and_a_deletion_show(self):
        ann, ben = Person(self), Person(self)
        thread, bens = self.thread_of("Edit", ann, ben)
        sent = thread.send_message("Noon?", metadata={"a": "1", "b": "2"})
        thread.update_message(sent.id, content="One?", metadata={"b": "3"})
        message = bens.get_message(sent.id)
        self.assertEqual(message.content.message, "One?")
        self.assertEqual(message.metadata, {"a": "1", "b": "3"})
        self.assert_now(message.edited_on)
        self.assertGreater(int(message.version), int(sent.id))
        thread.delete_message(sent.id)
        deleted = next(it for it in bens.list_messages() if it.id == sent.id)
        self.assert_now(deleted.deleted_on)
        self.assertIsNone(deleted.content and deleted.content.message)

    def test_an_image_is_read_from_where_the_message_says_it_is(self):
        ann, ben = Person(self), Person(self)
        thread, bens = self.thread_of("Files", ann, ben)
        address = self.server.ready["endpoint"] + "chat/threads/" + urllib.parse.quote(thread.thread_id, safe="")
        version = "?api-version=2024-06-05-preview"
        status, uploaded = self.server.exchange(
            f"{address}/images{version}", ann.token.token, PIXEL, content_type="image/png", image_filename="pixel.png"
        )
        self.assertEqual(status, 201)
        body = {"content": "see", "attachments": [json.loads(uploaded)]}
        status, sent = self.server.exchange(
            f"{address}/messages{version}", ann.token.token, json.dumps(body).encode(), content_type="application/json"
        )
        self.assertEqual(status, 201)
        message = bens.get_message(json.loads(sent)["id"])
        (image,) = message.content.attachments
        self.assertEqual((image.id, image.name), (json.loads(uploaded)["id"], "pixel.png"))
        self.assertEqual(image.attachment_type, "image")
        self.assertEqual(self.server.exchange(image.url, ben.token.token), (200, PIXEL))
        self.assertEqual(self.server.exchange(image.preview_url, ben.token.token)[0], 200)
        self.assertEqual(self.server.exchange(image.url, Person(self).token.token)[0], 403)
        thread.delete_message(message.id)
        self.assertEqual(self.server.exchange(image.url, ben.token.token)[0], 404)

    # Participants.

    def test_participants_are_added_listed_and_removed(self):
        ann, ben, cem = Person(self), Person(self), Person(self)
        (thread,) = self.thread_of("Growing", ann)
        self.assertEqual(thread.add_participants([ben.participant(display_name="Ben"), cem.participant()]), [])
        pages = [list(page) for page in thread.list_participants(results_per_page=1).by_page()]
        self.assertEqual([len(page) for page in pages], [1, 1, 1])
        everybody = [page[0].identifier.properties["id"] for page in pages]
        self.assertEqual(set(everybody), {ann.id, ben.id, cem.id})
        skipped = [it.identifier.properties["id"] for it in thread.list_participants(skip=1)]
        self.assertEqual(skipped, everybody[1:])

        thread.remove_participant(ben.user)
        self.assertEqual(len(list(thread.list_participants())), 2)
        told = next(thread.list_messages())
        self.assertEqual(told.type, ChatMessageType.PARTICIPANT_REMOVED)
        self.assertEqual(told.content.participants[0].identifier.properties["id"], ben.id)
        self.assertEqual(told.content.initiator.properties["id"], ann.id)
        self.assert_refused(403, "Forbidden", lambda: ben.thread(thread.thread_id).send_message("still here?"))
        cem.thread(thread.thread_id).remove_participant(cem.user)
        self.assertEqual(len(list(thread.list_participants())), 1)

    # Typing and reading.

    def test_typing_is_told(self):
        (thread,) = self.thread_of("Typing", Person(self))
        self.assertIsNone(thread.send_typing_notification())
        self.assertIsNone(thread.send_typing_notification(sender_display_name="Ann"))

    def test_each_reader_has_one_receipt(self):
        ann, ben = Person(self), Person(self)
        thread, bens = self.thread_of("Reading", ann, ben)
        first, second = (thread.send_message(text).id for text in ("1", "2"))
        bens.send_read_receipt(first)
        bens.send_read_receipt(second)
        thread.send_read_receipt(second)
        receipts = list(thread.list_read_receipts())
        self.assertEqual(
            [(it.sender.properties["id"], it.chat_message_id) for it in receipts], [(ben.id, second), (ann.id, second)]
        )
        self.assert_now(receipts[0].read_on)
        pages = [list(page) for page in thread.list_read_receipts(results_per_page=1).by_page()]
        self.assertEqual([len(page) for page in pages], [1, 1])
        self.assertEqual(len(list(thread.list_read_receipts(skip=1))), 1)

    # Refusals.

    def test_what_is_not_ones_own_is_refused(self):
        ann, ben, eve = Person(self), Person(self), Person(self)
        thread, bens = self.thread_of("Private", ann, ben)
        sent = thread.send_message("Mine")
        strange = eve.thread(thread.thread_id)
        for call in (
            strange.get_properties,
            lambda: list(strange.list_messages()),
            lambda: strange.send_message("hello?"),
            lambda: strange.get_message(sent.id),
            lambda: eve.chat.delete_chat_thread(thread.thread_id),
            lambda: bens.update_message(sent.id, content="Ours"),
            lambda: bens.delete_message(sent.id),
        ):
            self.assert_refused(403, "Forbidden", call)
        self.assert_refused(404, "NotFound", lambda: thread.get_message("1700000000000"))

    def test_a_revoked_token_and_one_without_the_scope_are_refused(self):
        ann, voice = Person(self), Person(self, scopes=["voip"])
        self.assert_refused(403, "Forbidden", lambda: voice.chat.create_chat_thread("x"))
        self.identities.revoke_tokens(ann.user)
        self.assert_refused(401, "Unauthorized", lambda: ann.chat.create_chat_thread("x"))
        self.assert_refused(401, "Unauthorized", lambda: list(ann.chat.list_chat_threads()))

    def test_a_page_too_large_is_refused(self):
        ann = Person(self)
        with self.assertRaises(HttpResponseError) as refused:
            list(ann.chat.list_chat_threads(results_per_page=201))
        self.assertEqual(refused.exception.status_code, 400)

    def assert_now(self, moment):
        self.assertLess(abs(moment - datetime.datetime.now(UTC)), datetime.timedelta(minutes=1))


if __name__ == "__main__":
    unittest.main()
