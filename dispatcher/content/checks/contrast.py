"""Words that can't be told from what is behind them, in light mode and in dark (WCAG 2.2 AA)."""

from collections.abc import Iterator

from dispatcher.content.checks.draft import Draft, Finding, Severity
from dispatcher.content.painted_words import painted_words

_LARGE, _LARGE_BOLD = 24.0, 18.66  # CSS pixels: 18 and 14 points
_ENOUGH, _ENOUGH_LARGE = 4.5, 3.0
_SHOWN = 40
_MENDS = {
    "light": "Take a darker colour, or a lighter background.",
    "dark": "Choose other colours for it in @media (prefers-color-scheme: dark).",
}


def weak_contrast(draft: Draft) -> Iterator[Finding]:
    """A text colour too near to its background."""
    for trial in draft.readings:
        if "html" not in trial.traced:
            continue
        for words in painted_words(trial.traced["html"].text, trial.page):
            paint = words.paint
            enough = _ENOUGH_LARGE if paint.size >= (_LARGE_BOLD if paint.bold else _LARGE) else _ENOUGH
            if words.contrast < enough:
                problem = (
                    f"{words.text[:_SHOWN]!r} can hardly be read in {words.mode} mode: {paint.colour} on"
                    f" {paint.behind} has a contrast of {words.contrast:.1f}, and {enough} is needed."
                )
                yield Finding(
                    *draft.spot(trial, "html", words.offset), Severity.WARNING, problem, _MENDS[words.mode]
                )
