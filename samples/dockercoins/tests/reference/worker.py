"""A reference worker, written from the description of the interface alone: python3 worker.py RNG HASHER REDIS.

Each argument is HOST:PORT. Endless: 100 ms pause, 32 bytes from rng, their hash from hasher; a hash that begins with 0 is a
coin: HSET wallet HASH BYTES; once a second INCRBY hashes LOOPS. After an error it names the service, waits 10 s and goes on.
"""
import http.client
import socket
import sys
import time


class Redis:
    def __init__(self, address):
        host, port = address.split(":")
        self.socket = socket.create_connection((host, int(port)), timeout=2)
        self.answers = self.socket.makefile("rb")

    def integer(self, *words):
        request = b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words)
        self.socket.sendall(request)
        line = self.answers.readline()
        if not line.startswith(b":"):
            raise OSError("Redis answered %r" % line)
        return int(line[1:])


def request(address, method, path, body=None):
    connection = http.client.HTTPConnection(address, timeout=10)
    connection.request(method, path, body)
    answer = connection.getresponse()
    if answer.status != 200:
        raise OSError("status %d" % answer.status)
    content = answer.read()
    connection.close()
    return content


def work(rng, hasher, redis_address):
    service, redis, loops, report = "redis", None, 0, time.monotonic() + 1
    try:
        redis = Redis(redis_address)
        while True:
            time.sleep(0.1)
            service = "rng"
            random_bytes = request(rng, "GET", "/32")
            service = "hasher"
            digest = request(hasher, "POST", "/", random_bytes)
            service = "redis"
            if digest.startswith(b"0"):
                redis.integer(b"HSET", b"wallet", digest, random_bytes)
                print("coin", digest.decode(), flush=True)
            loops += 1
            if time.monotonic() >= report:
                redis.integer(b"INCRBY", b"hashes", b"%d" % loops)
                loops, report = 0, time.monotonic() + 1
    except (OSError, http.client.HTTPException) as error:
        print("%s: %s" % (service, error), flush=True)


while True:
    work(*sys.argv[1:4])
    time.sleep(10)
