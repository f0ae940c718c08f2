"""Links of an email that lead over our own pages, to be counted, and the picture that counts opens.

Whoever reads a link's words must see where it leads: a link that shows an address keeps it.
"""

import html as entities
import re
from dataclasses import dataclass, replace

from dispatcher.content.links import is_web, places_in_text
from dispatcher.content.parts import LanguageContent

VISITOR = "visitor_code"  # the variable behind each of our links: "", or which message it stands in

_BEHIND = f"{{{{ {VISITOR} }}}}"  # as Jinja
_LINK = re.compile(
    r"""(<a\b[^>]*?\bhref=(["']))((?:(?!\2).)+)(\2[^>]*>)(.*?)(?=</a\s*>)""", re.IGNORECASE | re.DOTALL
)
_TAG = re.compile(r"<[^>]*>")
_SHOWS_AN_ADDRESS = re.compile(r"https?:|www\.|\w\.(?:com|org|net|gov|edu|us|me|info)\b", re.IGNORECASE)
_JINJA = re.compile(r"\{[{%#]")
_BODY_END = re.compile(r"</body\s*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OwnLinks:
    """Ours for one language of an edition: pairs of a link as written and our address, and the picture's."""

    links: tuple[tuple[str, str], ...] = ()
    picture: str = ""

    def instead_of(self, link: str) -> str | None:
        """Our address for a link as written."""
        return dict(self.links).get(link)


def countable(content: LanguageContent) -> list[str]:
    """The links of an email that can be counted, each once: the action's, then the others as they come."""
    action = [content.action_url] if is_web(content.action_url) else []
    others = filter(_is_ours_to_take, _LINK.finditer(content.html or ""))
    return list(dict.fromkeys([*action, *(entities.unescape(link[3]) for link in others)]))


def with_own_links(content: LanguageContent, own: OwnLinks) -> LanguageContent:
    """The same words with our links in them, and the picture at the end of the HTML."""
    if own == OwnLinks():
        return content

    def in_html(link: "re.Match[str]") -> str:
        ours = own.instead_of(entities.unescape(link[3])) if _is_ours_to_take(link) else None
        return f"{link[1]}{ours}{_BEHIND}{link[4]}{link[5]}" if ours else link[0]

    html = _LINK.sub(in_html, content.html or "")
    if own.picture:
        picture = f'<img src="{own.picture}{_BEHIND}" width="1" height="1" alt="">'
        html = _BODY_END.sub(lambda end: picture + end[0], html, count=1)
    return replace(content, html=html, text=_in_text(content.text or "", own))


def _in_text(text: str, own: OwnLinks) -> str:
    for at, written in reversed(list(places_in_text(text))):
        if ours := own.instead_of(written):
            text = text[:at] + ours + _BEHIND + text[at + len(written) :]
    return text


def _is_ours_to_take(link: "re.Match[str]") -> bool:
    """Whether it is a plain web address whose words don't show one."""
    shown = _TAG.sub("", link[5])
    return is_web(link[3]) and not _JINJA.search(link[3]) and not _SHOWS_AN_ADDRESS.search(shown)
