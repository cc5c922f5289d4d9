"""An endpoint between the program and the lab that does what bad endpoints do.

Each connection carries one request. `trouble(number, request)` is asked before it is passed on and after it was
answered; it may return one of the words below, or do something to the process that called.
"""
import re
import socket
import threading

PASS = "pass"                    # on to the lab, and its answer back
LOSE_REQUEST = "lose request"    # closed after reading, never passed on
LOSE_ANSWER = "lose answer"      # done by the lab, but the answer is lost
HTML = "html"                    # a proxy's page instead of an answer
SILENT = "silent"                # accepted, read, never answered
THROTTLED = "throttled"          # refused by AWS's gate, never passed on

RATE_EXCEEDED = b"<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>"


class TroubledEndpoint:
    def __init__(self, lab_endpoint, trouble):
        host, port = lab_endpoint.removeprefix("http://").split(":")
        self.lab = (host, int(port))
        self.trouble = trouble
        self.requests = []
        self.ended = 0  # requests that were passed on and answered, or whatever was to be done to them
        self.open = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = "http://127.0.0.1:%d" % self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            with_request = self.read(client)
            if with_request:
                self.serve(client, with_request)
                self.ended += 1

    @staticmethod
    def read(connection):
        data = b""
        while b"\r\n\r\n" not in data:
            more = connection.recv(65536)
            if not more:
                return data
            data += more
        head, _, body = data.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: *(\d+)", head, re.I)
        while length and len(body) < int(length[1]):
            more = connection.recv(65536)
            if not more:
                break
            body += more
        return head + b"\r\n\r\n" + body

    @staticmethod
    def name_of(request):
        action = re.search(rb"Action=(\w+)", request)
        return action[1].decode() if action else "ListBuckets"

    @staticmethod
    def send(client, answer):
        try:
            client.sendall(answer)
        except OSError:
            pass  # the process was ended meanwhile

    def serve(self, client, request):
        name = self.name_of(request)
        self.requests.append(name)
        what = self.trouble(len(self.requests), name)
        if what == SILENT:
            self.open.append(client)
            return
        if what == HTML:
            page = b"<html><body>Access by order of the proxy</body></html>"
            self.send(client, b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(page) + page)
        elif what == THROTTLED:
            self.send(client, b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/xml\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(RATE_EXCEEDED) + RATE_EXCEEDED)
        elif what != LOSE_REQUEST:
            with socket.create_connection(self.lab) as lab:
                lab.sendall(request)
                answer = self.read(lab)
            if what != LOSE_ANSWER:
                self.send(client, answer)
        client.close()

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for connection in self.open:
            connection.close()
        self.thread.join()
