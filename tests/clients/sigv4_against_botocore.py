#!/usr/bin/env python3
"""Our Signature Version 4 against botocore's, on random requests.

Each request is signed by both; the Authorization headers must be equal to the last digit. Our verifier must
accept what botocore signed (by header, or as a presigned URL) and refuse it after one random change.

usage: sigv4_against_botocore.py SIGN_LINES [COUNT [SEED]]
"""
import copy
import datetime
import hashlib
import json
import random
import subprocess
import sys
from unittest import mock
from urllib.parse import quote, urlsplit

try:
    import botocore.session  # first: the one inside Debian's awscli cannot start with its signer
    from botocore import auth, awsrequest, credentials
except ImportError:
    try:
        import awscli  # answers for botocore when there is no other
        import botocore.session
        from botocore import auth, awsrequest, credentials
    except ImportError as missing:
        print(f"SKIP: no botocore here ({missing}); our signatures were compared with nobody's")
        sys.exit(77)

LETTERS = "abcXYZ019-_.~ !'()*+,;:=@&$/%?#[]é日本😀\"<>^`{|}\\"
HEADER_LETTERS = "abcXYZ019 \t,;=/é日本"


def frozen(text):
    """botocore's clock, stopped, in its old form and its new one."""
    now = datetime.datetime.strptime(text, "%Y%m%dT%H%M%SZ")
    if hasattr(auth, "get_current_datetime"):
        return mock.patch.object(auth, "get_current_datetime", lambda *_: now)

    class Stopped(datetime.datetime):
        @classmethod
        def utcnow(cls):
            return now

    return mock.patch.object(auth.datetime, "datetime", Stopped)


def some_text(rng, letters, longest):
    return "".join(rng.choice(letters) for _ in range(rng.randint(0, longest)))


def some_path(rng, service):
    segments = [rng.choice(["", ".", "..", "a", quote(some_text(rng, LETTERS, 6), safe="~"), "b;c:d@e+f(é)"])
                for _ in range(rng.randint(0, 5))]
    # An empty path goes over the wire as "/"; botocore's signer for S3 would sign it as the empty text.
    return "" if service != "s3" and rng.random() < 0.1 else "/" + "/".join(segments)


def some_query(rng):
    def encoded(text):
        return quote(text, safe="-_.~")

    names = [encoded(some_text(rng, LETTERS, 4)) for _ in range(3)]
    pairs = [rng.choice(names) + rng.choice(["", "=", "=" + encoded(some_text(rng, LETTERS, 5))])
             for _ in range(rng.randint(0, 6))]
    return "&".join(pairs)


def some_request(rng):
    service = rng.choice(["s3", "s3", "iam", "sts", "execute-api", "secretsmanager"])
    host = rng.choice(["iam.amazonaws.com", "127.0.0.1:4599", "bucket.s3.eu-west-1.amazonaws.com", "localhost:8080"])
    headers = [("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")] if rng.random() < 0.5 else []
    for _ in range(rng.randint(0, 4)):
        name = rng.choice(["X-Amz-Meta-One", "x-amz-meta-two", "My-Header", "A", "User-Agent", "Expect", "Range"])
        headers.append((name, some_text(rng, HEADER_LETTERS, 12)))
    body = some_text(rng, LETTERS, 40).encode()
    when = datetime.datetime(2013, 5, 24) + datetime.timedelta(seconds=rng.randint(0, 600_000_000))
    return {
        "method": rng.choice(["GET", "PUT", "POST", "DELETE", "HEAD"]),
        "scheme": rng.choice(["http", "https"]), "host": host, "path": some_path(rng, service), "query": some_query(rng),
        "headers": headers, "body": body, "payload_hash": hashlib.sha256(body).hexdigest(),
        "key_id": "AKIAIOSFODNN7EXAMPLE",
        "secret": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" + str(rng.randint(0, 9)),
        "token": some_text(rng, "abc/+=", 30) if rng.random() < 0.3 else "",
        "region": rng.choice(["us-east-1", "eu-central-1", "cn-north-1"]), "service": service,
        "date": when.strftime("%Y%m%dT%H%M%SZ"),
    }


def botocore_request(request, body):
    url = f"{request['scheme']}://{request['host']}{request['path']}"
    if request["query"]:
        url += "?" + request["query"]
    result = awsrequest.AWSRequest(request["method"], url, data=body)
    for name, value in request["headers"]:
        result.headers.add_header(name, value)
    return result


def as_received(request, signed):
    """What a server sees of a request that botocore signed."""
    url = urlsplit(signed.url)
    return {"do": "verify", "method": request["method"], "path": url.path, "query": url.query,
            "headers": [["Host", request["host"]]] + [list(pair) for pair in signed.headers.items()],
            "payload_hash": signed.headers.get("X-Amz-Content-SHA256", request["payload_hash"]),
            "secret": request["secret"]}


def signed_by_header(request):
    key = credentials.Credentials(request["key_id"], request["secret"], request["token"] or None)
    signer = auth.S3SigV4Auth if request["service"] == "s3" else auth.SigV4Auth
    signed = botocore_request(request, request["body"])
    with frozen(request["date"]):
        signer(key, request["service"], request["region"]).add_auth(signed)
    return signed


def presigned(request):
    key = credentials.Credentials(request["key_id"], request["secret"], request["token"] or None)
    signer = auth.S3SigV4QueryAuth if request["service"] == "s3" else auth.SigV4QueryAuth
    signed = botocore_request(request, b"")
    with frozen(request["date"]):
        signer(key, request["service"], request["region"]).add_auth(signed)
    received = as_received(request, signed)
    received["payload_hash"] = "UNSIGNED-PAYLOAD" if request["service"] == "s3" else hashlib.sha256(b"").hexdigest()
    return received


def header_place(received, name):
    return next(i for i, (n, _) in enumerate(received["headers"]) if n.lower() == name)


def changed(rng, received):
    """The same request with one thing changed, and what that was."""
    other = copy.deepcopy(received)
    changes = ["method", "path", "query", "body", "host", "secret"]
    if any(n.lower() == "authorization" for n, _ in received["headers"]):
        changes += ["date", "region", "signature", "signed headers"]
    what = rng.choice(changes)
    if what == "method":
        other["method"] = "PATCH"
    elif what == "path":
        other["path"] += "/zz"
    elif what == "query":
        other["query"] += "&zz=1"
    elif what == "body":
        other["payload_hash"] = hashlib.sha256(b"another body").hexdigest()
    elif what == "host":
        other["headers"][0][1] += ".example"
    elif what == "secret":
        other["secret"] += "x"
    elif what == "date":
        date = other["headers"][header_place(other, "x-amz-date")]
        date[1] = date[1][:-2] + ("0Z" if date[1][-2] != "0" else "1Z")
    else:
        authorization = other["headers"][header_place(other, "authorization")]
        if what == "region":
            region = authorization[1].split("/")[2]
            authorization[1] = authorization[1].replace(f"/{region}/", "/ap-northeast-1/")
        elif what == "signature":
            authorization[1] = authorization[1][:-1] + ("0" if authorization[1][-1] != "0" else "1")
        else:
            authorization[1] = authorization[1].replace("host;", "")
    return what, other


def main():
    program, count, seed = sys.argv[1], int((sys.argv[2:] or [2000])[0]), int((sys.argv[3:] or [20260131])[0])
    rng = random.Random(seed)
    lines, expected = [], []

    def ask(line, answer, about):
        lines.append(json.dumps(line))
        expected.append((answer, about))

    for number in range(count):
        request = some_request(rng)
        signed = signed_by_header(request)
        ours = {k: v for k, v in request.items() if k not in ("body", "scheme", "host")}
        ours["headers"] = [["Host", request["host"]]] + [list(pair) for pair in request["headers"]]
        ask({"do": "sign", **ours}, signed.headers["Authorization"], f"request {number} signed")
        received = presigned(request) if rng.random() < 0.25 else as_received(request, signed)
        ask(received, "accepted", f"request {number} verified")
        what, other = changed(rng, received)
        ask(other, "refused", f"request {number} with another {what}")

    run = subprocess.run([program], input="\n".join(lines) + "\n", capture_output=True, text=True, check=True)
    answers = run.stdout.splitlines()
    wrong = [(about, line, answer, got) for line, (answer, about), got in zip(lines, expected, answers)
             if answer != got]
    for about, line, answer, got in wrong[:5]:
        print(f"{about}\n  input    {line}\n  expected {answer}\n  got      {got}")
    if wrong or len(answers) != len(lines):
        print(f"{len(wrong)} of {len(lines)} answers are wrong, {len(lines) - len(answers)} are missing (seed {seed})")
        return 1
    print(f"{count} requests: the same signatures, all accepted, all changes refused (seed {seed})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
