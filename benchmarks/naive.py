"""The baseline: what most write first. One Celery task a recipient, which reads the person, renders, inlines
the CSS by premailer, builds an EmailMessage, opens a connection, sends, and records it.

An ordinary, careful version of that: acknowledged early, no results kept, templates compiled once a process,
pooled database connections. `naive_rate` runs it; Celery imports this module for its worker.
"""

import os
import re
import smtplib
import subprocess
import sys
import time
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import make_msgid
from functools import cache
from pathlib import Path

from celery import Celery
from crowd import html_body, text_body
from jinja2 import Environment, Template
from loopback import postgres, redis, smtp_sink
from premailer import transform
from sqlalchemy import Engine, create_engine, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from dispatcher.content.palette import ACCENT, painted
from dispatcher.paths import shipped

_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Benchmark alerts</title>
STYLES
</head><body>
<table role="presentation" class="page" width="100%"><tr><td class="gutter">
<table role="presentation" class="sheet" align="center">
<tr><td class="masthead"><p class="masthead-list">Benchmark alerts</p></td></tr>
<tr><td class="words">
BODY
<p><a class="button-link" href="https://example.org/act">Call</a></p>
</td></tr>
<tr><td class="footer"><p><a class="leave" href="{{ leave_url }}">Leave this list</a></p>
<p>Benchmark, 1 Main Street, Springfield</p></td></tr>
</table></td></tr></table>
</body></html>
"""

app = Celery("naive", broker=os.environ.get("NAIVE_BROKER", ""))
app.conf.update(task_ignore_result=True, worker_hijack_root_logger=False)


class Base(DeclarativeBase):
    """Its own tables, in the clear."""


class Person(Base):
    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    first_name: Mapped[str]


class Sent(Base):
    __tablename__ = "sent"

    person_id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]


@app.task(name="naive.send")  # type: ignore[untyped-decorator]  # Celery has no types
def send(person_id: int) -> None:
    """One recipient's email."""
    with Session(engine()) as session:
        person = session.get_one(Person, person_id)
        values = {"first_name": person.first_name, "leave_url": f"https://example.org/leave/{person.id}"}
        message = EmailMessage()
        message["From"] = "Benchmark <alerts@example.org>"
        message["To"] = person.email
        message["Subject"] = f"{person.first_name}, one call today"
        message["Message-ID"] = make_msgid(domain="example.org")
        message["List-Unsubscribe"] = f"<{values['leave_url']}>"
        html, text = templates()
        message.set_content(text.render(values))
        message.add_alternative(transform(html.render(values)), subtype="html")
        with smtplib.SMTP("127.0.0.1", int(os.environ["NAIVE_SMTP_PORT"])) as smtp:
            smtp.send_message(message)
        session.add(Sent(person_id=person.id, at=datetime.now(UTC).replace(tzinfo=None)))
        session.commit()


@cache
def engine() -> Engine:
    """The process's pool of connections, made after the fork."""
    return create_engine(os.environ["NAIVE_DATABASE"])


@cache
def templates() -> tuple[Template, Template]:
    """HTML and text, with the style sheets of our own layout."""
    layout = painted(shipped("templates", "layouts", "email.html").read_text(), ACCENT, "email.html")
    styles = "\n".join(re.findall(r"^<style.*?</style>", layout, re.DOTALL | re.MULTILINE))
    page = _PAGE.replace("STYLES", styles).replace("BODY", html_body())
    html = Environment(autoescape=True).from_string(page)
    words = text_body() + "Call: https://example.org/act\n\nLeave: {{ leave_url }}\n"
    return html, Environment().from_string(words)  # noqa: S701 - plain text


def naive_rate(number: int, processes: int) -> float:
    """Messages a second, from the first task queued to the last row written."""
    with postgres() as database, redis() as queue, smtp_sink() as port:
        address = database.replace("postgresql://", "postgresql+psycopg://")
        given = {"NAIVE_DATABASE": address, "NAIVE_BROKER": queue, "NAIVE_SMTP_PORT": str(port)}
        os.environ |= given
        app.conf.broker_url = queue
        Base.metadata.create_all(engine())
        with Session(engine()) as session:
            session.add_all(_people(number))
            session.commit()
        worker = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "celery",
                "-A",
                "naive",
                "worker",
                f"--concurrency={processes}",
                "-l",
                "ERROR",
            ],
            cwd=Path(__file__).parent,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            send.delay(1)
            _wait_for(1)  # the worker is up and warm
            began = time.monotonic()
            for person_id in range(2, number + 1):
                send.delay(person_id)
            _wait_for(number)
            return (number - 1) / (time.monotonic() - began)
        finally:
            worker.terminate()
            worker.wait(60)
            engine().dispose()


def _people(number: int) -> list[Person]:
    return [
        Person(id=n, email=f"person{n}@domain{n % 50}.example", first_name=f"Person{n}")
        for n in range(1, number + 1)
    ]


def _wait_for(number: int) -> None:
    end = time.monotonic() + 60 + number / 5
    while True:
        with Session(engine()) as session:
            if session.scalar(select(func.count()).select_from(Sent)) == number:
                return
        if time.monotonic() > end:
            raise RuntimeError("The naive worker did not finish.")
        time.sleep(0.1)
