"""Providers that call 1,000 times a second, while the worker that applies what they tell is killed and
replaced, and then the site itself: nothing that was answered is lost, and all is applied within seconds.
"""

import base64
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from emails import smtp_url
from figures import Figure
from installation import Installation
from loopback import free_port, postgres, redis, smtp_sink
from processes import family, seconds_of
from signed_calls import ACCOUNT, TOKEN, Sent, sendgrid_calls, sendgrid_key, twilio_calls, unknown_calls
from sizes import Sizes
from texts import twilio

from dispatcher.keyring import load_keyring
from dispatcher.rules.references import reference_of
from dispatcher.usecases.feedback.references import alert_salt

_RATE = 1000  # calls a second
_CONNECTIONS = 32
_A_BATCH = 20  # emails that one call of SendGrid's tells about
_BATCHES = 50  # one call in so many is such a batch
_REPLACED_AFTER = 1.0  # seconds, as whatever watches over processes takes
_APPLIED_WITHIN = 60.0  # seconds until we stop waiting
_CALLER = Path(__file__).with_name("caller.py")
_SENT = """
UPDATE messages SET status = 'sent', attempt = 1, chunk_number = NULL,
  provider_ref = CASE channel WHEN 'sms' THEN 'SM' || lpad(to_hex(id), 32, '0') ELSE 'message-' || id END;
UPDATE chunks SET open = false
"""
_MESSAGES = "SELECT id, alert_id, channel, subscriber_id FROM messages ORDER BY id"
_OLDEST = """
SELECT coalesce(extract(epoch FROM clock_timestamp() - min(taken_at)), 0), count(*)
FROM provider_events WHERE outcome IS NULL
"""


@dataclass(frozen=True, slots=True)
class Told:
    """Calls to make, and how many events they tell."""

    calls: Sequence[bytes]
    events: int


def measure(sizes: Sizes, folder: Path) -> Iterator[Figure]:
    """Once as fast as it goes; then twice at 1,000 a second, with a kill -9 midway."""
    port = free_port()
    public_url = f"http://127.0.0.1:{port}"
    with postgres() as database, redis() as queue, smtp_sink() as smtp, twilio(folder / "texts") as api:
        base = quote(f"http://127.0.0.1:{api}", safe="")
        ours = Installation(
            folder,
            database,
            queue,
            public_url=public_url,
            email_url=smtp_url(smtp, 1),
            sms_url=f"twilio://{ACCOUNT}:{TOKEN}@?from=%2B13125550100&api_base={base}",
            sms_hours="none",
            rate_sms="none",
            sendgrid_key=sendgrid_key(),
        )
        runs = _told(ours, public_url, sizes.called)
        empty = Told(list(unknown_calls(public_url, sizes.called // 2)), 0)
        with ours.site(port) as site, ours.worker(1):
            bare, bare_cost = _made(ours, port, empty, site)
            full, cost = _made(ours, port, runs[0], site)
        costs = f"{cost * 1e6:,.0f} / {bare_cost * 1e6:,.0f} us of a processor"
        words = f"{full:,.0f} a second / {bare:,.0f} of an empty answer; {costs}"
        yield Figure("callbacks", "calls a second, as fast as they are answered", full, words, _RATE)
        yield Figure("callbacks", "calls taken in / empty answers", full / bare, words)
        for what, told in zip(("worker", "site"), runs[1:], strict=True):
            yield from _killed(ours, port, told, what)


def _told(ours: Installation, public_url: str, number: int) -> list[Told]:
    """Three runs' calls about messages that look as if they had been sent."""
    texts, emails = 3 * number, 3 * (number // _BATCHES) * _A_BATCH
    ours.add_people(max(texts, emails), texts=True)
    ours.send("sms")
    ours.send("email")
    ours.query(_SENT)
    keys = load_keyring(ours.settings)
    found: dict[str, list[Sent]] = {"sms": [], "email": []}
    for message, alert, channel, person in ours.query(_MESSAGES):
        found[channel].append(Sent(message, reference_of(message, alert_salt(keys, alert)), person))
    runs = []
    for run in range(3):
        some = found["sms"][run * number : (run + 1) * number - number // _BATCHES]
        calls = list(twilio_calls(public_url, some))
        mails = found["email"][run * emails // 3 : (run + 1) * emails // 3]
        batches = list(sendgrid_calls(public_url, mails, _A_BATCH))
        for place, batch in enumerate(batches):
            calls.insert(place * _BATCHES, batch)
        runs.append(Told(calls, len(some) + len(mails)))
    return runs


def _made(ours: Installation, port: int, told: Told, site: "subprocess.Popen[bytes]") -> tuple[float, float]:
    """Calls a second, and processor seconds of the site for each."""
    before, there = seconds_of(site.pid), _kept(ours)
    with _caller(ours, port, told, 0) as caller:
        said = _said(caller)
    taken = seconds_of(site.pid) - before
    assert _kept(ours) - there == told.events, (_kept(ours), there, told.events)
    _wait_until_applied(ours)
    return len(told.calls) / said["seconds"], taken / len(told.calls)


def _killed(ours: Installation, port: int, told: Told, what: str) -> Iterator[Figure]:
    there = _kept(ours)
    with ExitStack() as stack:
        site, worker = stack.enter_context(ours.site(port)), stack.enter_context(ours.worker(1))
        slowest = stack.enter_context(_watched(ours))
        caller = stack.enter_context(_caller(ours, port, told, _RATE))
        time.sleep(len(told.calls) / _RATE / 2)
        for process in family((worker if what == "worker" else site).pid):
            os.kill(process, signal.SIGKILL)
        time.sleep(_REPLACED_AFTER)
        stack.enter_context(ours.worker(1) if what == "worker" else ours.site(port))
        said = _said(caller)
        _wait_until_applied(ours)
    lost = there + told.events - _kept(ours)
    pace = len(told.calls) / said["seconds"]
    waits = sorted(said["waits"])
    answers = f"{pace:,.0f} calls a second, {said['again']} of them again; {told.events:,} events"
    name = f"{what} killed"
    yield Figure("callbacks", f"events lost, {name}", lost, answers, None, 0)
    yield Figure(
        "callbacks",
        f"seconds from taking to applied, {name}",
        max(slowest),
        "the oldest, looked at 4 times a second",
        None,
        10,
    )
    median = waits[len(waits) // 2]
    yield Figure(
        "callbacks",
        f"p99 of the answers, ms, {name}",
        waits[len(waits) * 99 // 100] * 1e3,
        f"median {median * 1e3:.1f} ms",
    )


@contextmanager
def _caller(ours: Installation, port: int, told: Told, rate: int) -> Iterator["subprocess.Popen[bytes]"]:
    file = ours.folder / "calls"
    file.write_bytes(b"\n".join(base64.b64encode(call) for call in told.calls))
    command = [sys.executable, str(_CALLER), str(port), str(file), str(_CONNECTIONS), str(rate)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)


def _said(caller: "subprocess.Popen[bytes]") -> dict[str, Any]:
    written, _ = caller.communicate(timeout=300)
    said: dict[str, Any] = json.loads(written)
    return said


def _kept(ours: Installation) -> int:
    return int(ours.query("SELECT count(*) FROM provider_events")[0][0])


def _wait_until_applied(ours: Installation) -> None:
    end = time.monotonic() + _APPLIED_WITHIN
    while ours.query(_OLDEST)[0][1]:
        if time.monotonic() > end:
            raise RuntimeError("Not everything was applied.")
        time.sleep(0.25)


@contextmanager
def _watched(ours: Installation) -> Iterator[list[float]]:
    """How long the oldest event that isn't applied has waited, each quarter of a second."""
    seen, ended = [0.0], threading.Event()

    def look() -> None:
        while not ended.wait(0.25):
            seen.append(float(ours.query(_OLDEST)[0][0]))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        ended.set()
        thread.join(10)
