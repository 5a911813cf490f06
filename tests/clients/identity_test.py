"""The published PyPI identity client, blocking and asyncio, against the real server.

Needs OPENLINE_SERVER_BIN, and a Python with the packages of requirements.txt.
"""

import asyncio
import base64
import datetime
import json
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import unittest
import urllib.error
import urllib.request

from azure.communication.identity import (
    CommunicationIdentityClient,
    CommunicationTokenScope,
    CommunicationUserIdentifier,
)
from azure.core.credentials import AzureKeyCredential
from azure.core.exceptions import HttpResponseError

CHAT = [CommunicationTokenScope.CHAT]


class Server:
    """The real server on free ports with an empty data directory."""

    def __init__(self):
        binary = os.environ.get("OPENLINE_SERVER_BIN")
        if not binary:
            sys.exit("Set OPENLINE_SERVER_BIN to the openline-server binary (cargo build -p openline-server).")
        self.data_dir = tempfile.mkdtemp(prefix="openline-clients-")
        self.log = open(os.path.join(self.data_dir, "server.log"), "wb")
        arguments = ["dev", "--http-port", "0", "--https-port", "0", "--data-dir", self.data_dir]
        self.process = subprocess.Popen([binary, *arguments], stdout=subprocess.PIPE, stderr=self.log)
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"The server ended before it was ready, with {self.process.wait()}.")
        self.ready = json.loads(line)

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()
        self.log.close()
        shutil.rmtree(self.data_dir)

    def status_with(self, token):
        """The status of a data-plane request with this token."""
        url = self.ready["endpoint"] + "chat/threads?api-version=2024-03-07"
        request = urllib.request.Request(url, headers={"authorization": f"Bearer {token}"})
        context = ssl.create_default_context(cafile=self.ready["caCertificate"])
        try:
            with urllib.request.urlopen(request, context=context) as response:
                return response.status
        except urllib.error.HTTPError as error:
            error.close()
            return error.code


class IdentityTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        # requests reads the first, ssl (urllib, aiohttp) the second.
        os.environ["REQUESTS_CA_BUNDLE"] = cls.server.ready["caCertificate"]
        os.environ["SSL_CERT_FILE"] = cls.server.ready["caCertificate"]
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
