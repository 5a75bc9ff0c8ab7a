"""A server with the shape of the OpenAI API: valid answers, counted requests, and faults on demand.

In a test: `with OpenAIServer() as server: …`. By itself, for measurements:
`python -m igny8_assets_tests.ai.openai_server --port 8080 --delay 0.5`.
"""

import argparse
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, ClassVar, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError

from igny8_assets.ai.functions import FUNCTIONS
from igny8_assets_tests.ai.faults import EVERY_KIND, Fault
from igny8_assets_tests.ai.served_answers import completion, embeddings
from igny8_assets_tests.ai.served_pictures import in_base64, picture


@dataclass(frozen=True)
class Received:
    """A request as it came: its function (see `OTHERS` for what is no text), header values and JSON body."""

    function: str
    path: str
    authorization: str
    body: dict[str, Any]


class OpenAIServer:
    """The server; everything that a test reads or sets is an attribute."""

    def __init__(
        self,
        *,
        port: int = 0,
        key: str | None = None,
        delay: float = 0.0,
        images_as: Literal["b64_json", "url"] = "b64_json",
        refused: Iterable[str] = (),
        at_once: int | None = None,
        counts_tokens: bool = True,
        fault_rate: float = 0.0,
        seed: int = 1,
        photographs: str | None = None,
    ) -> None:
        """Begin to listen on loopback.

        Args:
            port: 0 for any free port.
            key: the only key that is accepted; none: all are.
            delay: seconds that every good answer takes.
            images_as: how pictures come back.
            refused: words that a `response_format` may not hold (`json_schema`, `maxLength`); one that does is
                refused with 400.
            at_once: requests that are answered at the same time; one more is told to come back in a second.
            counts_tokens: whether answers say what they used.
            fault_rate: the part of all requests that meet a fault of any kind, by chance that `seed` fixes.
            photographs: pictures of this size (`WIDTHxHEIGHT`) are as heavy as photographs; made before it listens.
        """
        self.photographs = photographs
        for colour in COLOURS if photographs else ():
            in_base64(photographs or "", colour, photographs=True)
        self.key, self.delay, self.images_as, self.refused = key, delay, images_as, tuple(refused)
        self.at_once, self.counts_tokens = at_once, counts_tokens
        self.fault_rate, self.chance = fault_rate, random.Random(seed)
        self.met: Counter[str] = Counter()
        self.busy = self.most_at_once = self.turned_away = 0
        self.arrivals: list[float] = []
        self.faults: list[Fault] = []
        self.received: list[Received] = []
        self.fetched: list[Received] = []
        self.counts: Counter[str] = Counter()
        self.lock = threading.Lock()
        self.stopped = threading.Event()
        handler = type("BoundHandler", (Handler,), {"owner": self})
        self.http = Server(("127.0.0.1", port), handler)
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def origin(self) -> str:
        """The address without a path."""
        return f"http://127.0.0.1:{self.http.server_port}"

    @property
    def base_url(self) -> str:
        """The address for IGNY8_OPENAI_BASE_URL."""
        return self.origin + "/v1"

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopped.set()
        self.http.shutdown()
        self.http.server_close()

    def begin(self) -> bool:
        """Let a request in, if there is room."""
        with self.lock:
            if self.at_once is not None and self.busy >= self.at_once:
                self.turned_away += 1
                return False
            self.arrivals.append(time.monotonic())
            self.busy += 1
            self.most_at_once = max(self.most_at_once, self.busy)
            return True

    def end(self) -> None:
        """A request was answered."""
        with self.lock:
            self.busy -= 1

    def take_fault(self, function: str) -> Fault | None:
        """The first queued fault that this function's request has to meet."""
        with self.lock:
            for place, fault in enumerate(self.faults):
                if fault.function in {None, function}:
                    return self.faults.pop(place)
            if self.chance.random() >= self.fault_rate:
                return None
            fault = self.chance.choice(EVERY_KIND)
            self.met[f"{fault.kind} {fault.status if fault.kind == 'status' else fault.text[:12]}"] += 1
            return fault


class Server(ThreadingHTTPServer):
    """Threads that don't keep a test from ending, and room for many connections at once."""

    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay quiet: a client that gave up is a part of many tests."""


PICTURE = "the picture in base64"
"""Stands in an answer for the picture until it is sent."""
COLOURS = tuple(digit * 6 for digit in "0123456789abcdef")
"""The ground colours of its pictures."""
OTHERS = {"/v1/images/generations": "generate_images", "/v1/embeddings": "embed_keywords"}
"""What is asked for at other addresses than that of chat completions."""


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    owner: ClassVar[OpenAIServer]
    let_in = False
    picture = b""
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name in the parent class
        """Say nothing."""

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        with self.owner.lock:
            self.owner.fetched.append(Received("", path, self.headers.get("Authorization", ""), {}))
        if path == "/health":
            self.reply(200, {"status": "ok"})
        elif path == "/counts":
            owner = self.owner
            seen = {"counts": dict(owner.counts), "turned_away": owner.turned_away, "most_at_once": owner.most_at_once}
            seen["met"] = dict(owner.met)
            self.reply(200, seen)
        elif path.startswith("/pictures/"):
            _, _, colour, size = path.removesuffix(".png").split("/")
            self.send(200, picture(size, colour), "image/png")
        elif path.startswith("/large/"):
            self.send(200, bytes(int(path.rpartition("/")[2]) * 1_000_000), "image/png")
        else:
            self.reply(404, {"error": {"message": "not found"}})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        given = self.headers.get("Authorization", "")
        function, asked = OTHERS.get(self.path), None
        if function is None and self.path != "/v1/chat/completions":
            self.reply(404, {"error": {"message": f"Invalid URL (POST {self.path})"}})
            return
        if function is None:
            try:
                function, asked = input_of(body)
            except ValueError as error:
                self.reply(400, {"error": {"message": str(error)}})
                return
        if not self.owner.begin():
            said = {"error": {"message": "Rate limit reached", "code": "rate_limit_exceeded"}}
            self.reply(429, said, {"Retry-After": "1"})
            return
        self.let_in = True
        try:
            self.answer(function, asked, given, body)
        finally:
            self.leave()

    def leave(self) -> None:
        """Make room for another, before this one's client can know that there is."""
        if self.let_in:
            self.let_in = False
            self.owner.end()

    def answer(self, function: str, asked: BaseModel | None, given: str, body: dict[str, Any]) -> None:
        """Answer a request that was let in."""
        with self.owner.lock:
            self.owner.received.append(Received(function, self.path, given, body))
            self.owner.counts[function] += 1
        if self.owner.key is not None and given != f"Bearer {self.owner.key}":
            said = f"Incorrect API key provided: {given.removeprefix('Bearer ')}."
            self.reply(401, {"error": {"message": said, "code": "invalid_api_key"}})
            return
        fault = self.owner.take_fault(function)
        if fault and self.breaks(fault):
            return
        # What the answer takes to make is part of the time that it takes.
        ready = time.monotonic() + self.owner.delay + (fault.seconds if fault and fault.kind == "slow" else 0)
        if asked is None:
            made = self.pictures(body, fault) if function == "generate_images" else embeddings(body, fault)
            if not self.owner.counts_tokens:
                made.pop("usage", None)
            self.owner.stopped.wait(max(0.0, ready - time.monotonic()))
            self.reply(200, made)
        elif word := next((word for word in self.owner.refused if word in str(body.get("response_format"))), None):
            said = f"Invalid schema for response_format: '{word}' is not permitted."
            self.reply(400, {"error": {"message": said, "param": "response_format"}})
        else:
            made = completion(asked, body["model"], fault)
            if not self.owner.counts_tokens:
                made.pop("usage", None)
            self.owner.stopped.wait(max(0.0, ready - time.monotonic()))
            self.reply(200, made)

    def breaks(self, fault: Fault) -> bool:
        """Make a fault that is not a whole answer; whether it was one."""
        if fault.kind == "status":
            self.reply(fault.status, fault.body, fault.headers)
        elif fault.kind == "hang":
            self.leave()
            self.owner.stopped.wait()
            self.close_connection = True
        elif fault.kind == "closed":
            self.leave()
            self.close_connection = True
        elif fault.kind == "half":
            self.leave()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b'{"choices": [')
            self.wfile.flush()
            self.close_connection = True
        elif fault.kind == "invalid_json":
            self.send(200, b'{"choices": [', "application/json")
        elif fault.kind == "web_page":
            self.send(200, b"<!doctype html><p>Welcome", "text/html; charset=utf-8")
        else:
            return False
        return True

    def pictures(self, body: dict[str, Any], fault: Fault | None) -> dict[str, Any]:
        """The answer of the images API."""
        # Of few colours, so that a picture is made once and the machine is left to who asks.
        colour = COLOURS[sha256(body["prompt"].encode()).digest()[0] % len(COLOURS)]
        size = body.get("size") or "1024x1024"
        usage = {"input_tokens": len(body["prompt"].split()), "output_tokens": 1000}
        kind = fault.kind if fault else ""
        if kind == "no_picture":
            return {"created": int(time.time()), "data": []}
        if kind == "bad_base64":
            one = {"b64_json": "not base64!"}
        elif kind == "picture_gone":
            one = {"url": f"{self.owner.origin}/gone.png"}
        elif kind == "large_picture" and fault:
            one = {"url": f"{self.owner.origin}/large/{fault.seconds:.0f}"}
        elif self.owner.images_as == "url":
            one = {"url": f"{self.owner.origin}/pictures/{colour}/{size}.png?signature=expires"}
        else:
            self.picture = in_base64(size, colour, photographs=size == self.owner.photographs)
            one = {"b64_json": PICTURE}
        return {"created": int(time.time()), "data": [one], "usage": usage}

    def reply(self, code: int, body: object, headers: dict[str, str] | None = None) -> None:
        """Answer with JSON; a picture is put into it as it is, so that the machine is left to who asks."""
        told = json.dumps(body).encode()
        self.send(code, told.replace(PICTURE.encode(), self.picture), "application/json", headers)

    def send(self, code: int, data: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        """Answer with bytes."""
        self.leave()
        self.send_response(code)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(data)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


def input_of(body: dict[str, Any]) -> tuple[str, BaseModel]:
    """The function that a request for text is for, and its input: the first whose input model takes the user's JSON."""
    user = next(message["content"] for message in body["messages"] if message["role"] == "user")
    named = body.get("response_format", {}).get("json_schema", {}).get("name")
    if named in FUNCTIONS:
        return named, FUNCTIONS[named].input.model_validate_json(user)
    for function in FUNCTIONS.values():
        try:
            return function.name, function.input.model_validate_json(user)
        except ValidationError:
            continue
    raise ValueError("the user message is not the input of any function")


def main() -> None:
    """Serve until interrupted."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--port", type=int, default=8080)
    reader.add_argument("--key", help="the only key that is accepted")
    reader.add_argument("--delay", type=float, default=0.0, help="seconds that every answer takes")
    reader.add_argument("--images-as", choices=("b64_json", "url"), default="b64_json")
    reader.add_argument("--at-once", type=int, help="requests that are answered at the same time")
    reader.add_argument("--fault-rate", type=float, default=0.0, help="the part of all requests that meet a fault")
    reader.add_argument("--seed", type=int, default=1)
    reader.add_argument("--photographs", metavar="SIZE", help="pictures of this size are as heavy as photographs")
    chosen = reader.parse_args()
    settings = {name: value for name, value in vars(chosen).items() if name != "port"}
    with OpenAIServer(port=chosen.port, **settings) as server:
        print(f"listening: IGNY8_OPENAI_BASE_URL={server.base_url}", flush=True)
        try:
            server.stopped.wait()
        except KeyboardInterrupt:
            print(dict(server.counts))


if __name__ == "__main__":
    main()
