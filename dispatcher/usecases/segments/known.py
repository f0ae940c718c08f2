"""The lists and campaigns that a segment names: their numbers, or a word to whoever mistyped one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.errors import DispatchError
from dispatcher.models import Campaign, List
from dispatcher.paths import campaign_folders
from dispatcher.rules.segments import Asked, Expression, Word, leaves
from dispatcher.usecases.segments.grammar import nearest
from dispatcher.usecases.segments.meaning import QUESTIONS, Meaning


@dataclass(frozen=True, slots=True)
class Numbers:
    """Ids by slug. A campaign that was never sent has none, and nobody acted on it."""

    lists: Mapping[str, int]
    campaigns: Mapping[str, int]


def numbers_of(session: Session, expression: Expression) -> Numbers:
    """The ids of all that the expression names, as far as they are here."""
    lists = {word.text for _, word in _named(expression, "list")}
    campaigns = {word.text for _, word in _named(expression, "campaign")}
    of_lists = select(List.slug, List.id).where(List.slug.in_(lists))
    of_campaigns = select(Campaign.slug, Campaign.id).where(Campaign.slug.in_(campaigns))
    return Numbers(
        dict(session.execute(of_lists).all()) if lists else {},
        dict(session.execute(of_campaigns).all()) if campaigns else {},
    )


def refuse_unknown(session: Session, expression: Expression, meaning: Meaning) -> None:
    """Raise WrongSegment for a list or campaign that isn't there, or of which clicks aren't known."""
    numbers = numbers_of(session, expression)
    for _, word in _named(expression, "list"):
        if word.text not in numbers.lists:
            near = nearest(word.text, sorted(session.scalars(select(List.slug))))
            raise meaning.wrong(word.place, f"there is no list {word.text!r}. {near}")
    for question, word in _named(expression, "campaign"):
        there = {*session.scalars(select(Campaign.slug)), *_in_files()}
        if word.text not in there:
            near = nearest(word.text, sorted(there))
            raise meaning.wrong(word.place, f"there is no campaign {word.text!r}. {near}")
        if question == "clicked" and _is_sensitive(session, word.text):
            problem = f"{word.text} is sensitive: its clicks are counted without saying who clicked. "
            raise meaning.wrong(word.place, problem + "Ask acted(...) of those who told you.")


def _named(expression: Expression, about: str) -> Iterator[tuple[str, Word]]:
    for leaf in leaves(expression):
        if isinstance(leaf, Asked) and QUESTIONS[leaf.name.text.lower()].about == about:
            yield leaf.name.text.lower(), leaf.arguments[0]


def _in_files() -> set[str]:
    return {path.name for folder in campaign_folders() for path in folder.iterdir() if path.is_dir()}


def _is_sensitive(session: Session, slug: str) -> bool:
    """By its files or one of its lists. One whose files can't be read isn't asked about: better so."""
    from dispatcher.content.load import load_campaign

    try:
        manifest = load_campaign(slug).manifest
    except DispatchError:
        return True
    on_list = select(List.id).where(List.slug.in_(manifest.lists), List.sensitive).limit(1)
    return manifest.sensitive or session.scalar(on_list) is not None
