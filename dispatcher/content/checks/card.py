"""The campaign's card on the Calls to Action page: nothing of it keeps a message from anybody."""

from collections.abc import Iterator

from dispatcher.content.cards import read_picture
from dispatcher.content.checks.draft import Draft, Finding, Severity
from dispatcher.content.manifest import MANIFEST
from dispatcher.errors import BrokenCampaign


def card_pictures(draft: Draft) -> Iterator[Finding]:
    """A picture that can't be shown, or that says nothing to those who don't see it."""
    source = draft.source
    image = source.manifest.image
    if not image:
        return
    file, line = draft.place(image, MANIFEST)
    try:
        read_picture(source.folder / image)
    except BrokenCampaign as error:
        problem = f"The card's picture can't be shown: {error}"
        yield Finding(file, line, Severity.WARNING, problem, "Until then a landscape is shown instead.")
    silent = [name for name, written in source.languages.items() if not written.facts.image_alt]
    if silent:
        problem = f"The card's picture says nothing in {', '.join(silent)}."
        mend = "Give each language's campaign.toml an image_alt that says what it shows."
        yield Finding(file, line, Severity.WARNING, problem, mend)
