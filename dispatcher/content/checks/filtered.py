"""Texts that carriers would filter, and subjects that look like an advertisement."""

from collections.abc import Iterator

from dispatcher.content.checks.draft import Draft, Finding, Severity
from dispatcher.rules.carrier_words import filtered_words, shouted

_LOOKED_AT = {"sms": "Carriers filter", "subject": "Spam filters count"}


def filtered_texts(draft: Draft) -> Iterator[Finding]:
    """Words, capitals and exclamation marks for which messages are filtered. No proof, so never an error."""
    for trial in draft.readings:
        for part, who in _LOOKED_AT.items():
            text = trial.traced[part].text if part in trial.traced else ""
            found = [
                (at, f"{who} what {reason}: {word!r}.", "Look for other words.")
                for at, word, reason in filtered_words(text)
            ]
            found += [
                (at, f"{who} what shouts: {words!r}.", "Write it in small letters, with one mark.")
                for at, words in shouted(text)
            ]
            for at, problem, mend in found:
                yield Finding(*draft.spot(trial, part, at), Severity.WARNING, problem, mend)
