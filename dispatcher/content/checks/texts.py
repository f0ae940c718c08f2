"""What makes a text dearer than it needs to be."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dispatcher.content.checks.draft import FILES, Draft, Finding, Severity
from dispatcher.content.checks.spellings import forces, other_spelling
from dispatcher.content.checks.text_facts import TextFacts
from dispatcher.content.checks.written_texts import mostly_gsm, texts_of
from dispatcher.content.load import LanguageSource
from dispatcher.content.manifest import MANIFEST
from dispatcher.rules import sms
from dispatcher.rules.prices import money
from dispatcher.rules.text_cost import TextCost
from dispatcher.rules.typographic import GSM_SPELLING


def costly_characters(draft: Draft) -> Iterator[Finding]:
    """Characters outside the GSM alphabet that cost segments, in a language that can do without them."""
    for written, bodies in texts_of(draft):
        dear = max(bodies, key=_avoidable)
        if not _avoidable(dear) or not mostly_gsm(dear):
            continue
        forcing = sms.forcing_characters(dear)
        file, line = _first_place(draft, written, forcing)
        costs = draft.text_facts.costs().get(written.language)
        problem = f"{forces(forcing)}: {_sizes(dear)}{_for_all(costs, _avoidable(dear))}."
        smart = "" if draft.frozen.smart_text else ", or set smart_text = true in campaign.toml"
        yield Finding(file, line, Severity.WARNING, problem, other_spelling(forcing, smart))


def dear_short_link(draft: Draft) -> Iterator[Finding]:
    """A short link of our own domain that is longer than the campaign's, and costs a segment."""
    if not draft.text_facts.short_links:
        return
    without_link = replace(draft, text_facts=TextFacts())
    as_it_is = {written.language: _most(bodies) for written, bodies in texts_of(without_link)}
    for written, bodies in texts_of(draft):
        now = _most(bodies)
        before = as_it_is.get(written.language, now)
        if now > before:
            costs = draft.text_facts.costs().get(written.language)
            file, line = draft.place("action_url", written.folder + FILES["sms"])
            problem = f"The short link makes it {now} segments instead of {before}"
            mend = "Shorten the words, or send the link as it is: DISPATCH_SHORT_LINKS=off."
            more = _for_all(costs, now - before)
            yield Finding(file, line, Severity.WARNING, f"{problem}{more}.", mend)


def _most(bodies: Sequence[str]) -> int:
    return max(map(sms.segments, bodies))


def _avoidable(body: str) -> int:
    """Segments that a text takes for the sake of its alphabet alone."""
    forcing = frozenset(sms.forcing_characters(body))
    spelled = "".join(GSM_SPELLING.get(char, "x") if char in forcing else char for char in body)
    return sms.segments(body) - sms.segments(spelled)


def _first_place(draft: Draft, written: LanguageSource, chars: Sequence[str]) -> tuple[str, int | None]:
    """Where the first of these characters stands in the text's file, or else in the facts that it names."""
    names = (written.folder + FILES["sms"], written.folder + MANIFEST, MANIFEST)
    places = [draft.place(char, *names) for char in chars]
    in_text = [place for place in places if place[1] is not None and place[0] == draft.source.shown(names[0])]
    return min(in_text, key=lambda place: place[1] or 0, default=places[0])


def _sizes(body: str) -> str:
    now = sms.segments(body)
    return f"{now} segments instead of {now - _avoidable(body)}"


def _for_all(costs: TextCost | None, segments: int) -> str:
    """What so many segments more are for everybody who gets it."""
    if costs is None or not costs.texts:
        return ""
    more = costs.of_segments(segments * costs.texts)
    people = "1 person" if costs.texts == 1 else f"{costs.texts:,} people"
    return f" for {people}" + (f", {money(more, costs.currency)} more" if more else "")
