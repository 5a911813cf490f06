"""The published PyPI identity client, blocking and asyncio, against the real server.

Needs OPENLINE_SERVER_BIN, and a Python with the packages of requirements.txt.
"""

import asyncio
import base64
import datetime
import json
import unittest

from azure.communication.identity import (
    CommunicationIdentityClient,
    CommunicationTokenScope,
    CommunicationUserIdentifier,
)
from azure.core.credentials import AzureKeyCredential
from azure.core.exceptions import HttpResponseError

from support.server import Server

CHAT = [CommunicationTokenScope.CHAT]


class IdentityTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.server.trust()
        cls.client = CommunicationIdentityClient.from_connection_string(cls.server.ready["connectionString"])

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def assert_refused(self, status, call):
        with self.assertRaises(HttpResponseError) as refused:
            call()
        self.assertEqual(refused.exception.status_code, status)

    def test_creates_an_identity(self):
        user = self.client.create_user()
        self.assertTrue(user.properties["id"].startswith("8:acs:"))

    def test_creates_an_identity_with_a_token_that_is_good(self):
        user, token = self.client.create_user_and_token(CHAT)
        self.assertTrue(user.properties["id"].startswith("8:acs:"))
        self.assertEqual(self.server.status_with(token.token), 200)
        self.assert_near(token.expires_on, 24 * 60)

    def test_a_token_s_payload_can_be_decoded_with_the_plain_alphabet(self):
        _, token = self.client.create_user_and_token([CommunicationTokenScope.CHAT, CommunicationTokenScope.VOIP])
        payload = token.token.split(".")[1].encode("ascii")
        payload += b"=" * (-len(payload) % 4)
        claims = json.loads(base64.b64decode(payload, validate=True).decode("ascii"))
        self.assertEqual(claims["scp"], 1792)
        self.assertEqual(claims["iss"], self.server.ready["endpoint"])

    def test_issues_a_token_with_a_validity_of_its_own(self):
        user = self.client.create_user()
        token = self.client.get_token(user, CHAT, token_expires_in=datetime.timedelta(minutes=60))
        self.assert_near(token.expires_on, 60)
        self.assertEqual(self.server.status_with(token.token), 200)

    def test_a_revoked_token_is_refused_and_the_next_one_is_good(self):
        user, token = self.client.create_user_and_token(CHAT)
        self.assertEqual(self.server.status_with(token.token), 200)
        self.client.revoke_tokens(user)
        self.assertEqual(self.server.status_with(token.token), 401)
        self.assertEqual(self.server.status_with(self.client.get_token(user, CHAT).token), 200)

    def test_the_tokens_of_a_deleted_identity_are_refused(self):
        user, token = self.client.create_user_and_token(CHAT)
        self.client.delete_user(user)
        self.assertEqual(self.server.status_with(token.token), 401)
        self.assert_refused(404, lambda: self.client.get_token(user, CHAT))

    def test_an_unknown_identity_is_not_found(self):
        stranger = CommunicationUserIdentifier("8:acs:nobody_at-all")
        self.assert_refused(404, lambda: self.client.revoke_tokens(stranger))

    def test_a_missing_scope_and_a_validity_out_of_range_are_refused(self):
        user = self.client.create_user()
        self.assert_refused(400, lambda: self.client.get_token(user, None))
        self.assert_refused(400, lambda: self.client.get_token(user, ["no.such.scope"]))
        short = datetime.timedelta(minutes=59)
        self.assert_refused(400, lambda: self.client.get_token(user, CHAT, token_expires_in=short))

    def test_another_access_key_is_refused(self):
        credential = AzureKeyCredential(base64.b64encode(b"another key").decode())
        stranger = CommunicationIdentityClient(self.server.ready["endpoint"], credential)
        self.assert_refused(401, stranger.create_user)

    def test_a_key_credential_works_with_and_without_the_slash_of_the_endpoint(self):
        key = self.server.ready["connectionString"].split("accesskey=", 1)[1]
        for endpoint in [self.server.ready["endpoint"], self.server.ready["endpoint"].rstrip("/")]:
            client = CommunicationIdentityClient(endpoint, AzureKeyCredential(key))
            self.assertTrue(client.create_user().properties["id"])

    def test_the_asyncio_client_does_the_same(self):
        from azure.communication.identity.aio import CommunicationIdentityClient as AsyncClient

        async def run():
            async with AsyncClient.from_connection_string(self.server.ready["connectionString"]) as client:
                user, token = await client.create_user_and_token(CHAT)
                self.assertEqual(self.server.status_with(token.token), 200)
                await client.revoke_tokens(user)
                self.assertEqual(self.server.status_with(token.token), 401)
                next_token = await client.get_token(user, CHAT)
                self.assertEqual(self.server.status_with(next_token.token), 200)
                await client.delete_user(user)
                self.assertEqual(self.server.status_with(next_token.token), 401)

        asyncio.run(run())

    def assert_near(self, expires_on, minutes_from_now):
        now = datetime.datetime.now(tz=datetime.timezone.utc)
        minutes = (datetime.datetime.fromisoformat(expires_on) - now).total_seconds() / 60
        self.assertAlmostEqual(minutes, minutes_from_now, delta=minutes_from_now * 0.05)


if __name__ == "__main__":
    unittest.main()
