#!/usr/bin/python3
"""The lab beside moto, beside a bare server of the same library, and beside itself with a million users.

usage: lab.py KEYTIDE BARE_SERVER MANY_USERS [PAIRS]
"""
import os
import pathlib
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

os.environ["KEYTIDE"] = str(pathlib.Path(sys.argv[1]).resolve())
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import botocore.exceptions

from paired import ratio
from stage import KEYTIDE, LEAST_POLICY, Lab, clean_environment

BARE_SERVER, MANY_USERS = sys.argv[2:4]
PAIRS = int(sys.argv[4]) if len(sys.argv) > 4 else 5
MILLION = 1_000_000


def signed_list_buckets(endpoint, key):
    request = botocore.awsrequest.AWSRequest("GET", endpoint + "/", headers={"Host": endpoint.removeprefix("http://")})
    botocore.auth.S3SigV4Auth(botocore.credentials.Credentials(*key), "s3", "us-east-1").add_auth(request)
    return dict(request.headers.items())


def per_second(endpoint, key, seconds=3):
    """By a load generator that is not the bottleneck: signed once, a request a connection at a time."""
    headers = [part for name, value in signed_list_buckets(endpoint, key).items() for part in ("-H", f"{name}: {value}")]
    said = subprocess.run(["wrk", "-t1", "-c8", f"-d{seconds}s", *headers, endpoint + "/"], capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in said, said
    return float(re.search(r"Requests/sec: *([\d.]+)", said)[1])


class Moto:
    def __init__(self, folder, port=5998):
        self.endpoint = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(["moto_server", "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        env=clean_environment(folder) | {"INITIAL_NO_AUTH_ACTION_COUNT": "4"})
        self.client = lambda service, key=("x", "y"): Lab.client(self, service, key)
        while True:
            try:
                self.client("iam").list_users()
                return
            except botocore.exceptions.EndpointConnectionError:
                time.sleep(0.005)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def key_of_a_user_who_lists(endpoint):
    iam = endpoint.client("iam")
    iam.create_user(UserName="bob")
    iam.put_user_policy(UserName="bob", PolicyName="may", PolicyDocument=str(LEAST_POLICY).replace("'", '"'))
    made = iam.create_access_key(UserName="bob")["AccessKey"]
    return made["AccessKeyId"], made["SecretAccessKey"]


def raw_answer(endpoint, key):
    """As it comes over the wire."""
    host, port = endpoint.removeprefix("http://").split(":")
    head = "".join(f"{name}: {value}\r\n" for name, value in signed_list_buckets(endpoint, key).items())
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(f"GET / HTTP/1.1\r\n{head}Connection: close\r\n\r\n".encode())
        answer = b""
        while more := connection.recv(65536):
            answer += more
    return answer.replace(b"Connection: close\r\n", b"")


class Bare:
    def __init__(self, folder, answer):
        reply = folder / "reply"
        reply.write_bytes(answer)
        self.process = subprocess.Popen([BARE_SERVER, reply], stdout=subprocess.PIPE, text=True)
        self.endpoint = f"http://127.0.0.1:{self.process.stdout.readline().strip()}"

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def resident_mebibytes(process):
    return int(re.search(r"^VmRSS:\s+(\d+) kB", pathlib.Path(f"/proc/{process.pid}/status").read_text(), re.M)[1]) / 1024


def first_answer(folder):
    """Milliseconds from exec to the first answer of a signed request, which is asked for as soon as there is a port. The
    key is given, so that nothing has to be read first."""
    key = ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    (folder / "root").write_text(f"AWS_ACCESS_KEY_ID={key[0]}\nAWS_SECRET_ACCESS_KEY={key[1]}\n")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    headers = signed_list_buckets(f"http://127.0.0.1:{port}", key)
    request = ("GET / HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n").encode()
    begun = time.monotonic()
    process = subprocess.Popen([KEYTIDE, "lab", "--listen", f"127.0.0.1:{port}", "--env-file", folder / "first.env", "--root-key-file", folder / "root"],
                               stdout=subprocess.DEVNULL, env=clean_environment(folder))
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port)) as connection:
                connection.sendall(request)
                assert connection.recv(65536).startswith(b"HTTP/1.1 200"), "refused"
            break
        except ConnectionRefusedError:
            continue
    took = (time.monotonic() - begun) * 1000
    mebibytes = resident_mebibytes(process)
    process.send_signal(signal.SIGTERM)
    process.wait()
    return took, mebibytes


def moto_start(folder):
    begun = time.monotonic()
    return Moto(folder), (time.monotonic() - begun) * 1000


def many_users(users):
    told = subprocess.run([MANY_USERS, str(users)], capture_output=True, text=True, check=True).stdout
    print(told.strip(), flush=True)
    return {name: int(value) for name, value in (part.split("=") for part in told.split())}


def main():
    has_moto = shutil.which("moto_server") is not None
    if not has_moto:
        print("SKIP: moto_server is not installed: the lab stands beside no peer")
    starts, sizes, moto_starts, rates, peers, bares = [], [], [], [], [], []
    for _ in range(PAIRS):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="keytide-bench-"))
        start, size = first_answer(folder)
        starts.append(start)
        sizes.append(size)
        lab = Lab(folder)
        key = key_of_a_user_who_lists(lab)
        bare = Bare(folder, raw_answer(lab.endpoint, key))
        rates.append(per_second(lab.endpoint, key))
        bares.append(per_second(bare.endpoint, key))
        bare.stop()
        lab.stop()
        if has_moto:
            moto, took = moto_start(folder)
            moto_starts.append(took)
            peers.append(per_second(moto.endpoint, key_of_a_user_who_lists(moto)))
            moto.stop()
        shutil.rmtree(folder)
    print(f"an empty account: {statistics.median(sizes):.3g} MiB resident")
    peer = ratio_to_peer = 0
    if has_moto:
        ratio("milliseconds to the first answered signed request, lab beside moto", starts, moto_starts)
        ratio_to_peer = ratio("signed ListBuckets a second, permissions enforced, lab beside moto", rates, peers, "more")
        peer = statistics.median(peers)
    bare_ratio = ratio("signed ListBuckets a second, lab beside a bare server that says the same bytes", rates, bares, "more")
    many = many_users(MILLION)
    print(f"with a million users a client waits {many['p50_ns'] / many['few_p50_ns']:.3g} times as long as with ten (p50), "
          f"{many['p99_ns'] / many['few_p99_ns']:.3g} times (p99); the lab's own work takes {many['lab_p50_ns'] / many['lab_few_p50_ns']:.3g} times as long (p50)")
    print(f"lab: first_answer_ms={statistics.median(starts):.1f} requests_per_s={statistics.median(rates):.0f} "
          f"peer_requests_per_s={peer:.0f} ratio={ratio_to_peer:.3g} bare_ratio={bare_ratio:.2f} "
          f"p99_growth_1e6={many['p99_ns'] / many['few_p99_ns']:.2f}")


main()
