"""What an inbox shows before anybody opens the message."""

from collections.abc import Iterator

from dispatcher.content.checks.draft import Draft, Finding, Severity, Trial

_LONGEST_SUBJECT = 60  # characters: most inboxes on a desk show about so many, phones 35 to 45
_LONGEST_PREHEADER = 140  # characters: no inbox shows more
_PREHEADER = "preheader.txt"


def long_subjects(draft: Draft) -> Iterator[Finding]:
    """A subject that inboxes cut off; of one with a name in it, the longest."""
    longest: dict[str, Trial] = {}
    for trial in draft.readings:
        before = longest.get(trial.written.language, trial)
        if "subject" in trial.parts and len(trial.parts["subject"]) >= len(before.parts.get("subject", "")):
            longest[trial.written.language] = trial
    for trial in longest.values():
        if (length := len(trial.parts["subject"])) > _LONGEST_SUBJECT:
            shown = f"inboxes show {_LONGEST_SUBJECT}, phones about 40"
            problem = f"The subject has {length} characters: {shown}."
            mend = "Say what matters in the first five words, and shorten the rest."
            yield Finding(*draft.spot(trial, "subject", 0), Severity.WARNING, problem, mend)


def preheaders(draft: Draft) -> Iterator[Finding]:
    """The line behind the subject: missing where the layout has a place for it, too long, or the same."""
    for written in draft.source.languages.values():
        if "subject.txt" not in written.files or not _has_place(draft):
            continue
        said = " ".join(written.files.get(_PREHEADER, "").split())
        file = draft.source.shown(written.folder + _PREHEADER)
        if not said:
            problem = "There is no preheader: an inbox shows your name once more behind the subject."
            yield Finding(
                file, None, Severity.WARNING, problem, "Write one sentence that makes people open it."
            )
        elif len(said) > _LONGEST_PREHEADER:
            problem = (
                f"The preheader has {len(said)} characters: no inbox shows more than {_LONGEST_PREHEADER}."
            )
            yield Finding(file, 1, Severity.WARNING, problem, "Shorten it.")
        elif said.casefold() == " ".join(written.files["subject.txt"].split()).casefold():
            problem = "The preheader only says the subject again."
            yield Finding(file, 1, Severity.WARNING, problem, "Say what the subject doesn't.")


def _has_place(draft: Draft) -> bool:
    """Whether the layout includes it: then the edition has it among its sources, whosever it is."""
    return any(name.rpartition("/")[2] == _PREHEADER for name in draft.frozen.sources)
