"""Notices as messages: the catalogue's words with their gaps filled, in a frame of their own.

What a visitor typed in can stand in a gap, so it is made one line of plain text first; and in HTML it is
escaped. A notice belongs to no list, so no header of a list's is in it. `Auto-Submitted` keeps absence notes
away: a program wrote it (RFC 3834, section 5); but what staff answer to a person's reply a person wrote.
"""

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from dispatcher.content.catalogue import CHROME, SOURCE, catalogue_for, english
from dispatcher.content.cleaning import one_line
from dispatcher.content.dkim import DkimSigner
from dispatcher.content.headers import ascii_address, mailbox, unstructured
from dispatcher.content.locales import direction
from dispatcher.content.mime import answers_to, echo_of
from dispatcher.content.parts import Organisation
from dispatcher.content.quoted_printable import encode
from dispatcher.errors import RenderFailed
from dispatcher.paths import shipped
from dispatcher.rules import sms
from dispatcher.rules.references import reference_of_notice
from dispatcher.rules.rendered import RenderedEmail, RenderedSms
from dispatcher.rules.return_paths import reply_path, return_path
from dispatcher.rules.stop_line import tells_stop, with_stop_line

SECTION = "notice"
_PARTS = ("subject", "email", "button", "sms")
_LINK = "{link}"  # alone in a paragraph it is the button
_WORDS = "{words}"  # alone in a paragraph: what staff wrote, with its own lines and paragraphs
_HOTLINE = "{hotline}"  # an email's paragraph with it is left out where there is none
_WRITTEN_BY = {"received": b"Auto-Submitted: auto-replied\r\n", "answer": b""}
_BY_A_PROGRAM = b"Auto-Submitted: auto-generated\r\n"
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{3,248}>")
_BOUNDARY = "=_dispatcher_alternative"  # "=_" never occurs in quoted-printable (RFC 2045, section 6.7)


@dataclass(frozen=True, slots=True)
class NoticeWords:
    """One kind's words in one language, gaps still open. A notice may have no words for a channel."""

    language: str
    subject: str
    email: str  # paragraphs with empty lines between them
    button: str
    sms: str
    reply_stop: str  # under a text to a number that must be told


@dataclass(frozen=True, slots=True)
class NoticeRequest:
    """What a notice is made for: one address, one kind, and what its gaps say.

    `made_at` tells its Message-ID from that of another with the same number, in a database that was put back.
    """

    number: int  # message_id of what is handed over
    to: str
    kind: str
    language: str
    facts: Mapping[str, str]
    made_at: str = ""


def words_for(kind: str, language: str) -> NoticeWords:
    """The words of a kind, in the reader's language where all of them are there and reviewed, else in
    English.

    Raises RenderFailed for a kind that there are no words for.
    """
    ours = english()
    catalogue = catalogue_for(language)
    if catalogue is None or not (catalogue.reviewer or catalogue.language == SOURCE):
        catalogue = ours
    wanted = ours.section(SECTION).keys() & {f"{kind}_{part}" for part in _PARTS}
    if not wanted:
        raise RenderFailed(reason="no such notice", detail=f": {kind}")
    if not catalogue.section(SECTION).keys() >= wanted:
        catalogue = ours
    found = ours.section(SECTION) | catalogue.section(SECTION)
    return NoticeWords(
        language=catalogue.language,
        subject=found.get(f"{kind}_subject", ""),
        email=found.get(f"{kind}_email", ""),
        button=found.get(f"{kind}_button", "") or found["button"],
        sms=found.get(f"{kind}_sms", ""),
        reply_stop=(ours.section(CHROME) | catalogue.section(CHROME))["reply_stop"],
    )


class NoticeWriter:
    """Writes the notices of one organisation. `salt` is secret: Message-IDs that nobody can guess are made of
    it.
    """

    def __init__(
        self,
        organisation: Organisation,
        *,
        salt: bytes,
        bounces_to: str = "",
        dkim: DkimSigner | None = None,
        hotline: str = "",
        echoed: str = "",
        reply_to: str = "",
    ) -> None:
        """`echoed` is the header that the provider gives our reference back by, if it needs one."""
        self._organisation = organisation
        self._hotline = hotline
        self._salt = salt
        self._bounces_to = bounces_to
        self._dkim = dkim
        self._echoed = echoed
        self._reply_to = reply_to
        self._from = ascii_address(organisation.from_email)
        self._domain = self._from.rpartition("@")[2]

    def email(self, request: NoticeRequest) -> RenderedEmail:
        """The notice as an email's bytes. Raises RenderFailed, without personal data in it."""
        words = words_for(request.kind, request.language)
        if not (words.subject and words.email):
            raise RenderFailed(reason="no such notice", detail=f": {request.kind} by email")
        facts = self._facts(request)
        subject = one_line(_filled(words.subject, facts))
        reference = self._reference(request)
        headers = (
            mailbox("From", one_line(self._organisation.from_name), self._from),
            mailbox("To", "", ascii_address(request.to)),
            unstructured("Subject", subject),
            f"Date: {format_datetime(datetime.fromtimestamp(int(time.time()), UTC))}\r\n".encode(),
            f"Message-ID: <{reference}@{self._domain}>\r\n".encode(),
            *answers_to(one_line(self._organisation.from_name), reply_path(self._reply_to, reference)),
            *echo_of(reference, self._echoed),
            _WRITTEN_BY.get(request.kind, _BY_A_PROGRAM),
            _below(request.facts.get("in_reply_to", "")),
            b"MIME-Version: 1.0\r\n",
            f"Content-Language: {words.language}\r\n".encode(),
            f'Content-Type: multipart/alternative; boundary="{_BOUNDARY}"\r\n'.encode(),
        )
        body = self._body(words, subject, facts)
        signatures = self._dkim.signatures(self._domain, headers, body) if self._dkim else b""
        return RenderedEmail(
            message_id=request.number,
            to=ascii_address(request.to),
            envelope_from=return_path(self._bounces_to, reference) if self._bounces_to else self._from,
            mime=b"".join((signatures, *headers, b"\r\n", body)),
            reference=f"{reference}@{self._domain}",
            wire_ready=True,
        )

    def sms(self, request: NoticeRequest, *, stop_due: bool) -> RenderedSms:
        """The notice as a text; with `stop_due` it says how to stop. Raises RenderFailed."""
        words = words_for(request.kind, request.language)
        if not words.sms:
            raise RenderFailed(reason="no such notice", detail=f": {request.kind} by text")
        body = sms.normalise(_filled(words.sms, self._facts(request)))
        if stop_due:
            body = with_stop_line(body, words.reply_stop)
        if sms.length(body) > sms.MAX_LENGTH:
            raise RenderFailed(reason="the text is too long", detail="")
        return RenderedSms(
            message_id=request.number,
            to=request.to,
            body=body,
            segments=sms.segments(body),
            tells_stop=tells_stop(body),
            reference=self._reference(request),
        )

    def _reference(self, request: NoticeRequest) -> str:
        """What the notice is known by wherever it comes back to us."""
        return reference_of_notice(request.number, request.made_at, self._salt)

    def _facts(self, request: NoticeRequest) -> dict[str, str]:
        contact = self._organisation.from_email
        ours = {"org": self._organisation.from_name, "contact": contact, "hotline": self._hotline or contact}
        facts = {name: one_line(value) for name, value in {**ours, **request.facts}.items()}
        return facts | {"words": _own_lines(request.facts.get("words", ""))}

    def _body(self, words: NoticeWords, subject: str, facts: Mapping[str, str]) -> bytes:
        paragraphs = [
            paragraph.strip()
            for paragraph in words.email.split("\n\n")
            if self._hotline or _HOTLINE not in paragraph
        ]
        frame = {
            "language": words.language,
            "dir": direction(words.language),
            "subject": subject,
            "button": words.button,
            "link": facts.get("link", ""),
            "org": self._organisation,
        }
        parts = (
            ("plain", "notice.txt", [_filled(each, facts) for each in paragraphs]),
            ("html", "notice.html", [html for each in paragraphs for html in _as_html(each, facts)]),
        )
        pieces = []
        for kind, template, filled in parts:
            head = f"--{_BOUNDARY}\r\nContent-Type: text/{kind}; charset=utf-8\r\n"
            text = _environment().get_template(template).render(frame, paragraphs=filled)
            pieces.append(
                f"{head}Content-Transfer-Encoding: quoted-printable\r\n\r\n".encode() + encode(text)
            )
        return b"\r\n".join((*pieces, f"--{_BOUNDARY}--\r\n".encode()))


def _filled(text: str, facts: Mapping[str, str]) -> str:
    try:
        return text.format(**facts)
    except (KeyError, IndexError) as missing:
        raise RenderFailed(reason="a gap has nothing to say", detail=f": {missing}") from None


def _below(message_id: str) -> bytes:
    """What makes mail programs show it below the email that it answers (RFC 5322, section 3.6.4)."""
    if not _MESSAGE_ID.fullmatch(message_id):
        return b""
    return f"In-Reply-To: {message_id}\r\nReferences: {message_id}\r\n".encode()


def _own_lines(text: str) -> str:
    """What staff wrote: lines and paragraphs as they are, each line plain."""
    lines = "\n".join(one_line(line) for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def _as_html(paragraph: str, facts: Mapping[str, str]) -> Iterator[Markup | None]:
    """A paragraph, everything in it escaped; None for the button. Staff's words can be several."""
    if paragraph == _LINK:
        yield None
        return
    for words in facts["words"].split("\n\n") if paragraph == _WORDS else [""]:
        gaps = {
            name: Markup('<bdi dir="{}">{}</bdi>').format(_way(value), value)
            for name, value in {**facts, "words": words}.items()
        }
        filled = Markup(_filled(escape(paragraph), gaps))  # noqa: S704 - both were escaped
        yield filled.replace("\n", Markup("<br>"))


def _way(value: str) -> str:
    """Addresses, links and codes read from left to right in every language."""
    return "ltr" if value.isascii() else "auto"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    folders = [Path.cwd() / "templates" / "notices", shipped("templates", "notices")]
    return Environment(
        loader=FileSystemLoader(folders),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
