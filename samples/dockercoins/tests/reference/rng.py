"""A reference rng, written from the description of the interface alone: python3 rng.py PORT.

GET /N answers with N random bytes after 100 ms, one request at a time; GET / with one line that has the host's name.
"""
import http.server
import os
import socket
import sys
import time


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        word = self.path[1:]
        if word == "":
            self.answer(200, "text/plain", b"reference rng on %s\n" % socket.gethostname().encode())
        elif word.isdigit() and 1 <= int(word) <= 1024 * 1024:
            time.sleep(0.1)
            self.answer(200, "application/octet-stream", os.urandom(int(word)))
        else:
            self.answer(400, "text/plain", b"ask for 1 to 1048576 bytes\n")

    def answer(self, status, kind, body):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *unused):
        pass


http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
