"""An HTTP server on loopback that answers as Twilio's Messages API does, or misbehaves as told, and keeps a
journal of every message that it took.
"""

import base64
import json
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, quote, urlsplit

ACCOUNT = "AC" + "0" * 32
TOKEN = "a-token-for-tests"
NUMBER = "+13125550100"
SERVICE = "MG" + "0" * 32

# What Twilio says with the codes that tests use.
WORDS = {
    20003: "Authenticate",
    20404: "The requested resource was not found",
    20429: "Too Many Requests",
    21211: "Invalid 'To' Phone Number: {to}",
    21408: "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: {to}",
    21610: "Attempt to send to unsubscribed recipient {to}",
    21611: "This 'From' number has exceeded the maximum number of queued messages",
    21614: "'To' number is not a valid mobile number: {to}",
    21617: "The concatenated message body exceeds the 1600 character limit",
}


@dataclass(frozen=True, slots=True)
class Text:
    """A message that was taken."""

    sid: str
    to: str
    body: str
    from_number: str | None
    messaging_service: str | None
    valid_for: int | None
    respelled: bool  # "smart encoding", as a messaging service has it unless told otherwise
    at: float  # time.monotonic()
    content_retention: str | None = None
    address_retention: str | None = None
    reports_to: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What becomes of one attempt, other than being taken."""

    code: int | None = None  # Twilio's error code
    status: int = 400
    headers: tuple[tuple[str, str], ...] = ()
    body: str | None = None  # instead of Twilio's JSON
    silence: float = 0.0  # seconds before anything is said
    hang_up: bool = False  # instead of an answer
    taken: bool = False  # the text goes out all the same


def error(code: int, status: int = 400) -> Answer:
    """A refusal with one of Twilio's codes."""
    return Answer(code=code, status=status)


def too_many(retry_after: int | None = None) -> Answer:
    """429, which was not processed."""
    headers = () if retry_after is None else (("Retry-After", str(retry_after)),)
    return Answer(code=20429, status=429, headers=headers)


def fault(status: int = 503, *, taken: bool = False) -> Answer:
    """A fault of theirs; the text may have gone out."""
    return Answer(status=status, body="<html>upstream error</html>", taken=taken)


def hang_up(*, taken: bool = False) -> Answer:
    """The connection ends instead of an answer."""
    return Answer(hang_up=True, taken=taken)


def silence(seconds: float, *, taken: bool = True) -> Answer:
    """The answer comes too late."""
    return Answer(silence=seconds, taken=taken, hang_up=True)


class TwilioServer:
    """`with TwilioServer() as server:`, then `server.url`, `server.answer(...)` and `server.texts`."""

    def __init__(self, *, latency: float = 0.0, status: str = "active", login: str = ACCOUNT) -> None:
        self.latency = latency  # seconds before each answer
        self.status = status  # how the account stands
        self.redacts = True  # what it was asked to forget it forgets
        self.login = login  # the user that is let in: the account's SID, or an API key's
        self.texts: list[Text] = []
        self.most_at_once = 0
        self.connections = 0
        self._under_way = 0
        self._answers: defaultdict[str, deque[Answer]] = defaultdict(deque)
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._http = _Server(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    @property
    def url(self) -> str:
        """For DISPATCH_SMS_URL."""
        account = "" if self.login == ACCOUNT else f"&account={ACCOUNT}"
        return f"twilio://{self.login}:{TOKEN}@?from={NUMBER}{account}&api_base={quote(self.base, safe='')}"

    @property
    def recipients(self) -> list[str]:
        """Everybody who got a text, in order, once for each."""
        return [text.to for text in self.texts]

    def answer(self, to: str, *answers: Answer) -> None:
        """Answer the next attempts for `to` with these, one each; afterwards as usual."""
        self._answers[to].extend(answers)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._http.shutdown()
        self._http.hang_up()
        self._http.server_close()
        self._thread.join(5)

    def create(self, form: dict[str, str]) -> tuple[Answer, dict[str, Any]]:
        """What the Messages resource does with a form: the answer told for this number, or 201."""
        to = form["To"]
        with self._lock:
            answer = self._answers[to].popleft() if self._answers[to] else None
            if answer is None and len(form.get("Body", "")) > 1600:
                answer = error(21617)
            text = self._take(form) if answer is None or answer.taken else None
        if answer is None:
            assert text is not None
            return Answer(status=201), _message(text)
        words = WORDS.get(answer.code or 0, "Something went wrong").format(to=to)
        return answer, {
            "code": answer.code,
            "message": words,
            "more_info": f"https://www.twilio.com/docs/errors/{answer.code}",
            "status": answer.status,
        }

    def account(self) -> dict[str, Any]:
        """The Account resource."""
        return {"sid": ACCOUNT, "status": self.status, "type": "Full", "friendly_name": "Fake"}

    def kept(self, sid: str) -> dict[str, Any] | None:
        """The Message resource as it is a day later."""
        text = next((text for text in self.texts if text.sid == sid), None)
        if text is None:
            return None
        words = "" if text.content_retention == "discard" and self.redacts else text.body
        hidden = text.address_retention == "obfuscate" and self.redacts
        return _message(text) | {"body": words, "to": f"{text.to[:-4]}XXXX" if hidden else text.to}

    def wait(self, seconds: float) -> None:
        """Sleep, but no longer than the server lives."""
        self._stopping.wait(seconds)

    def entered(self, by: int) -> None:
        """Count requests that are being answered at the same time."""
        with self._lock:
            self._under_way += by
            self.most_at_once = max(self.most_at_once, self._under_way)

    def _take(self, form: dict[str, str]) -> Text:
        valid_for = form.get("ValidityPeriod")
        text = Text(
            sid=f"SM{len(self.texts) + 1:032x}",
            to=form["To"],
            body=form.get("Body", ""),
            from_number=form.get("From"),
            messaging_service=form.get("MessagingServiceSid"),
            valid_for=int(valid_for) if valid_for else None,
            respelled=form.get("SmartEncoded") != "false",
            at=time.monotonic(),
            content_retention=form.get("ContentRetention"),
            address_retention=form.get("AddressRetention"),
            reports_to=form.get("StatusCallback"),
        )
        self.texts.append(text)
        return text

    def _handler(self) -> Callable[..., "_Request"]:
        return lambda *args: _Request(self, *args)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], handler: Callable[..., "_Request"]) -> None:
        super().__init__(address, handler)
        self._open: set[Any] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients hang up in tests; that is no news."""

    def hang_up(self) -> None:
        for request in list(self._open):
            self.shutdown_request(request)


class _Request(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, twilio: TwilioServer, *args: Any) -> None:
        self._twilio = twilio
        super().__init__(*args)

    def setup(self) -> None:
        super().setup()
        self._twilio.connections += 1

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if not self._known():
            self._say(401, {"code": 20003, "message": WORDS[20003], "status": 401})
        elif path == f"/2010-04-01/Accounts/{ACCOUNT}.json" and self._twilio.login == ACCOUNT:
            self._say(200, self._twilio.account())
        elif (kept := self._twilio.kept(path.rpartition("/")[2].removesuffix(".json"))) is not None:
            self._say(200, kept)
        elif path == f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json":
            self._say(200, {"messages": [], "page": 0, "page_size": 1, "next_page_uri": None})
        else:
            self._say(404, {"code": 20404, "message": WORDS[20404], "status": 404})

    def do_POST(self) -> None:
        form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        self._twilio.entered(1)
        try:
            self._twilio.wait(self._twilio.latency)
            self._create(form)
        finally:
            self._twilio.entered(-1)

    def _create(self, form: dict[str, str]) -> None:
        if not self._known():
            self._say(401, {"code": 20003, "message": WORDS[20003], "status": 401})
            return
        if self.path != f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json":
            self._say(404, {"code": 20404, "message": WORDS[20404], "status": 404})
            return
        answer, payload = self._twilio.create(form)
        self._twilio.wait(answer.silence)
        if answer.hang_up:
            self.close_connection = True
            return
        self._say(answer.status, payload, answer)

    def _known(self) -> bool:
        expected = base64.b64encode(f"{self._twilio.login}:{TOKEN}".encode()).decode()
        return self.headers.get("Authorization") == f"Basic {expected}"

    def _say(self, status: int, payload: dict[str, Any], answer: Answer | None = None) -> None:
        body = json.dumps(payload) if answer is None or answer.body is None else answer.body
        self.send_response(status)
        for name, value in answer.headers if answer else ():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
        """Nothing: the journal is what tests read."""


def _message(text: Text) -> dict[str, Any]:
    """The Message resource as it is right after creation."""
    return {
        "sid": text.sid,
        "account_sid": ACCOUNT,
        "status": "accepted" if text.messaging_service else "queued",
        "to": text.to,
        "from": text.from_number,
        "messaging_service_sid": text.messaging_service,
        "body": text.body,
        "num_segments": "1",
        "error_code": None,
        "error_message": None,
        "direction": "outbound-api",
    }
