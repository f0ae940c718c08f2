"""What a person wrote in answer to a message: without what they answer to, and without signatures.

Mail programs put the message that is answered below, with a line above it (`On Monday ... wrote:`) or with
its headers; or line by line behind `>`, with answers between. They say it in the language of whoever writes.
What isn't recognised stays: too much to read is better than words that are lost.

Libraries for this look through the whole text with patterns that backtrack (nine kilobytes made for it took
one of them a second and a half), and know no Arabic. Each pattern here looks at one line, or at a few joined.
"""

import re
from collections.abc import Iterator, Sequence

from dispatcher.bounces.mail import Part
from dispatcher.bounces.returned import read_by_people, text_of_html

LONGEST = 4_000  # characters of what a person wrote that are kept

_LONGEST_TEXT = 100_000  # characters that are looked at
_MOST_LINES = 1_500
_LONGEST_LINE = 1_000
_MOST_JOINED = 4  # lines that the words above a quote are wrapped over
_LONGEST_JOINED = 400
_HEADERS_WITHIN = 6  # lines

# Marks that change how a line runs and not what it says; programs put them beside Arabic.
_UNSEEN = dict.fromkeys(
    map(ord, "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")

_BEGINS = re.compile(
    r"""\W{0,3}(?:\d | on\b | el\b | le\b | em\b | am\b | il\b | in\sa\smessage\sdated\b
    | wiadomo[sś][cć]\snapisana\b | w\sdniu\b | dnia\b | noong\b | vào\b
    | (?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\b
    | (?:lun|mar|mi[eé]|jue|vie|s[aá]b|dom)[a-z]{0,6}\b
    | (?:pon|wt|[sś]r|czw|pt|sob|nie?dz?)[a-ząęłńóśźż]{0,9}\b
    | (?:пн|вт|ср|чт|пт|сб|нд|вс)\b | в\s | у\s | في\s | بتاريخ | يوم\s | بروز\s | 在 | 於 | 于)""",  # noqa: RUF001
    re.IGNORECASE | re.VERBOSE,
)
_WROTE = re.compile(
    r"""\bwrote\b | \bwrites\b | \bescribi[oó]\b | \bnapisa(?:[lł](?:\(a\)|a)?|na\b) | \bpisze\b
    | كتبت?\b | كتابة | \ba\s[eé]crit\b | \bescreveu\b | \bschrieb\b | \bha\sscritto\b | \bi?sinulat\b
    | \bđã\sviết\b | написа(?:в|ла|л) | пише\b | пишет\b | 写道 | 寫道 | 작성 | 썼
    | ने\sलिखा | लिखा | نے\sلکھا | تحریر""",  # noqa: RUF001
    re.IGNORECASE | re.VERBOSE,
)
_ADDRESS = re.compile(r"[^\s<>@]@[^\s<>@]")
_ENDS = (":", "\uff1a", ":*")
_FROM = re.compile(
    r"\W{0,3}(?:from|de|od|nadawca|von|da|от|від|من|منجانب|发件人|寄件者|보낸\s사람|प्रेषक|mula\skay)\s?:",
    re.IGNORECASE,
)
_OTHER_HEADER = re.compile(
    r"""\W{0,3}(?:sent|date|to|cc|subject | enviad[oa](?:\s\w{1,3})? | fecha | para | asunto
    | wys[lł]an[eo] | data | do | dw | temat | adresat | envoy[eé] | [aà] | objet | gesendet | an | betreff
    | تاريخ(?:\sالإرسال)? | التاريخ | أُ?رسلت | تم\sالإرسال | إلى | الموضوع | نسخة
    | дата | кому | тема | надіслано | отправлено | 发送时间 | 日期 | 收件人 | 主题 | 主旨
    | 날짜 | 받는\s사람 | 제목)\s?:""",  # noqa: RUF001
    re.IGNORECASE | re.VERBOSE,
)
_RULE = re.compile(
    r"_{20,}\s*|[-=]{4,}[^-=]{2,60}[-=]{4,}\s*"
)  # `-----Original Message-----` in any language
_SIGNED = frozenset({"--", "\u2014"})  # RFC 3676 section 4.3; its space is often lost
_ADVERTISED = re.compile(
    r"""\W{0,3}(?:sent\s(?:from|via|with) | enviad[oa]\s(?:desde|con) | wys[lł]an[eoya]\s(?:z|przez)
    | envoy[eé]\s(?:de|depuis) | (?:von\smeinem|gesendet\svon) | надіслано\s[зіi] | отправлено\s[си]
    | أ?ُ?رسلت?\sمن | تم\sالإرسال\sمن | مرسل[ةه]?\sمن | (?:get|obt[eé]n(?:er)?|pobierz)\s(?=outlook)
    )\s?.{0,60}(?:iphone|ipad|android|samsung|galaxy|outlook|yahoo|gmail|proton|phone|mobile|m[oó]vil|mail
    |هاتف|آيفون|جهاز)""",  # noqa: RUF001
    re.IGNORECASE | re.VERBOSE,
)
# Where programs begin the message that is answered, in HTML.
_QUOTED_HTML = re.compile(
    r"""<blockquote\b
    | class="?[^"<>]{0,60}(?:gmail_quote|gmail_attr|moz-cite-prefix|yahoo_quoted|protonmail_quote)
    | id="?(?:divRplyFwdMsg|appendonsend|mail-editor-reference|reply-intro) | name="quote"
    | border-top:\s?solid\s\#(?:E1E1E1|B5C4DF)""",
    re.IGNORECASE | re.VERBOSE,
)


def written_words(mail: Part) -> str:
    """A person's own words, at most LONGEST characters; "" where there are none."""
    lines = _text(mail)[:_LONGEST_TEXT].replace("\xa0", " ").translate(_UNSEEN).splitlines()
    kept = list(_own_lines([line[:_LONGEST_LINE].rstrip() for line in lines[:_MOST_LINES]]))
    while kept and (not kept[-1] or _ADVERTISED.match(kept[-1])):
        kept.pop()
    return cleaned(re.sub(r"\n{3,}", "\n\n", "\n".join(kept)))[:LONGEST]


def cleaned(words: str) -> str:
    """Words without controls, and without what no database takes."""
    return _CONTROLS.sub("", words).strip().encode("utf-8", "replace").decode()


def _text(mail: Part) -> str:
    """What is plain, or else what can be read of its HTML; never a file that is attached."""
    shown = [part for part in read_by_people(mail) if not _is_attached(part) and part.text.strip()]
    plain = next((part.text for part in shown if part.kind == "text/plain"), "")
    html = next((part.text for part in shown if part.kind == "text/html"), "")
    if plain or not html:
        return plain
    quoted = _QUOTED_HTML.search(html[:_LONGEST_TEXT])
    begun = html.rfind("<", 0, quoted.start() + 1) if quoted else len(html)
    return "\n".join(" ".join(line.split()) for line in text_of_html(html[:begun]).splitlines())


def _is_attached(part: Part) -> bool:
    return part.header("content-disposition").lower().startswith("attachment")


def _own_lines(lines: Sequence[str]) -> Iterator[str]:
    at = 0
    while at < len(lines):
        line = lines[at]
        above = _words_above_quote(lines, at)
        if above:
            at += above
            if not _is_quoted(next(filter(None, lines[at:]), "")):
                return  # no `>`: all of the rest is what they answer to
        elif line in _SIGNED or _RULE.fullmatch(line) or _is_header_block(lines, at):
            return
        elif _is_quoted(line):
            at += 1
        else:
            yield line
            at += 1


def _is_quoted(line: str) -> bool:
    return line.lstrip().startswith(">")


def _words_above_quote(lines: Sequence[str], at: int) -> int:
    """Over how many lines from this one it says who wrote what follows; 0: it doesn't."""
    joined = ""
    for number, line in enumerate(lines[at : at + _MOST_JOINED], start=1):
        if not line or len(joined) + len(line) > _LONGEST_JOINED:
            return 0
        joined = f"{joined} {line.strip()}".strip()
        begins = _BEGINS.match(joined) is not None
        if number > 1 and not begins:
            return 0
        if joined.endswith(_ENDS) and _says_who(joined, begins=begins):
            return number
    return 0


def _says_who(joined: str, *, begins: bool) -> bool:
    address = _ADDRESS.search(joined) is not None
    if _WROTE.search(joined):
        return address or (begins and any(map(str.isdigit, joined)))
    return address and joined[:1].isdigit()  # `2026-11-05 10:00 GMT-06:00 Alerts <alerts@org.example>:`


def _is_header_block(lines: Sequence[str], at: int) -> bool:
    """Whether the headers of a message begin here, as Outlook writes them."""
    if not (_FROM.match(lines[at]) or _OTHER_HEADER.match(lines[at])):
        return False
    block = lines[at : at + _HEADERS_WITHIN]
    others = sum(_OTHER_HEADER.match(line) is not None for line in block)
    return others >= 2 and any(map(_FROM.match, block))
