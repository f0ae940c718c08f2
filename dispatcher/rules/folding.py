"""A text as it is compared: people type with and without accents, capitals and punctuation."""

import unicodedata

# Letters that Unicode doesn't take apart into a plain one and an accent: the Polish l with stroke; the Arabic
# teh marbuta (written as heh by many), alef maqsura, and the tatweel that only stretches a word; the Persian
# and Urdu shapes of letters that Arabic has too.
_PLAIN = str.maketrans(
    {
        "\u0142": "l",
        "\u0629": "\u0647",
        "\u0649": "\u064a",
        "\u0640": "",
        "\u06cc": "\u064a",
        "\u06a9": "\u0643",
        "\u06c1": "\u0647",
        "\u06be": "\u0647",
    }
)
_DROPPED = {"'", "\u2019", "\u02bc", "`"}


def folded(text: str) -> str:
    """Case, accents, punctuation, emoji and doubled spaces taken away: `¡No más!` is `no mas`."""
    apart = unicodedata.normalize("NFKD", text.casefold()).translate(_PLAIN)
    kept = (c for c in apart if not unicodedata.combining(c) and c not in _DROPPED)
    return " ".join("".join(c if c.isalnum() or _is_vowel(c) else " " for c in kept).split())


def _is_vowel(char: str) -> bool:
    """A mark that doesn't combine with a letter: Devanagari writes vowels so."""
    return unicodedata.category(char) in {"Mn", "Mc"} and not "\ufe00" <= char <= "\ufe0f"  # an emoji's style


def words(text: str) -> list[str]:
    """The folded words. Chinese has no spaces: each of its characters is one."""
    spaced = "".join(f" {c} " if "\u4e00" <= c <= "\u9fff" else c for c in folded(text))
    return spaced.split()
