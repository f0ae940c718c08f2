"""Look a campaign over before it is sent: `dispatch check`, and `dispatch send` before it asks."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from dispatcher.content.checks.branches import unreached_branches
from dispatcher.content.checks.card import card_pictures
from dispatcher.content.checks.catalogues import costly_frame_words, missing_words, slips_in_catalogues
from dispatcher.content.checks.clients import elements_left_out, styles_left_out, styles_too_big
from dispatcher.content.checks.contrast import weak_contrast
from dispatcher.content.checks.coverage import links_not_in_text, words_not_in_text
from dispatcher.content.checks.delivery import deadline_passed, deadline_soon, inlined_each, too_big
from dispatcher.content.checks.document import no_language, no_title, pictures_without_words
from dispatcher.content.checks.draft import Draft, Finding, Severity
from dispatcher.content.checks.filtered import filtered_texts
from dispatcher.content.checks.law import no_leave_link, no_postal_address, no_sender
from dispatcher.content.checks.leftovers import english_dates, leftover_notes, leftover_tokens
from dispatcher.content.checks.links import shortened_links, wrong_links
from dispatcher.content.checks.sender import free_mailbox
from dispatcher.content.checks.subject import long_subjects, preheaders
from dispatcher.content.checks.text_facts import TextFacts
from dispatcher.content.checks.text_manners import several_links, unnamed
from dispatcher.content.checks.texts import costly_characters, dear_short_link
from dispatcher.content.checks.translations import stale_translations, unreviewed_frames
from dispatcher.content.checks.wellformed import slips, unbalanced_conditions
from dispatcher.content.checks.words import missing_parts, still_the_starters, unknown_variables, unwritable
from dispatcher.content.edition import Frozen, freeze
from dispatcher.content.load import CampaignSource
from dispatcher.content.parts import Organisation

__all__ = ["Check", "Finding", "Severity", "check", "check_frozen", "in_order"]

Check = Callable[[Draft], Iterator[Finding]]

CHECKS: tuple[Check, ...] = (
    # The campaign is whole, and can be written for everybody.
    missing_parts,
    still_the_starters,
    unknown_variables,
    unwritable,
    unreached_branches,
    # The law, and who speaks.
    no_leave_link,
    no_postal_address,
    no_sender,
    free_mailbox,
    # It arrives, and in time.
    too_big,
    deadline_passed,
    deadline_soon,
    inlined_each,
    # Links.
    wrong_links,
    shortened_links,
    # Words.
    long_subjects,
    preheaders,
    leftover_tokens,
    leftover_notes,
    english_dates,
    words_not_in_text,
    links_not_in_text,
    # HTML and CSS, as mail clients know them.
    slips,
    unbalanced_conditions,
    no_title,
    no_language,
    pictures_without_words,
    elements_left_out,
    styles_left_out,
    styles_too_big,
    weak_contrast,
    card_pictures,
    # Texts.
    costly_characters,
    dear_short_link,
    unnamed,
    several_links,
    filtered_texts,
    # Translations.
    stale_translations,
    unreviewed_frames,
    slips_in_catalogues,
    missing_words,
    costly_frame_words,
)


def check(source: CampaignSource, organisation: Organisation, *, now: datetime) -> list[Finding]:
    """Everything that isn't right with a campaign, errors first; nothing when it can be sent.

    Raises BrokenCampaign when a layout or an include can't be put together.
    """
    return check_frozen(source, freeze(source, organisation), now=now)


def check_frozen(
    source: CampaignSource,
    frozen: Frozen,
    *,
    now: datetime,
    text_facts: TextFacts | None = None,
    besides: Sequence[Check] = (),
) -> list[Finding]:
    """As `check`, for who has frozen the campaign already; `besides` are checks that take their time."""
    draft = Draft(source, frozen.organisation, frozen, now, text_facts or TextFacts())
    return in_order(finding for look in (*CHECKS, *besides) for finding in look(draft))


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Each finding once, errors first."""
    return sorted(dict.fromkeys(findings), key=lambda finding: finding.severity is not Severity.ERROR)
