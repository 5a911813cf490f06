"""Starts the real server for tests in Python. Needs OPENLINE_SERVER_BIN."""

import json
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request


class Server:
    """The real server on free ports with an empty data directory."""

    def __init__(self):
        binary = os.environ.get("OPENLINE_SERVER_BIN")
        if not binary:
            sys.exit("Set OPENLINE_SERVER_BIN to the openline-server binary (cargo build -p openline-server).")
        self.data_dir = tempfile.mkdtemp(prefix="openline-clients-")
        self.log = open(os.path.join(self.data_dir, "server.log"), "wb")
        arguments = ["dev", "--http-port", "0", "--https-port", "0", "--data-dir", self.data_dir]
        # Tests send faster than people do.
        env = {**os.environ, "OPENLINE_CHAT__RATE_LIMITS__ENABLED": "false"}
        self.process = subprocess.Popen([binary, *arguments], stdout=subprocess.PIPE, stderr=self.log, env=env)
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"The server ended before it was ready, with {self.process.wait()}.")
        self.ready = json.loads(line)

    def trust(self):
        """Makes clients of this process trust the server's authority."""
        # requests reads the first, ssl (urllib, aiohttp) the second.
        os.environ["REQUESTS_CA_BUNDLE"] = self.ready["caCertificate"]
        os.environ["SSL_CERT_FILE"] = self.ready["caCertificate"]

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()
        self.log.close()
        shutil.rmtree(self.data_dir)

    def status_with(self, token):
        """The status of a data-plane request with this token."""
        return self.exchange(self.ready["endpoint"] + "chat/threads?api-version=2024-03-07", token)[0]

    def exchange(self, url, token, body=None, **headers):
        """Status and body of a request with this token: a POST where it has a body."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(url, body, {"authorization": f"Bearer {token}", **headers})
        context = ssl.create_default_context(cafile=self.ready["caCertificate"])
        try:
            with urllib.request.urlopen(request, context=context) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as error:
            error.close()
            return error.code, b""
