"""An endpoint before the lab that remembers who called what: by a long-term key, or by a session of one."""
import re
import socket

from troubled_endpoint import PASS, TroubledEndpoint


class RecordingEndpoint(TroubledEndpoint):
    def __init__(self, lab_endpoint):
        self.sessions = {}   # id: the key that it was minted from
        self.tokens = set()  # of these sessions
        self.calls = []      # "DeleteAccessKey by session of AKIA…"
        super().__init__(lab_endpoint, lambda number, name: PASS)

    def serve(self, client, request):
        signer = re.search(rb"Credential=(\w+)/\d+/", request)
        if signer:  # else it is only to see whether anybody answers
            by = signer[1].decode()
            minted_from = self.sessions.get(by)
            self.calls.append(f"{self.name_of(request)} by {'session of ' + minted_from if minted_from else by}")
        with socket.create_connection(self.lab) as lab:
            lab.sendall(request)
            answer = self.read(lab)
        minted = re.search(rb"<AccessKeyId>(ASIA\w+)</AccessKeyId>.*<SessionToken>([^<]+)</SessionToken>", answer, re.S)
        if minted:
            self.sessions[minted[1].decode()] = by
            self.tokens.add(minted[2])
        self.send(client, answer)
        client.close()
