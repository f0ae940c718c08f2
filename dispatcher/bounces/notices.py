"""Notices in plain text: from qmail, Exim, old sendmail and Postfix, Exchange, Notes, carriers.

No family of servers is looked for by name. All of them write the address and then, or on the same line, why;
so a notice is cut into what is said of each address, and a line that quotes a server comes before prose.
"""

import re
from collections.abc import Iterator

from dispatcher.bounces.addresses import ADDRESS, addresses_in, unlike
from dispatcher.bounces.autoreply import is_absence_note
from dispatcher.bounces.finding import Finding, enhanced_in, has_reply
from dispatcher.bounces.mail import Part, words_of

_LONGEST_LINE = 1_000
_LONGEST_WORDS = 4_000
_MOST_FINDINGS = 100

_SENDERS = re.compile(
    r"mailer-?daemon|postmaster|mail.?deliver|delivery.(?:sub)?system|mail.?(?:system|administrator)"
    r"|mdaemon|system.?administrator|\bbounces?[+@-]|mail.?router|^\s*<?>?\s*$",
    re.IGNORECASE,
)
_ANSWER = re.compile(r"\s*(?:re|aw|sv|odp|rv|antw)\s*:", re.IGNORECASE)  # as people's programs begin it
_SUBJECTS = re.compile(
    r"""
      (?:un|non.?)deliver | delivery\s(?:status|fail|error|problem|report|unsuccessful|incomplete)
    | delivery\shas\sfailed
    | (?:mail|message)\s(?:\w+\s)?(?:error|fail|delay|could\snot|not\sdelivered|system\serror|delivery)
    | fail(?:ure|ed)\s(?:notice|delivery|mail) | failure\snotif
    | return(?:ed|ing)\s(?:e?-?mail|message|to\ssender)
    | could\s?n[o']t\sbe\sdelivered | rejected | bounce | warning:\s(?:message|could\snot|mail)
    | unzustellbar | nicht\szugestellt | no\s(?:se\s)?(?:pudo|puede|entrega|ha\spodido)
    | mancata\sconsegna | non[ -]?remis | [eé]chec | nieudan | niedor[eę]cz
    | не\s?доставлен | エラー | 配信 | 退信 | 投递
    """,
    re.IGNORECASE | re.VERBOSE,
)
_LIST = re.compile(rf"^[\s*>-]*<?{ADDRESS}>?\s*(?:$|[:;,\[(]|\.\.\.|on\s|error\b)", re.IGNORECASE)
_NAMED = re.compile(
    rf"""(?:
      ^\W*(?:final[ -]|failed\s|original[ -])?(?:recipient|to|address|user|e?-?mail|envelope-to)
        s?(?:\(s\))?\s*:\W*
    | rcpt\s+to:\W*
    | (?:to|for|by|recipient|user|address|mailbox|account|attempts?:|message:)\s+[<"'(]?
    | (?<!\d)[45]\d\d[\ -][^@]{{0,80}}?[\s<("']
    ){ADDRESS}""",
    re.IGNORECASE | re.VERBOSE,
)
_QUOTE = re.compile(r"\s*(?:<<<|>>>)")  # sendmail's, and others' after it
_REPLY_LINE = re.compile(r"[45]\d\d ")
_TRANSCRIPT = re.compile(r"[45]\d\d [^@]{0,20}@[^\s]{1,260}\.\.\. ")
_ROLES = re.compile(
    r"(?:postmaster|mailer-daemon|abuse|support|help(?:desk)?|admin|noc|info)@", re.IGNORECASE
)


def is_notice(mail: Part) -> bool:
    """Whether a mail looks like a server's word on a message, by who writes it and what about."""
    if "x-failed-recipients" in mail.headers:
        return True
    subject = words_of(mail.header("subject"))[:300]
    from_nobody = mail.header("return-path").strip() == "<>"
    if is_absence_note(mail) or (_ANSWER.match(subject) and not from_nobody):
        return False  # our own subject, which it repeats, may speak of deliveries that failed
    sender = words_of(mail.header("from"))[:300]
    if _SENDERS.search(sender):
        return True
    gives_back = "return-path" not in mail.headers and any(p.kind == "message/rfc822" for p in mail.parts)
    return (from_nobody or gives_back) and _SUBJECTS.search(subject) is not None


def findings_of_notice(mail: Part, lines: list[str], returned: dict[str, list[str]]) -> list[Finding]:
    """What the lines of a notice say of each address in them.

    Where none is named it is about the returned message's own recipient.
    """
    lines = [line[:_LONGEST_LINE] for line in lines]
    wanted = _failed(mail, lines, returned) or _sent_to(returned)[:1]
    blocks = _blocks(lines, wanted)
    return [_finding(address, blocks[address.lower()], lines) for address in wanted[:_MOST_FINDINGS]]


def words_about(recipient: str, lines: list[str]) -> str:
    """What a notice says of one address, for a report that leaves the server's words out."""
    finding = _finding(recipient, _blocks(lines, [recipient])[recipient.lower()], lines)
    return f"{finding.words}\n{finding.around}".strip()


def _finding(address: str, block: list[str], lines: list[str]) -> Finding:
    about = block if any(map(str.strip, block)) else lines
    quoted, around = _told(about)
    if not quoted and about is block:
        around = "\n".join((around, *_told(lines)))
    return Finding(address, "", enhanced_in(quoted or around), quoted, around[:_LONGEST_WORDS])


def _sent_to(returned: dict[str, list[str]]) -> list[str]:
    """Whom the message that came back was for, the envelope's word first."""
    names = ("x-envelope-to", "x-original-to", "delivered-to", "to")
    return next(filter(None, (addresses_in("\n".join(returned.get(name, []))) for name in names)), [])


def _failed(mail: Part, lines: list[str], returned: dict[str, list[str]]) -> list[str]:
    """The addresses that a notice is about, by the surest kind of evidence alone."""
    failed = addresses_in("\n".join(mail.headers.get("x-failed-recipients", [])))
    text = "\n".join(lines).lower()
    if any(address.lower() in text for address in failed):
        return unlike(failed, frozenset())
    sent_to = frozenset(address.lower() for address in addresses_in("\n".join(returned.get("to", []))))
    own = _own(mail, returned) - sent_to
    named, mentioned = [], []
    for line in lines:
        found = [
            one for one in unlike(addresses_in(line), own) if one.lower() in sent_to or not _ROLES.match(one)
        ]
        mentioned += found
        if found and (_LIST.search(line) or _NAMED.search(line) or found[0].lower() in sent_to):
            named.append(found[0])
    return unlike(named or failed or mentioned[:1], frozenset())


def _own(mail: Part, returned: dict[str, list[str]]) -> frozenset[str]:
    """Who wrote and who got the notice, and who sent the message: none of them is who it is about."""
    ours = [mail.headers.get(name, []) for name in ("to", "cc", "delivered-to", "from", "sender")]
    theirs = [returned.get(name, []) for name in ("from", "sender", "reply-to", "return-path")]
    values = [value for group in (*ours, *theirs) for value in group]
    return frozenset(address.lower() for address in addresses_in("\n".join(values)))


def _blocks(lines: list[str], wanted: list[str]) -> dict[str, list[str]]:
    """Address (lower case) -> the lines from each that names it to the next that names another.

    A transcript names the address after the server's answer, so quoted lines just before belong to it; and
    its own line is whole: the next with a code is about somebody else.
    """
    names = [address.lower() for address in wanted]
    blocks: dict[str, list[str]] = {name: [] for name in names}
    current, whole = "", False
    before: list[str] = []
    for line in lines:
        named = _first_named(names, line)
        if _QUOTE.match(line) and not named:
            before = [*before, line][-2:]
            continue
        if named and named != current:
            current, whole = named, False
        if current and not (whole and not named and _REPLY_LINE.match(line)):
            blocks[current] += [*before, line]
        whole = whole or _TRANSCRIPT.match(line) is not None
        before = []
    if current or len(names) == 1:
        blocks[current or names[0]] += before
    return blocks


def _first_named(names: list[str], line: str) -> str:
    lower = line.lower()
    return next((name for name in names if name in lower), "")


def _told(lines: list[str]) -> tuple[str, str]:
    """The lines that quote a server, with what goes on in the next; and all the others."""
    quoted = frozenset(_quoted(lines))
    told = [line.strip() for number, line in enumerate(lines) if number in quoted]
    rest = [line.strip() for number, line in enumerate(lines) if number not in quoted and line.strip()]
    return "\n".join(told)[:_LONGEST_WORDS], "\n".join(rest)[:_LONGEST_WORDS]


def _quoted(lines: list[str]) -> Iterator[int]:
    inside = False
    for number, line in enumerate(lines):
        if has_reply(line) and not line.lstrip().startswith(">>>"):
            inside = True
        elif not line.strip() or line.lstrip()[:3] in {">>>", "<<<"}:
            inside = False
        if inside:
            yield number
