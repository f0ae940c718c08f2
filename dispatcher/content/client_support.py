"""What mail clients don't show, as far as it breaks a message.

There is no kept package for Python of caniemail.com's tables (MIT, github.com/hteumeuleu/caniemail), so here
stands what matters of them: each entry by its page, https://www.caniemail.com/features/<page>/, looked up in
November 2026. What clients leave out without harm, such as a round corner, isn't in it. "Outlook" alone is
Outlook for Windows, which lays out with Word.
"""

import re
from typing import NamedTuple


class Gap(NamedTuple):
    """Something that some clients don't know, and what to do instead."""

    what: str
    pattern: re.Pattern[str]  # of a declaration (`property: value`), an at-rule or an element's name
    clients: str
    instead: str
    page: str


def _gap(what: str, pattern: str, clients: str, instead: str, page: str) -> Gap:
    return Gap(what, re.compile(pattern), clients, instead, page)


_TABLES = "Lay it out with tables."
_VALUE = "Write the value itself."
_STILL = "Do without: the message must read well when nothing moves."
_FORM = "Link to a page that has the form."
_PAGE = "Link to the page."

DECLARATIONS = (
    _gap("position", r"position: (?:absolute|fixed|sticky)", "Gmail and Outlook", _TABLES, "css-position"),
    _gap("float", r"float: (?:left|right)", "Outlook", "Use align= on a table or picture.", "css-float"),
    _gap("flexbox", r"display: (?:inline-)?flex", "Outlook and Gmail's app", _TABLES, "css-display-flex"),
    _gap("grid", r"display: (?:inline-)?grid", "Outlook, Gmail and Yahoo", _TABLES, "css-display-grid"),
    _gap(
        "a background picture",
        r"background(?:-image)?: .*(?:url|gradient)\(",
        "Outlook",
        "Put the picture into the message as an <img>, or do without.",
        "css-background-image",
    ),
    _gap("a CSS variable", r"--|.*var\(", "Outlook, Gmail and Yahoo", _VALUE, "css-variables"),
    _gap("calc()", r".*calc\(", "Outlook, Outlook.com and Yahoo", _VALUE, "css-unit-calc"),
    _gap("an animation", r"animation", "Outlook, Gmail and Yahoo", _STILL, "css-animation"),
    _gap(
        "a negative margin",
        r"margin(?:-\w+)?: (?:.* )?-[\d.]",
        "Outlook, Outlook.com and Gmail",
        "Change the padding around it.",
        "css-margin",
    ),
)
AT_RULES = (
    _gap(
        "a web font",
        "@font-face",
        "Gmail, Outlook and Yahoo",
        "Name fonts that readers have.",
        "css-at-font-face",
    ),
    _gap(
        "@import",
        "@import",
        "Gmail, Outlook.com and Yahoo",
        "Put the styles into the layout.",
        "css-at-import",
    ),
)
ELEMENTS = (
    _gap("a form", "form", "Outlook, and Gmail and Yahoo on an iPhone,", _FORM, "html-form"),
    _gap(
        "a film",
        "video|audio",
        "Outlook, Gmail and Yahoo",
        "Show a picture that links to it.",
        "html-video",
    ),
    _gap("a drawing in SVG", "svg", "Outlook, Gmail and Yahoo", "Use a PNG picture.", "html-svg"),
    _gap("<link>", "link", "Gmail, Outlook.com and Yahoo", "Put the styles into the layout.", "html-link"),
)
# What every client takes out, and filters take for an attack.
FORBIDDEN = {
    "script": "Take it out: nothing runs in a message.",
    "iframe": _PAGE,
    "frame": _PAGE,
    "object": _PAGE,
    "embed": _PAGE,
    "applet": _PAGE,
    "base": "Take it out, and write whole addresses in the links.",
}
