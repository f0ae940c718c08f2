"""All that is held of one person, as a page to read in their language."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from dispatcher.content.catalogue import SOURCE, catalogue_for
from dispatcher.content.locales import direction, own_name
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import ConsentAct
from dispatcher.rules.moves import Status
from dispatcher.usecases.export_person import ABOUT, Record

# Dates, numbers and addresses, which would be turned round within a line of Arabic.
_LEFT_TO_RIGHT = re.compile(r"\d{4}-\d\d-\d\d|\+\d{7,15}|[^\s<>&;()]+@[^\s<>&;(),]+")
_ARRIVED = {Status.SENT, Status.DELIVERED, Status.COMPLAINED, Status.UNCERTAIN}


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page: its heading, and its lines."""

    heading: str
    lines: Sequence[str]


def sections(record: Record) -> list[Section]:
    """What a person reads, in their language where its words have a reviewer, else in English."""
    words = _words(record.language)
    entries = sum(map(len, record.more.values()))
    more = [words["further"].format(number=entries)] if entries else []
    found = [
        Section(words["about"], [*_about_lines(record, words)]),
        # Lists of one public name are one: how many there are is nobody's business.
        Section(words["lists"], [*dict.fromkeys(_list_lines(record, words))]),
        Section(words["agreed"], [*_consent_lines(record, words)]),
        Section(words["messages"], [*_message_lines(record, words)]),
        Section(words["more"], more),
    ]
    return [Section(one.heading, one.lines or [words["nothing"]]) for one in found]


def as_page(record: Record, *, stylesheet: str = "") -> str:
    """The sections as a page that needs nothing else: no script, no picture, nothing from the network but the
    path of a `stylesheet`, where one is given.
    """
    words, language = _words(record.language), _language(record.language)
    body = "".join(
        f"<h2>{html.escape(one.heading)}</h2>\n<ul>\n"
        + "".join(f"<li>{_written(line)}</li>\n" for line in one.lines)
        + "</ul>\n"
        for one in sections(record)
    )
    title = html.escape(words["title"])
    intro = _written(words["intro"].format(date=_day(record.at)))
    style = f'<link rel="stylesheet" href="{html.escape(stylesheet)}">\n' * bool(stylesheet)
    return (
        f'<!doctype html>\n<html lang="{html.escape(language)}" dir="{direction(language)}">\n<head>\n'
        '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="color-scheme" content="light dark">\n<title>{title}</title>\n{style}</head>\n<body>\n'
        f'<main class="narrow">\n<h1>{title}</h1>\n<p>{intro}</p>\n{body}</main>\n</body>\n</html>\n'
    )


def _written(line: str) -> str:
    return _LEFT_TO_RIGHT.sub(r'<bdi dir="ltr">\g<0></bdi>', html.escape(line))


def _words(language: str) -> dict[str, str]:
    english, own = catalogue_for(SOURCE), catalogue_for(_language(language))
    return (english.section("export") if english else {}) | (own.section("export") if own else {})


def _language(language: str) -> str:
    """Of the page: the person's, where its words have a reviewer."""
    own = catalogue_for(language)
    return language if own and own.reviewer else SOURCE


def _about_lines(record: Record, words: dict[str, str]) -> Iterator[str]:
    for name in ABOUT:
        value = record.about[name]
        if value:
            told = own_name(value) if name == "language" else value
            yield f"{words[name]}: {_day(told) if isinstance(told, datetime) else told}"
    for name, value in record.about["attributes"].items():
        yield f"{name}: {value}"
    for one in record.suppressions:
        yield words["blocked"].format(channel=_channel(one["channel"], words))


def _list_lines(record: Record, words: dict[str, str]) -> Iterator[str]:
    for one in record.subscriptions:
        if one["left_at"] is None:
            yield f"{one['list']} ({_channel(one['channel'], words)})"


def _consent_lines(record: Record, words: dict[str, str]) -> Iterator[str]:
    for one in record.consents:
        act = words["joined" if one["act"] is ConsentAct.JOINED else "left"]
        done = act.format(list=one["list"], channel=_channel(one["channel"], words))
        shown = f" {words['shown'].format(words=one['words_shown'])}" if one["words_shown"] else ""
        yield f"{_day(one['at'])}: {done} ({one['source']}).{shown}"


def _message_lines(record: Record, words: dict[str, str]) -> Iterator[str]:
    for one in record.messages:
        sent = words["sent" if one["status"] in _ARRIVED else "not_sent"]
        yield f"{_day(one['at'])}: {one['title']} ({_channel(one['channel'], words)}): {sent}"


def _channel(channel: Channel, words: dict[str, str]) -> str:
    return words[f"by_{channel}"]


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"
