"""A Twilio of its own process: takes texts, each after a latency, and journals when they came.

Run as `python twilio_server.py LATENCY JOURNAL`. It says the port that it listens on; when it is stopped, it
writes a line for each text: the Unix seconds at which its request came, and its segments.
"""

import asyncio
import json
import signal
import socket
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import uvicorn

from dispatcher.rules.sms import segments

_ACCOUNT = {"status": "active", "type": "Full"}

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class Twilio:
    """The Messages resource, as an ASGI application."""

    def __init__(self, latency: float) -> None:
        self._latency = latency
        self.journal: list[tuple[float, int]] = []

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        came = time.time()
        form = parse_qs((await receive())["body"].decode())
        answer = self._taken(came, form) if scope["method"] == "POST" else _ACCOUNT
        await asyncio.sleep(self._latency)
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 201, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(answer).encode()})

    def _taken(self, came: float, form: dict[str, list[str]]) -> dict[str, str]:
        body = form["Body"][0]
        self.journal.append((came, segments(body)))
        return {"sid": f"SM{len(self.journal):032x}", "status": "queued", "to": form["To"][0], "body": body}


def main(latency: float, journal: Path) -> None:
    """Serve until SIGTERM."""
    twilio = Twilio(latency)
    listening = socket.create_server(("127.0.0.1", 0), backlog=1000)
    print(listening.getsockname()[1], flush=True)
    config = uvicorn.Config(twilio, log_level="warning", lifespan="off", access_log=False)
    signal.signal(signal.SIGTERM, lambda *_: None)  # what uvicorn raises again once it has ended
    uvicorn.Server(config).run(sockets=[listening])
    journal.write_text("".join(f"{at!r} {number}\n" for at, number in twilio.journal))


if __name__ == "__main__":
    main(float(sys.argv[1]), Path(sys.argv[2]))
