#!/usr/bin/env python3
"""The lab's verifier against botocore's signer, on random requests.

Each request (headers or presigned, plain bodies or aws-chunked ones, any region) is signed by botocore and must be
let in; the same request with one change must be refused. Let in means: whatever the service answers, it is no
refusal of a signature. Some are signed with temporary credentials, of a role that is assumed before each; a token that is
missing, another's, or has ended is refused in the service's own words although botocore signed it.

usage: lab_signatures.py LAB_LINES [COUNT [SEED]]
"""
import base64
import collections
import copy
import datetime
import hashlib
import hmac
import json
import random
import re
import subprocess
import sys
import zlib
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from sigv4_against_botocore import (HEADER_LETTERS, LETTERS, auth, awsrequest, credentials, frozen, header_place,
                                    some_path, some_query, some_text)

KEY_ID, SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
VERSIONS = {"iam": "2010-05-08", "sts": "2011-06-15", "cloudformation": "2010-05-15"}
UNSIGNED = "UNSIGNED-PAYLOAD"
SIGNED_CHUNKS = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
SIGNED_CHUNKS_TRAILER = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
UNSIGNED_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
FRAMINGS = [SIGNED_CHUNKS, SIGNED_CHUNKS_TRAILER, UNSIGNED_TRAILER]

REFUSALS = {
    "SignatureDoesNotMatch", "InvalidClientTokenId", "InvalidAccessKeyId", "IncompleteSignature",
    "MissingAuthenticationToken", "RequestTimeTooSkewed", "AuthorizationHeaderMalformed",
    "AuthorizationQueryParametersError", "AccessDenied", "XAmzContentSHA256Mismatch", "InvalidToken", "ExpiredToken",
    "IncompleteBody", "MalformedTrailerError", "InvalidChunkSizeError", "MissingContentLength", "InternalError",
}
# These say more than one thing, so that only a change may meet them.
REFUSALS_OF_CHANGES = REFUSALS | {"InvalidArgument", "InvalidRequest"}


class Lab:
    """The program lab_lines, asked one request at a time."""

    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, request, now):
        line = {k: request[k] for k in ("method", "path", "query", "headers")}
        line.update(body=request["body"].hex(), now=now.strftime("%Y-%m-%dT%H:%M:%SZ"))
        self.process.stdin.write(json.dumps(line) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().split(" ")
        if len(answer) != 3:
            sys.exit(f"the lab died of {line}")
        return int(answer[0]), answer[1], bytes.fromhex(answer[2])


def with_payload(signer, payload):
    """A signer of botocore's that puts `payload` where the body's hash would stand."""
    return type("Signer", (signer,), {"payload": lambda self, request: payload})


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def signing_key(secret, scope):
    key = ("AWS4" + secret).encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key


def chunked(rng, request, data, framing, trailer, signature, scope):
    """The body as aws-chunked, written here from AWS's page and not from the lab's code."""
    key, previous, wire = signing_key(request["secret"], scope), signature, b""

    def sign(kind, *parts):
        text = "\n".join(["AWS4-HMAC-SHA256-" + kind, request["date"], scope, previous, *parts])
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()

    cut = rng.choice([len(data), 8192, 9000])
    for chunk in [data[i:i + cut] for i in range(0, len(data), max(cut, 1))] + [b""]:
        wire += b"%x" % len(chunk)
        if framing != UNSIGNED_TRAILER:
            previous = sign("PAYLOAD", sha256(b""), sha256(chunk))
            wire += b";chunk-signature=" + previous.encode()
        wire += b"\r\n" + chunk + (b"\r\n" if chunk else b"")
    if trailer:
        wire += trailer.encode() + b"\r\n"
        if framing == SIGNED_CHUNKS_TRAILER:
            wire += b"x-amz-trailer-signature:" + sign("TRAILER", sha256((trailer + "\n").encode())).encode() + b"\r\n"
    return wire + b"\r\n"


class Role:
    """A role that may do everything, and the user who may assume it. The root user may not."""

    def __init__(self, lab):
        self.lab, self.key = lab, (KEY_ID, SECRET)
        begun = datetime.datetime(2013, 1, 2)
        user = "arn:aws:iam::123456789012:user/dave"
        self.ask("iam", begun, Action="CreateUser", UserName="dave")
        trust = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": user}, "Action": "sts:AssumeRole"}}
        self.ask("iam", begun, Action="CreateRole", RoleName="all", AssumeRolePolicyDocument=json.dumps(trust))
        self.ask("iam", begun, Action="AttachRolePolicy", RoleName="all", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
        made = self.ask("iam", begun, Action="CreateAccessKey", UserName="dave")
        self.key = made["AccessKeyId"], made["SecretAccessKey"]

    def ask(self, service, when, **parameters):
        body = urlencode(parameters | {"Version": VERSIONS[service]}).encode()
        request = {"service": service, "region": "us-east-1", "date": when.strftime("%Y%m%dT%H%M%SZ"), "method": "POST",
                   "key_id": self.key[0], "secret": self.key[1], "token": None, "host": "localhost", "path": "/", "query": "",
                   "payload": None, "presigned": False, "headers": [], "data": body}
        status, code, answer = self.lab.ask(as_sent(None, request), when)
        if status != 200:
            sys.exit(f"{parameters['Action']}: {status} {code} {answer}")
        return dict(re.findall(r"<(\w+)>([^<]+)</", answer.decode()))

    def assumed(self, when, seconds):
        """Key id, secret, token, and the end of the session."""
        given = self.ask("sts", when, Action="AssumeRole", RoleArn="arn:aws:iam::123456789012:role/all", RoleSessionName="some",
                         DurationSeconds=str(seconds))
        return (given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"], when + datetime.timedelta(seconds=seconds))


def some_request(rng, role):
    service = rng.choice(["s3", "s3", "s3", "iam", "sts", "cloudformation"])
    when = datetime.datetime(2013, 5, 24) + datetime.timedelta(seconds=rng.randint(0, 600_000_000))
    region = rng.choice(["us-east-1", "eu-central-1", "cn-north-1", "us-gov-west-1", "eusc-de-east-1", "anywhere-9"])
    key_id, secret, token, end = KEY_ID, SECRET, None, None
    if rng.random() < 0.3:
        lasts = rng.choice([900, 1800, 3600])
        key_id, secret, token, end = role.assumed(when - datetime.timedelta(seconds=rng.randrange(lasts)), lasts)
    request = {"service": service, "region": region, "date": when.strftime("%Y%m%dT%H%M%SZ"), "when": when,
               "key_id": key_id, "secret": secret, "token": token, "end": end,
               "method": rng.choice(["GET", "PUT", "POST", "DELETE", "HEAD"]),
               "host": rng.choice(["127.0.0.1:4599", "localhost:8080", "iam.amazonaws.com", "bucket.s3.amazonaws.com"]),
               "path": some_path(rng, service), "query": some_query(rng), "payload": None, "presigned": False}
    headers = []
    for _ in range(rng.randint(0, 4)):
        name = rng.choice(["X-Amz-Meta-One", "x-amz-meta-two", "My-Header", "A", "User-Agent", "Content-Type"])
        headers.append((name, some_text(rng, HEADER_LETTERS, 12)))
    data = some_text(rng, LETTERS, 40).encode()
    if service != "s3" and rng.random() < 0.5:
        request["method"] = "POST"
        data = f"Action=ListUsers&Version={VERSIONS[service]}&Marker={quote(some_text(rng, LETTERS, 5))}".encode()
    request["presigned"] = rng.random() < 0.25
    if service == "s3" and not request["presigned"]:
        request["payload"] = rng.choice([None, None, UNSIGNED] + FRAMINGS)
        if request["payload"] in FRAMINGS:
            data = (data * rng.randint(0, 700))[:rng.randint(0, 28_000)]
            headers += [("Content-Encoding", "aws-chunked"), ("x-amz-decoded-content-length", str(len(data)))]
            if request["payload"] != SIGNED_CHUNKS:
                headers.append(("x-amz-trailer", "x-amz-checksum-crc32"))
    request.update(headers=headers, data=data)
    return request


def signer_for(request):
    if request["service"] == "s3":
        signer = auth.S3SigV4QueryAuth if request["presigned"] else auth.S3SigV4Auth
        return with_payload(signer, request["payload"]) if request["payload"] else signer
    return auth.SigV4QueryAuth if request["presigned"] else auth.SigV4Auth


def as_sent(rng, request):
    """The request as botocore signs it and a server receives it."""
    url = f"http://{request['host']}{request['path']}" + ("?" + request["query"] if request["query"] else "")
    # botocore takes the body of a presigned POST for its query.
    body = b"" if request["presigned"] else request["data"]
    signed = awsrequest.AWSRequest(request["method"], url, data=body)
    for name, value in request["headers"]:
        signed.headers.add_header(name, value)
    key = credentials.Credentials(request["key_id"], request["secret"], request["token"])
    signer, more = signer_for(request), {}
    if request["presigned"]:
        more["expires"] = rng.choice([1, 60, 3600, 604800])
    with frozen(request["date"]):
        signer(key, request["service"], request["region"], **more).add_auth(signed)
    received = urlsplit(signed.url)
    sent = {"method": request["method"], "path": received.path or "/", "query": received.query, "body": body,
            "headers": [["Host", request["host"]]] + [list(pair) for pair in signed.headers.items()]}
    sent["expires"] = more.get("expires", 900)
    if request["payload"] in FRAMINGS:
        scope = f"{request['date'][:8]}/{request['region']}/s3/aws4_request"
        checksum = base64.b64encode(zlib.crc32(request["data"]).to_bytes(4, "big")).decode()
        trailer = None if request["payload"] == SIGNED_CHUNKS else f"x-amz-checksum-crc32:{checksum}"
        seed = signed.headers["Authorization"][-64:]
        sent["body"] = chunked(rng, request, request["data"], request["payload"], trailer, seed, scope)
    elif request["presigned"] and request["service"] == "s3":
        sent["body"] = request["data"]  # not signed
    return sent


def other_digit(text, place):
    return text[:place] + ("0" if text[place] != "0" else "1") + text[place + 1:]


def other_authorization(rng, request, sent, what):
    """The Authorization header, or the query of a presigned request, with another part."""
    parts = {"key id": ("AKIAIOSFODNN7EXAMPLE" if request["token"] else request["key_id"], "AKIAIOSFODNN7EXAMPLX"),
             "region": (request["region"], "mars-north-1"), "day": (request["date"][:8], "20110101"),
             "service": (request["service"] + "/aws4", "kms/aws4"), "terminator": ("aws4_request", "aws5_request")}
    if request["presigned"]:
        pairs = parse_qsl(sent["query"], keep_blank_values=True)
        names = {"signature": "X-Amz-Signature", "date": "X-Amz-Date", "signed headers": "X-Amz-SignedHeaders",
                 "expiry": "X-Amz-Expires"}
        place = next(i for i, (n, _) in enumerate(pairs) if n == names.get(what, "X-Amz-Credential"))
        name, value = pairs[place]
        if what == "signature":
            value = other_digit(value, rng.randrange(len(value)))
        elif what == "date":
            value = other_digit(value, len(value) - 2)
        elif what == "signed headers":
            value = ";".join(h for h in value.split(";") if h != "host") or "date"
        elif what == "expiry":
            value = str(int(value) + 1)
        else:
            value = value.replace(parts[what][0] if what != "key id" else request["key_id"], parts[what][1], 1)
        pairs[place] = (name, value)
        sent["query"] = "&".join(f"{quote(n, safe='-_.~')}={quote(v, safe='-_.~')}" for n, v in pairs)
        return
    field = sent["headers"][header_place(sent, "authorization")]
    if what == "signature":
        field[1] = other_digit(field[1], len(field[1]) - 1 - rng.randrange(64))
    elif what == "date":
        date = sent["headers"][header_place(sent, "x-amz-date")]
        date[1] = other_digit(date[1], len(date[1]) - 2)
    elif what == "signed headers":
        field[1] = field[1].replace("host;", "", 1)
    else:
        old, new = parts[what]
        field[1] = field[1].replace(request["key_id"] if what == "key id" else old, new, 1)


UNKNOWN_KEY = {True: "InvalidAccessKeyId", False: "InvalidClientTokenId"}  # to S3, and to the others
FOREIGN_TOKEN = {True: "InvalidToken", False: "InvalidClientTokenId"}
ENDED = {True: "ExpiredToken", False: "ExpiredToken"}


def with_other_token(rng, request, role):
    """Signed anew by botocore with a token that is not the key's or is good no more: what that was, the request, the time when
    it arrives, and the code that it is to be refused with."""
    other = dict(request)
    what = rng.choice(["missing", "another's", "ended"]) if request["token"] else "where none belongs"
    if what == "missing":
        other["token"], codes = None, UNKNOWN_KEY
    elif what == "ended":
        other["when"], codes = request["end"] + datetime.timedelta(seconds=rng.randint(0, 9_999)), ENDED
        other["date"] = other["when"].strftime("%Y%m%dT%H%M%SZ")
    else:
        other["token"], codes = role.assumed(request["when"], 900)[2], FOREIGN_TOKEN
    return f"a token, {what}", as_sent(rng, other), other["when"], codes[request["service"] == "s3"]


def changed(rng, request, sent, now):
    """The same request with one thing changed: what that was, the request, and the time when it arrives."""
    other, service = copy.deepcopy(sent), request["service"]
    kinds = ["method", "path", "query", "key id", "region", "day", "service", "terminator", "signature", "date",
             "signed headers", "too late", "too early", "header", "both carriers", "no signature"]
    if request["presigned"]:
        kinds.append("expiry")
    if (request["token"] or "") != "":
        kinds += ["token"] * 4
    if not request["presigned"] and request["payload"] != UNSIGNED:
        kinds += ["body"] * 3
    if service == "s3":
        kinds += ["header not signed", "header twice"]
    what = rng.choice(kinds)
    if what == "method":
        other["method"] = rng.choice([m for m in ("GET", "PUT", "POST", "DELETE", "HEAD") if m != other["method"]])
    elif what == "path":
        other["path"] += rng.choice(["/zz", "zz", "%20"]) if service != "s3" else rng.choice(["/", "/zz", "%20", "//"])
    elif what == "query":
        pairs = other["query"].split("&") if other["query"] else []
        place = rng.randrange(len(pairs)) if pairs and not request["presigned"] else None
        if place is None or rng.random() < 0.3:
            other["query"] += ("&" if pairs else "") + "zz=1"
        elif rng.random() < 0.5:
            other["query"] = "&".join(pairs[:place] + [pairs[place] + ("=z" if "=" not in pairs[place] else "z")]
                                      + pairs[place + 1:])
        else:
            other["query"] = "&".join(pairs + [pairs[place]])
    elif what == "header":
        other["headers"][0][1] += rng.choice([".example", "1", " x"])
    elif what == "header not signed":
        other["headers"].append(["X-Amz-Meta-Zz", "1"])
    elif what == "header twice":
        other["headers"].append(["Host", "localhost"])
    elif what == "token":
        if request["presigned"]:
            other["query"] = other["query"].replace("X-Amz-Security-Token=", "X-Amz-Security-Token=A", 1)
        else:
            other["headers"][header_place(other, "x-amz-security-token")][1] += "A"
    elif what == "both carriers":
        if request["presigned"]:
            other["headers"].append(["Authorization", f"AWS4-HMAC-SHA256 Credential={KEY_ID}/a/b/c/aws4_request, "
                                                      f"SignedHeaders=host, Signature={'0' * 64}"])
        else:
            other["query"] += ("&" if other["query"] else "") + "X-Amz-Algorithm=AWS4-HMAC-SHA256"
    elif what == "no signature":
        if request["presigned"]:
            other["query"] = "&".join(p for p in other["query"].split("&") if not p.startswith("X-Amz-"))
        else:
            del other["headers"][header_place(other, "authorization")]
    elif what == "body":
        # The last bytes of a chunked body are its empty line, which means nothing.
        place = rng.randrange(len(other["body"]) - 4) if len(other["body"]) > 4 else None
        if request["payload"] not in FRAMINGS or place is None:
            other["body"] += b"x"
        elif request["payload"] == UNSIGNED_TRAILER:
            other["body"] = other["body"][:place]  # its data is guarded by the checksum, which is not the gate's
        else:
            byte = other["body"][place] ^ 1
            other["body"] = other["body"][:place] + bytes([byte]) + other["body"][place + 1:]
    elif what == "too late":
        now = request["when"] + datetime.timedelta(seconds=sent["expires"] + rng.randint(1, 9_999))
    elif what == "too early":
        now = request["when"] - datetime.timedelta(seconds=rng.randint(901, 9_999))
    else:
        other_authorization(rng, request, other, what)
    return what, other, now


def main():
    program, count, seed = sys.argv[1], int((sys.argv[2:] or [10_000])[0]), int((sys.argv[3:] or [20260131])[0])
    rng, lab = random.Random(seed), Lab(program)
    role = Role(lab)
    tried, wrong = collections.Counter(), []
    for number in range(count):
        request = some_request(rng, role)
        sent = as_sent(rng, request)
        # Anywhere within the time that the signature is good for.
        now = request["when"] + datetime.timedelta(
            seconds=rng.choice([0, rng.randint(-900, 0), rng.randint(0, sent["expires"])]))
        if request["token"]:
            now = min(now, request["end"] - datetime.timedelta(seconds=1))
        status, code, body = lab.ask(sent, now)
        if code in REFUSALS:
            wrong.append((number, "as signed", sent, status, code, body))
        what, other, then = changed(rng, request, sent, now)
        tried[what] += 1
        status, code, body = lab.ask(other, then)
        if status < 400 or code not in REFUSALS_OF_CHANGES:
            wrong.append((number, "with another " + what, other, status, code, body))
        if request["token"] or rng.random() < 0.1:
            what, other, then, expected = with_other_token(rng, request, role)
            tried[what] += 1
            status, code, body = lab.ask(other, then)
            if code != expected and request["method"] != "HEAD":
                wrong.append((number, f"with {what} ({expected})", other, status, code, body))

    for number, about, line, status, code, body in wrong[:5]:
        print(f"request {number} {about}: {status} {code}\n  {line}\n  {body[:1500]!r}")
    if wrong:
        print(f"{len(wrong)} of {2 * count} answers are wrong (seed {seed})")
        return 1
    print(f"{count} requests let in, and refused after a change each (seed {seed}):",
          ", ".join(f"{what} {times}" for what, times in sorted(tried.items())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
