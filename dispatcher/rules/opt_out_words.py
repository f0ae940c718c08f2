"""What a text that comes in means: the words by which people leave, come back, or ask for help.

47 CFR 64.1200(a)(10) names stop, quit, end, revoke, opt out, cancel and unsubscribe; the carriers' rules
(CTIA) add STOPALL, START, UNSTOP, HELP and INFO. YES is not among them: it answers other questions, too.
"""

import unicodedata
from enum import StrEnum


class Keyword(StrEnum):
    STOP = "stop"
    START = "start"
    HELP = "help"


# Keyword -> language -> phrases with commas between, written as `folded` leaves them. A phrase counts only
# when it is the whole text: "Stop the deportations!" leaves nothing.
WORDS: dict[Keyword, dict[str, str]] = {
    Keyword.STOP: {
        "en": """
            stop, stopall, stop all, unsubscribe, cancel, end, quit, revoke, optout, opt out,
            stop please, please stop, stop texting, stop texting me, please stop texting me, stop messages,
            stop sending me texts, unsubscribe me, opt me out, remove, remove me, remove me from your list,
            remove me from this list, take me off, take me off your list, take me off this list,
            no more texts, leave me alone
            """,
        "es": """
            alto, parar, pare, baja, cancelar, cancela, salir, no mas, nomas, detener, desuscribir,
            stop por favor, no mas mensajes, no mas textos, por favor no mas, darme de baja, dar de baja,
            quiero darme de baja, no quiero mas mensajes, no me manden mas mensajes
            """,
        "pl": "wypisz, wypisz mnie, rezygnuje, koniec, przestan, przestancie",
        "ar": "توقف, قف, الغاء, ايقاف, الغاء الاشتراك",
    },
    Keyword.START: {
        "en": "start, unstop",
        "es": "alta, empezar, comenzar",
        "pl": "zapisz",
        "ar": "ابدا",
    },
    Keyword.HELP: {
        "en": "help, info",
        "es": "ayuda, informacion",
        "pl": "pomoc",
        "ar": "مساعده",
    },
}

# Letters that Unicode doesn't take apart into a plain one and an accent: the Polish l with stroke, the
# Arabic teh marbuta (written as heh by many), and the tatweel that only stretches a word.
_PLAIN = str.maketrans({"\u0142": "l", "\u0629": "\u0647", "\u0640": ""})
_DROPPED = {"'", "\u2019"}


def folded(text: str) -> str:
    """Case, accents, punctuation, emoji and doubled spaces taken away: `¡No más!` is `no mas`."""
    apart = unicodedata.normalize("NFKD", text.casefold()).translate(_PLAIN)
    kept = (c for c in apart if not unicodedata.combining(c) and c not in _DROPPED)
    return " ".join("".join(c if c.isalnum() else " " for c in kept).split())


_MEANINGS = {
    phrase.strip(): (keyword, language)
    for keyword, languages in WORDS.items()
    for language, phrases in languages.items()
    for phrase in phrases.split(",")
}


def meaning(text: str) -> tuple[Keyword, str] | None:
    """The keyword that a whole text is, and the language it is in; None for anything else."""
    plain = folded(text)
    return _MEANINGS.get(plain) or _MEANINGS.get(plain.replace(" ", ""))
