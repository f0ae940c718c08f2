"""What a text that comes in means by its whole: leave, come back, help, forget me.

47 CFR 64.1200(a)(10) names stop, quit, end, revoke, opt out, cancel and unsubscribe; the carriers' rules
(CTIA) add STOPALL, START, UNSTOP, HELP and INFO. YES is not among them: it answers other questions, too.
What people say in sentences: dispatcher/rules/free_text.py.
"""

from enum import StrEnum
from functools import lru_cache
from itertools import accumulate

from dispatcher.rules.folding import words
from dispatcher.rules.leaving_vocabulary import COURTEOUS, class_of_all, phrases

_LONGEST = 12  # words: a longer text is a sentence


class Keyword(StrEnum):
    """What a whole text asks for; each is a row of `leaving_words/`."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    ERASE = "erase"
    ERASE_YES = "erase_yes"


@lru_cache(maxsize=1)
def keyword_phrases() -> dict[str, tuple[Keyword, str]]:
    """Folded phrase -> what it means, and its language. A phrase counts only when it is the whole text."""
    table: dict[str, tuple[Keyword, str]] = {}
    for keyword in Keyword:
        for language, phrase in phrases(keyword):
            table.setdefault(" ".join(words(phrase)), (keyword, language))
    return table


def meaning(text: str) -> tuple[Keyword, str] | None:
    """The keyword that a whole text is, but for words of courtesy, and the language it is in; or None."""
    table, given = keyword_phrases(), words(text)
    if not given or len(given) > _LONGEST:
        return None
    once = [word for word, before in zip(given, ["", *given], strict=False) if word != before]
    found = table.get(" ".join(given)) or table.get(" ".join(once)) or table.get("".join(given))
    return found or next(filter(None, (table.get(core) for core in _cores(once))), None)


def _cores(given: list[str]) -> list[str]:
    """What can be left of a text when courtesy goes from its ends, the longest first."""
    parts = class_of_all(given)
    ends = [0, *accumulate(size for _, size in parts)]
    polite = [letter in COURTEOUS for letter, _ in parts]
    spans = [
        (ends[end] - ends[start], ends[start], ends[end])
        for start in range(len(parts))
        for end in range(start + 1, len(parts) + 1)
        if all(polite[:start]) and all(polite[end:]) and (start, end) != (0, len(parts))
    ]
    return [" ".join(given[start:end]) for _, start, end in sorted(spans, reverse=True)]
