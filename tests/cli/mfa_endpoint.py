"""An endpoint before the lab where IAM takes only sessions with MFA, and STS mints them for one-time codes.

The lab knows no sessions, so what a session signed is signed anew with the key that it was minted from; the secrets
of new keys are learned from the answers that pass by.
"""
import datetime
import re
import socket
import urllib.parse

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from troubled_endpoint import PASS, TroubledEndpoint


class MfaEndpoint(TroubledEndpoint):
    def __init__(self, lab_endpoint, serial, keys):
        self.serial = serial
        self.keys = dict(keys)  # id: secret
        self.codes = set()      # that the device has shown and nobody has used
        self.sessions = {}      # id: (token, the key that it was minted from)
        self.calls = []         # "DeleteAccessKey by session of AKIA…"
        super().__init__(lab_endpoint, lambda number, name: PASS)

    def serve(self, client, request):
        head, _, body = request.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
        if "Authorization" not in headers:  # only to see whether anybody answers
            self.pass_on(client, request)
            client.close()
            return
        signer = re.search(r"Credential=(\w+)/\d+/([\w-]+)/(\w+)/", headers["Authorization"])
        form = dict(urllib.parse.parse_qsl(body.decode()))
        name = self.name_of(request)
        token, minted_from = self.sessions.get(signer[1], (None, None))
        self.calls.append(f"{name} by {'session of ' + minted_from if minted_from else signer[1]}")
        if name == "GetSessionToken":
            self.answer(client, *self.mint(form, signer[1]))
        elif signer[3] == "iam" and (not minted_from or headers.get("X-Amz-Security-Token") != token):
            self.answer(client, 403, self.error("AccessDenied", "not authorized, with an explicit deny in an identity-based policy"))
        elif minted_from:
            self.pass_on(client, self.signed_anew(head, headers, body, minted_from, signer))
        else:
            self.pass_on(client, request)
        client.close()

    def mint(self, form, key_id):
        if form["SerialNumber"] != self.serial or form["TokenCode"] not in self.codes or key_id in self.sessions:
            return 403, self.error("AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code. ")
        self.codes.remove(form["TokenCode"])
        session = f"ASIAEXAMPLE{len(self.sessions):09}"
        self.sessions[session] = (f"token/of+{session}==", key_id)
        ends = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=int(form["DurationSeconds"]))
        return 200, (f"<GetSessionTokenResponse><GetSessionTokenResult><Credentials><AccessKeyId>{session}</AccessKeyId>"
                     f"<SecretAccessKey>secret-of-{session}</SecretAccessKey><SessionToken>token/of+{session}==</SessionToken>"
                     f"<Expiration>{ends:%Y-%m-%dT%H:%M:%SZ}</Expiration></Credentials></GetSessionTokenResult></GetSessionTokenResponse>")

    def signed_anew(self, head, headers, body, key_id, signer):
        kept = {name: headers[name] for name in ("Host", "User-Agent", "Content-Type")}
        anew = AWSRequest("POST", "http://" + headers["Host"] + "/", headers=kept, data=body)
        SigV4Auth(Credentials(key_id, self.keys[key_id]), signer[3], signer[2]).add_auth(anew)
        lines = [head.split(b"\r\n")[0].decode(), *(f"{name}: {value}" for name, value in anew.headers.items()), f"Content-Length: {len(body)}"]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body

    def pass_on(self, client, request):
        with socket.create_connection(self.lab) as lab:
            lab.sendall(request)
            answer = self.read(lab)
        made = re.search(rb"<AccessKeyId>(\w+)</AccessKeyId>.*<SecretAccessKey>([^<]+)</SecretAccessKey>", answer, re.S)
        if made:
            self.keys[made[1].decode()] = made[2].decode()
        self.send(client, answer)

    @staticmethod
    def error(code, message):
        return f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"

    def answer(self, client, status, body):
        self.send(client, f"HTTP/1.1 {status} X\r\nContent-Type: text/xml\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}".encode())
