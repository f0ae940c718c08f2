"""How many points SpamAssassin gives a message. It takes seconds, so only `dispatch check` asks it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from dispatcher.content.checks.draft import FILES, Draft, Finding, Severity
from dispatcher.content.render import Compiled
from dispatcher.content.spam_score import spam_score

_WARNS, _BLOCKS = 1.0, 5.0  # SpamAssassin itself calls 5 points spam
_AT_A_TIME = 2


def spam_points(draft: Draft) -> Iterator[Finding]:
    """A message of each language that comes near to what is taken for spam; nothing without SpamAssassin."""
    compiled = Compiled(draft.frozen)
    first = {trial.written.language: trial for trial in reversed(draft.readings) if "html" in trial.traced}
    with ThreadPoolExecutor(_AT_A_TIME, thread_name_prefix="spam") as pool:
        scores = pool.map(lambda trial: spam_score(compiled.email(trial.person).mime), first.values())
        for trial, score in zip(first.values(), scores, strict=True):
            if score and score.points >= _WARNS:
                file = draft.source.shown(trial.written.folder + FILES["html"])
                problem = f"SpamAssassin gives it {score.points:g} points, for {', '.join(score.rules)}."
                severity = Severity.ERROR if score.points >= _BLOCKS else Severity.WARNING
                yield Finding(file, None, severity, problem, "The rules are told at spamassassin.apache.org.")
