"""What the recipes of docs/destinations/exec.md write to: GitLab's, CircleCI's and Kubernetes' APIs, as far as they need them.

Each keeps what it is given, checks who asks, and meets with `mishaps`, one for each write that comes, in their order, the last one until
all is well again: "" none, "refused", "lost" (it is done, and nobody says so), "beaten" (another writer is faster).

https://docs.gitlab.com/api/project_level_variables/
https://circleci.com/docs/api/v2/#tag/Project/operation/createEnvVar
https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/secret-v1/
"""
import http.server
import json
import re
import threading
import urllib.parse


class Api(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @classmethod
    def start(cls, test, tls=None):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), cls)
        server.mishaps, server.writes = [], 0
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        test.addCleanup(server.server_close)
        test.addCleanup(server.shutdown)
        server.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
        return server

    def say(self, status, told):
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def written(self):
        return self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()

    def write(self, refused, do):
        """`do` says (status, answer)."""
        mishaps = self.server.mishaps or [""]
        mishap = mishaps.pop(0) if len(mishaps) > 1 else mishaps[0]
        if mishap == "refused":
            return self.say(*refused)
        if mishap == "beaten":
            self.server.another_writes()
        answer = do()
        self.server.writes += answer[0] < 300
        if mishap == "lost":
            self.close_connection = True
        else:
            self.say(*answer)

    def log_message(self, *_):
        pass


class Gitlab(Api):
    """server.variables: a list, since one key may be there for several environments."""

    def variable(self):
        found = re.fullmatch(r"/api/v4/projects/4711/variables/(\w+)", self.path)
        if self.headers["PRIVATE-TOKEN"] != self.server.token:
            self.say(401, {"message": "401 Unauthorized"})
        elif not found:
            self.say(404, {"message": "404 Project Not Found"})
        else:
            known = [each for each in self.server.variables if each["key"] == found[1]]
            if len(known) == 1:
                return known[0]
            self.say(*((409, {"message": "409 There are multiple variables with provided parameters. Please use 'filter[environment_scope]'"})
                       if known else (404, {"message": "404 Variable Not Found"})))

    def do_GET(self):
        if variable := self.variable():
            self.say(200, variable | ({"value": None} if variable["hidden"] else {}))

    def do_PUT(self):
        told = urllib.parse.parse_qs(self.written(), strict_parsing=True)
        if variable := self.variable():
            def change():
                [value] = told["value"]
                if variable["masked"] and not re.fullmatch(r"[\w+/=@:.~-]{8,}", value):
                    return 400, {"message": {"value": ["is invalid"]}}
                variable["value"] = value
                return 200, variable
            self.write((403, {"message": "403 Forbidden"}), change)


class CircleCi(Api):
    """server.variables: name to value, which nobody is shown."""

    def do_POST(self):
        text = self.written()
        if self.headers["Circle-Token"] != self.server.token:
            return self.say(401, {"message": "You must log in first."})
        if self.path != "/api/v2/project/gh/acme/site/envvar":
            return self.say(404, {"message": "Project not found."})
        if self.headers["Content-Type"] != "application/json":
            return self.say(415, {"message": "Unsupported Media Type"})
        told = json.loads(text)

        def change():
            if set(told) != {"name", "value"}:
                return 400, {"message": "Invalid input."}
            self.server.variables[told["name"]] = told["value"]
            return 201, {"name": told["name"], "value": "xxxx" + told["value"][-4:], "created-at": "2026-01-31T12:00:00.000Z"}
        self.write((403, {"message": "Permission denied."}), change)


class Kubernetes(Api):
    """server.secret: the one in shop/aws; and what kubectl asks before it gets to it."""
    PATH = "/api/v1/namespaces/shop/secrets/aws"
    WRITE = {"x-kubernetes-group-version-kind": {"group": "", "version": "v1", "kind": "Secret"}, "responses": {},
             "parameters": [{"name": "fieldValidation", "in": "query", "schema": {"type": "string"}}]}
    ABOUT_ITSELF = {
        "/api": {"kind": "APIVersions", "versions": ["v1"]},
        "/apis": {"kind": "APIGroupList", "apiVersion": "v1", "groups": []},
        "/api/v1": {"kind": "APIResourceList", "groupVersion": "v1", "resources": [
            {"name": "secrets", "singularName": "secret", "namespaced": True, "kind": "Secret", "verbs": ["get", "update", "patch"]}]},
        "/openapi/v3": {"paths": {"api/v1": {"serverRelativeURL": "/openapi/v3/api/v1?hash=1"}}},
        "/openapi/v3/api/v1": {"openapi": "3.0.0", "info": {"title": "Kubernetes", "version": "1"}, "components": {}, "paths": {
            "/api/v1/namespaces/{namespace}/secrets/{name}": {"put": WRITE, "patch": WRITE}}},
    }

    def status(self, code, reason, message):
        return code, {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "reason": reason, "code": code, "message": message}

    def is_let_in(self):
        if self.headers["Authorization"] == f"Bearer {self.server.token}":
            return True
        self.say(*self.status(401, "Unauthorized", "Unauthorized"))

    def do_GET(self):
        path = self.path.split("?")[0]
        if not self.is_let_in():
            return
        if path == self.PATH:
            self.say(200, self.server.secret)
        elif path in self.ABOUT_ITSELF:
            self.say(200, self.ABOUT_ITSELF[path])
        else:
            self.say(*self.status(404, "NotFound", f'"{path}" not found'))

    def do_PUT(self):
        told = json.loads(self.written())
        if not self.is_let_in():
            return

        def change():
            now = self.server.secret["metadata"]["resourceVersion"]
            if self.path.split("?")[0] != self.PATH or told["metadata"].get("resourceVersion", now) != now:
                return self.status(409, "Conflict", 'Operation cannot be fulfilled on secrets "aws": the object has been modified')
            told["metadata"]["resourceVersion"] = str(int(now) + 1)
            self.server.secret = told
            return 200, told
        self.write(self.status(403, "Forbidden", 'secrets "aws" is forbidden: cannot update resource'), change)
