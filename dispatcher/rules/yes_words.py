"""Whether a text says YES, the answer to a sign-up. It counts only for a number that was asked.

OK is no YES: it answers `dispatch test --ask-ok` (rules.ok_words), and consent should be the word that was
asked for. START is none either: it undoes a STOP.
"""

from dispatcher.rules.folding import folded

# Written as `folded` leaves them. YES stays YES in every language's request; people answer in their own.
_YES = frozenset(
    phrase.strip()
    for phrases in (
        "yes, y, yes please, yea, yeah, yep, yes yes, yess, reply yes, subscribe, agree, i agree",
        "si, s, si por favor, si quiero, si si, claro, claro que si, acepto",
        "tak, t, tak prosze, tak tak, zgadzam sie, zgoda",
        "نعم, ايوه, ايوا, اجل, نعم من فضلك, اوافق, موافق, موافقه",
        "так, да, oui, sim, haan, oo, opo, 是, 是的, 네, 예, हा, हां, हाँ, جی, جی ہاں, ہاں",
    )
    for phrase in phrases.split(",")
)
_FOLDED = frozenset(map(folded, _YES))


def says_yes(text: str) -> bool:
    """Whether the whole text is a YES."""
    return folded(text) in _FOLDED
