"""Languages that a campaign has, and whose frame nobody has read yet: practice goes on without them."""

from dispatcher.content.catalogue import catalogue_for
from dispatcher.content.load import CampaignSource
from dispatcher.errors import BrokenCampaign


def unread_languages(source: CampaignSource) -> tuple[str, ...]:
    """Those without a catalogue that can be used; not the campaign's own, which the others come from."""
    own = source.manifest.language
    return tuple(language for language in source.languages if language != own and not _read(language))


def _read(language: str) -> bool:
    try:
        found = catalogue_for(language)
    except BrokenCampaign:  # half-written
        return False
    return found is not None and bool(found.reviewer)
