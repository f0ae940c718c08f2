"""The Atom feed of alerts (RFC 4287): ids that never change, words as plain text."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from dispatcher.rules.urls import ServiceUrl
from dispatcher.usecases.archive.shelf import Entry

FEED_TYPE = "application/atom+xml; charset=utf-8"
_ATOM = "http://www.w3.org/2005/Atom"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, section 2.2
_BEFORE_ANY = datetime(2026, 1, 1, tzinfo=UTC)  # when a feed without alerts was last changed
_SINCE = "2026"  # a tag's year, in which its name was ours (RFC 4151, section 2.1)


def atom(entries: Sequence[Entry], *, title: str, author: str, language: str, site: ServiceUrl) -> bytes:
    """The document: the words of each alert's newest version in a language, the text before the email."""
    base = str(site)
    feed = ET.Element("feed", {"xmlns": _ATOM, _LANG: language})
    _add(feed, "id", f"tag:{site.host},{_SINCE}:alerts")
    _add(feed, "title", title)
    _add(feed, "updated", max((entry.alert.updated for entry in entries), default=_BEFORE_ANY).isoformat())
    _add(ET.SubElement(feed, "author"), "name", author)
    ET.SubElement(feed, "link", rel="self", type="application/atom+xml", href=f"{base}/feed.atom")
    ET.SubElement(feed, "link", rel="alternate", type="text/html", href=f"{base}/texts")
    for entry in entries:
        _entry(feed, entry, language, site)
    document: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return document


def _entry(feed: ET.Element, entry: Entry, language: str, site: ServiceUrl) -> None:
    wording = entry.wording(language)
    if wording is None:
        return
    alert = entry.alert
    item = ET.SubElement(feed, "entry", {_LANG: wording.language})
    _add(item, "id", f"tag:{site.host},{_SINCE}:alerts/{alert.alert_id}")
    _add(item, "title", wording.subject or wording.sms.partition("\n")[0])
    _add(item, "published", alert.at.isoformat())
    _add(item, "updated", max(alert.updated, alert.at).isoformat())
    ET.SubElement(item, "link", rel="alternate", type="text/html", href=f"{site}/texts/{alert.alert_id}")
    _add(item, "content", wording.sms or wording.email).set("type", "text")


def _add(parent: ET.Element, name: str, words: str) -> ET.Element:
    child = ET.SubElement(parent, name)
    child.text = _NO_XML.sub("", words)
    return child
