"""What a sentence means that somebody texts back: do they leave, should a person look, or is it a thank-you?

47 CFR 64.1200(a)(10) counts any words by which a reasonable person would understand that somebody wants no
more texts. So it is a grammar, over the words in `leaving_words/`: a clause leaves when it ends what we do
(`stop sending me these`, `ya no me manden mensajes`) or takes the person off (`remove my number`). It
doesn't when it ends something in the world (`Stop the deportations!`), or says the opposite (`don't stop`).
"""

import re
from enum import StrEnum

from dispatcher.rules.folding import folded, words
from dispatcher.rules.leaving_vocabulary import COURTEOUS, class_of_all, phrases
from dispatcher.rules.opt_out_words import Keyword, meaning


class Tier(StrEnum):
    """What becomes of a text."""

    LEAVES = "leaves"  # counts as STOP
    LOOK = "look"  # people read it
    NOTHING = "nothing"


_LONGEST = 1600  # characters: as much as a text can hold
_SENTENCES = re.compile(r"[.!?\n\u2026\u3002\uff01\uff1f\u061f\u06d4\u0964]+|\s[-\u2013\u2014]+\s|\u2014")
_CLAUSES = re.compile(r"[,;:\u060c\u061b\uff0c\uff1b\uff1a()\"\u201c\u201d]+")
_OPENING_QUOTE = re.compile(r"[\"\u201c\u00ab]")
_QUOTED_LINE = re.compile(r"^\s*>.*$", re.MULTILINE)
_NOT_A_SIGN = (
    "\U0001f6d1\U0001f595\U0001f44e\u270b\u26d4\U0001f6ab"  # stop sign, finger, thumb down, hand ...
)

# Over a clause's letters, fillers taken out: H keep O out K cause C/c cease T contact N/n not
# L list M me Y mine W want R take S send D these X unknown.
_NEGATED = re.compile(r"N[WM]{0,2}[OCcR]")
_LEAVES = tuple(
    re.compile(pattern)
    for pattern in (
        r"O",
        r"[Cc][MDLSWXNnR]{0,3}T",  # stop (sending me your stupid) texts
        r"C[MD]*S[MDn]*$",  # stop sending
        r"[Nn][MWDnS]{0,4}T",  # don't (want you to) text me; no more texts
        r"[Nn][MDWn]*S[MDn]*$",  # don't send me anything
        r"[Nn][nM]*W[WM]*D$",  # I don't want these
        r"R[MDXY]{0,2}L",  # take my name off your list
        r"T[MDSWXn]{0,2}C[MDSTLn]*$",  # where the verb comes last: messages band karo
        r"T[MDX]{0,2}[Nn][MD]*[SW][MDSR]*$",  # sandesh mat bhejo
    )
)
_SLOGAN = re.compile(r"[CcnH][^CK]{0,2}K|^K+$")


def weigh(text: str) -> Tier:
    """The tier of a text. Whole keywords count here too, so that nothing hangs on who asks first."""
    said = text[:_LONGEST]
    if _is_echo(said):
        return Tier.NOTHING
    without_quotes = _QUOTED_LINE.sub("", said)
    said = without_quotes if words(without_quotes) else said
    understood = meaning(said)
    if understood is not None:
        return Tier.LEAVES if understood[0] is Keyword.STOP else Tier.LOOK
    clauses = [
        clause
        for sentence in _SENTENCES.split(said)
        for part in _CLAUSES.split(sentence)
        for clause in _around_quotes(words(part))
    ]
    letters = [[letter for letter, _ in class_of_all(clause)] for clause in clauses]
    core = ["".join(c for c in clause if c not in "FGf") for clause in letters]
    if any(_leaves(clause) for clause in core) or _bare_stop(clauses, core):
        return Tier.LEAVES
    polite = all(set(clause) <= {*COURTEOUS, "f", "D"} for clause in letters)
    if polite and (any("G" in clause for clause in letters) or not letters):
        return Tier.LOOK if any(sign in text for sign in _NOT_A_SIGN) else Tier.NOTHING
    return Tier.LOOK


def _around_quotes(clause: list[str]) -> list[list[str]]:
    """A clause in parts, without what it repeats of our own words: `Reply STOP to stop`."""
    parts: list[list[str]] = [[]]
    at = 0
    for letter, size in class_of_all(clause):
        if letter == "Q":
            parts.append([])
        else:
            parts[-1] += clause[at : at + size]
        at += size
    return [part for part in parts if part]


def _leaves(clause: str) -> bool:
    """Whether a clause's letters say that somebody leaves."""
    plain = _NEGATED.sub("H", clause)
    return any(pattern.search(plain) for pattern in _LEAVES)


def _bare_stop(clauses: list[list[str]], core: list[str]) -> bool:
    """Whether one clause is a STOP by itself, and no other a slogan: `Stop! Stop the raids!` isn't ours."""
    bare = [_is_stop(clause) for clause in clauses]
    slogan = any(_SLOGAN.search(letters) for letters, alone in zip(core, bare, strict=True) if not alone)
    return any(bare) and not slogan


def _is_stop(clause: list[str]) -> bool:
    found = meaning(" ".join(clause))
    if found is not None:
        return found[0] is Keyword.STOP
    pointing = [
        word for word, (letter, _) in zip(clause, class_of_all(clause), strict=False) if letter == "D"
    ]
    rest = [word for word in clause if word not in pointing]
    named = meaning(" ".join(rest)) if pointing and clause[0] not in pointing else None
    return named is not None and named[0] is Keyword.STOP and class_of_all(rest)[0][0] in "CFGM"


def _is_echo(text: str) -> bool:
    """A heart or a thumb on our own text, as a phone puts it into words: `Liked "Call your senator..."`."""
    quoted = _OPENING_QUOTE.search(text)
    before = folded(text[: quoted.start()]) if quoted else ""
    return any(before == folded(phrase) for _, phrase in phrases("echoes"))
