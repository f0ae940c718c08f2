"""Words for which carriers filter texts. They publish no rules of that: this is what providers pass on.

After CTIA's Messaging Principles and Best Practices (May 2023), 5.3, with SHAFT (sex, hate, alcohol,
firearms, tobacco), and the help pages of Heymarket, SimpleTexting, Zonitel and VeriRoute on phrases, capitals
and exclamation marks, read in November 2026. The words are ours. One of them is a reason to look twice, no
proof.
"""

import re
from collections.abc import Iterator

_REASONS = {
    "sells what carriers don't carry (sex, alcohol, firearms, tobacco, cannabis)": (
        "adult content, porn, xxx, sexy, escort, escorts, alcohol, beer, liquor, vodka, whiskey,"
        " firearm, firearms, ammo, handgun, handguns, tobacco, cigarette, cigarettes, vape, vaping,"
        " marijuana, cannabis, cbd, kratom"
    ),
    "sounds like a loan or an easy income": (
        "payday, cash advance, loan approved, debt relief, credit repair, consolidate your debt, work"
        " from home, make money, earn cash, extra income, double your, risk free, risk-free, crypto,"
        " bitcoin"
    ),
    "sounds like a prize": (
        "free money, free gift, free cash, gift card, you've won, you won, winner, congratulations,"
        " claim your, lottery, jackpot, casino, sweepstakes, ganaste, ha ganado, dinero gratis, nagroda"
    ),
    "presses like an advertisement": (
        "click here, click below, act now, buy now, order now, limited time, once in a lifetime, don't"
        " miss out, 100% free, 100% guaranteed, no cost, haga clic aquí, haz clic aquí, compre ahora,"
        " kliknij tutaj"
    ),
    "sounds like somebody who wants a password": (
        "verify your account, confirm your identity, account suspended, social security number, password"
        " expired"
    ),
}


def _pattern(words: str) -> re.Pattern[str]:
    """Any of the words, whole, in small letters or large, with either apostrophe."""
    any_of = "|".join(re.escape(word).replace("'", "['\u2019]?") for word in words.split(", "))
    return re.compile(rf"(?<!\w)(?:{any_of})(?!\w)", re.IGNORECASE)


_FILTERED = {reason: _pattern(words) for reason, words in _REASONS.items()}
_WORD = re.compile(r"https?://\S+|[^\W\d_]+")
_SHOUTING = 4  # words in a row; fewer may be a name: "HB 12", "DACA NOW"
_SHOUTS = re.compile(r"[!¡]{2,}|\${2,}|\?{3,}")


def filtered_words(text: str) -> Iterator[tuple[int, str, str]]:
    """Where a text has a word that is filtered, the word, and why it is, in words that follow it."""
    for reason, pattern in _FILTERED.items():
        for match in pattern.finditer(text):
            yield match.start(), match[0], reason


def shouted(text: str) -> Iterator[tuple[int, str]]:
    """Where a text shouts, and the shout: a row of capital words, or of exclamation marks."""
    for match in _SHOUTS.finditer(text):
        yield match.start(), match[0]
    row: list[re.Match[str]] = []
    for word in _WORD.finditer(text):
        capital = len(word[0]) > 1 and word[0].isupper()
        row = [*row, word] if capital else []
        if len(row) == _SHOUTING:
            yield row[0].start(), text[row[0].start() : word.end()]
