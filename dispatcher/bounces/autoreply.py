"""Answers that no person wrote: absence notes, acknowledgements of receipt (RFC 3834)."""

import re

from dispatcher.bounces.mail import Part, words_of

_MARKS = (
    "x-autoreply",
    "x-autorespond",
    "x-autoresponse",
    "x-auto-reply-from",
    "x-mail-autoreply",
    "x-vacation",
)
_PRECEDENCES = frozenset({"auto_reply", "auto-reply", "vacation", "auto_response"})
# What absence notes begin with, in the languages that people write to us in.
_SUBJECT = re.compile(
    r"""^\W*(?:re\s*:\s*)?(?:
      auto(?:matic|mated)?[\ _-]?(?:repl(?:y|ies)|response|answer)  | automatic\s(?:e?mail\s)?reply
    | out\s(?:of|from)\s(?:the\s|my\s)?office | away\sfrom\s(?:the\s|my\s)?office
    | on\svacation | vacation\b | ooo\b | i(?:'m|\sam)\s(?:away|out|on\s(?:leave|vacation|holiday))
    | respuesta\sautom[aá]tica | fuera\sde\s(?:la\s)?oficina | autorrespuesta | resposta\sautom[aá]tica
    | r[eé]ponse\sautomatique | absence\sdu\sbureau | absent\s
    | automatische\s(?:antwort|abwesenheit) | abwesenheits? | abwesend | automatisch\santwoord | afwezig
    | risposta\sautomatica | autorisposta | fuori\sufficio
    | automatyczna\sodpowied[zź] | odpowied[zź]\sautomatyczna | poza\sbiurem | nieobecno[sś][cć]
    | автоматический\sответ | автоответ | автовідповідь
    | الرد\sالتلقائي | رد\sتلقائي | خارج\sالمكتب
    | 自動(?:応答|返信) | 不在 | 自动(?:回复|答复) | trả\slời\stự\sđộng | 자동\s?(?:응답|회신)
    )""",  # noqa: RUF001 - Cyrillic and Arabic letters are meant
    re.IGNORECASE | re.VERBOSE,
)


def is_auto_reply(mail: Part) -> bool:
    """Whether a program answered for a person; a bounce must be ruled out before."""
    submitted = mail.header("auto-submitted").lower()
    if submitted.startswith(("auto-replied", "auto-generated", "auto-notified")):
        return True
    return is_absence_note(mail)


def is_absence_note(mail: Part) -> bool:
    """Whether it says so of itself. Servers' bounces are auto-replied too, but none of them is this."""
    if any(name in mail.headers for name in _MARKS):
        return True
    if mail.header("precedence").strip().lower() in _PRECEDENCES:
        return True
    return _SUBJECT.search(words_of(mail.header("subject"))[:300]) is not None
