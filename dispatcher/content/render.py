"""An edition turned into messages: compiled once, rendered for one person after another."""

import secrets
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from jinja2 import Template

from dispatcher.content.cleaning import one_line, plain
from dispatcher.content.context import Person, same_for_all, variables
from dispatcher.content.dkim import DkimSigner
from dispatcher.content.edition import Frozen
from dispatcher.content.headers import ascii_address
from dispatcher.content.inline import inline_css
from dispatcher.content.mime import Letter, Skeleton
from dispatcher.content.own_links import VISITOR, OwnLinks, with_own_links
from dispatcher.content.quoted_printable import Encoder
from dispatcher.content.templating import compile_part, render_part, render_pieces
from dispatcher.errors import RenderFailed
from dispatcher.rules import sms
from dispatcher.rules.references import reference_of
from dispatcher.rules.rendered import RenderedEmail, RenderedSms
from dispatcher.rules.return_paths import reply_path, return_path
from dispatcher.rules.stop_line import tells_stop, with_stop_line
from dispatcher.rules.typographic import smart

__all__ = ["Compiled", "Person", "RenderFailed"]

_TEST = "TEST"


class Compiled:
    """Renders an edition. Keep one for each edition and process; it may be shared between threads.

    `salt` makes Message-IDs that nobody can guess and that stay the same on every attempt: give it
    something secret of the alert (such as `keys.address_key(f"message-id {alert_id}")`), so that a message
    that is tried again in a corrected edition keeps its own. `test` marks subject and texts, and gives a new
    Message-ID each time. Bounces go to a subaddress of `bounces_to`, answers to one of `reply_to`; or to the
    From address where these are empty. With `dkim` emails are signed. `echoed` is the header by which the
    provider gives our reference back, if it needs one (rules.providers). `short_links` are what texts say for
    the action link, by language, and `own_links` what emails have in place of their links.
    """

    def __init__(
        self,
        frozen: Frozen,
        *,
        test: bool = False,
        salt: bytes = b"",
        bounces_to: str = "",
        dkim: DkimSigner | None = None,
        echoed: str = "",
        reply_to: str = "",
        short_links: Mapping[str, str] | None = None,
        own_links: Mapping[str, OwnLinks] | None = None,
    ) -> None:
        self.frozen = frozen
        self._test = test
        self._salt = salt or bytes.fromhex(frozen.sha256)
        self._bounces_to = bounces_to
        self._dkim = dkim
        self._echoed = echoed
        self._reply_to = reply_to
        self._short_links = short_links or {}
        self._own_links = own_links or {}
        self._languages: dict[str, _Language] = {}

    def email(self, person: Person) -> RenderedEmail:
        """One person's email as bytes. Raises RenderFailed, without personal data in it, and nothing else."""
        language = self._language(person)
        reference = self._reference(person.message_id)
        values = language.variables(person)
        unnamed = self.frozen.sensitive or person.sensitive
        letter = Letter(
            reference=reference,
            to=person.to,
            display_name=one_line(f"{values['first_name']} {values['last_name']}"),
            subject=self._subject(language, values),
            text=language.encoder("text").encode(self._text(language, values)),
            html=language.encoder("html").encode(self._html(language, values)),
            list_name="" if unnamed else values["list_name"],
            one_click_url=one_line(person.one_click_url),
            leave_mail=person.leave_mail,
            reply_to=reply_path(self._reply_to, reference),
            campaign="" if unnamed else self.frozen.slug,
        )
        skeleton = language.skeleton
        return RenderedEmail(
            message_id=person.message_id,
            to=skeleton.recipient(letter),
            envelope_from=self._envelope_from(reference) or skeleton.from_email,
            mime=skeleton.assemble(letter),
            reference=f"{reference}@{skeleton.domain}",
            wire_ready=True,
        )

    def sms(self, person: Person) -> RenderedSms:
        """One person's text, and its segments. Raises RenderFailed, as `email` does."""
        language = self._language(person)
        values = language.variables(person)
        if link := self._short_links.get(person.language):
            values["action_url"] = link
        written = plain(render_part(language.part("sms"), values)).strip()
        if not written:
            raise RenderFailed(reason="text is empty", detail="")
        if person.stop_due:
            written = with_stop_line(written, self.frozen.languages[person.language].chrome["reply_stop"])
        body = sms.normalise(f"{_TEST}: {written}" if self._test else written)
        if self.frozen.smart_text:
            body = smart(body)
        if (length := sms.length(body)) > sms.MAX_LENGTH:
            raise RenderFailed(
                reason="text is too long", detail=f": {length} characters, {sms.MAX_LENGTH} fit"
            )
        return RenderedSms(
            person.message_id,
            person.to,
            body,
            sms.segments(body),
            tells_stop=tells_stop(body),
            private=self.frozen.sensitive or person.sensitive,
            reference=self._reference(person.message_id),
        )

    def preview_subject(self, person: Person) -> str:
        """The subject line that a person would get."""
        language = self._language(person)
        return self._subject(language, language.variables(person))

    def preview_html(self, person: Person) -> str:
        """The HTML that a person would get, for a browser."""
        language = self._language(person)
        return plain("".join(self._html(language, language.variables(person))))

    def preview_text(self, person: Person) -> str:
        """The plain-text part that a person would get."""
        language = self._language(person)
        return plain("".join(self._text(language, language.variables(person))))

    def _language(self, person: Person) -> "_Language":
        if person.language not in self._languages:
            if person.language not in self.frozen.languages:
                raise RenderFailed(reason="no such language", detail="")
            self._languages[person.language] = _Language(
                self.frozen,
                person.language,
                self._dkim,
                self._own_links.get(person.language, OwnLinks()),
                self._echoed,
            )
        return self._languages[person.language]

    def _subject(self, language: "_Language", values: dict[str, Any]) -> str:
        subject = one_line(render_part(language.part("subject"), values))
        if not subject:
            raise RenderFailed(reason="subject is empty", detail="")
        return f"{_TEST}: {subject}" if self._test else subject

    def _text(self, language: "_Language", values: dict[str, Any]) -> list[str]:
        text = render_pieces(language.part("text"), values)
        return [f"{_TEST}\n\n", *text] if self._test else text

    def _html(self, language: "_Language", values: dict[str, Any]) -> list[str]:
        html = render_pieces(language.part("html"), values)
        return [_inlined(plain("".join(html)))] if self.frozen.inline_each else html

    def _envelope_from(self, reference: str) -> str:
        return ascii_address(return_path(self._bounces_to, reference)) if self._bounces_to else ""

    def _reference(self, message_id: int) -> str:
        """The Message-ID without its domain. A test message's proves nothing: nobody acts on its bounce."""
        if self._test:
            return f"{message_id}.{secrets.token_hex(8)}"
        return reference_of(message_id, self._salt)


class _Language:
    """One language of an edition; each part is compiled when it is first needed."""

    def __init__(
        self, frozen: Frozen, name: str, dkim: DkimSigner | None, own: OwnLinks, echoed: str
    ) -> None:
        self._content = with_own_links(frozen.languages[name], own)
        self._same = same_for_all(name, self._content, frozen.organisation)
        self._action = own.instead_of(self._content.action_url)
        self._sender = frozen.organisation
        self._name = name
        self._dkim = dkim
        self._echoed = echoed
        self._compiled: dict[str, Template] = {}
        self._encoders: dict[str, Encoder] = {}

    @cached_property
    def skeleton(self) -> Skeleton:
        return Skeleton(
            from_name=one_line(self._sender.from_name),
            from_email=self._sender.from_email,
            language=self._name,
            dkim=self._dkim,
            echoed=self._echoed,
        )

    def variables(self, person: Person) -> dict[str, Any]:
        values = variables(person, self._same)
        values[VISITOR] = person.visitor_code
        if self._action:
            values["action_url"] = self._action + person.visitor_code
        return values

    def encoder(self, name: str) -> Encoder:
        """What the bodies of the part `name` are encoded by."""
        return self._encoders.setdefault(name, Encoder())

    def part(self, name: str) -> Template:
        """subject, html, text or sms."""
        if name not in self._compiled:
            source = getattr(self._content, name)
            if source is None:
                raise RenderFailed(reason="no such part in this language", detail=f": {name}")
            self._compiled[name] = compile_part(source, "body.html" if name == "html" else name)
        return self._compiled[name]


def _inlined(html: str) -> str:
    try:
        return inline_css(html)
    except Exception as error:  # noqa: BLE001 - whatever a parser can trip over; its words may hold merge data
        raise RenderFailed(reason="CSS can't be inlined", detail=f": {type(error).__name__}") from None
