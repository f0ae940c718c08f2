"""Begin a campaign: copy the starter's files into the working folder."""

import shutil
from pathlib import Path

from dispatcher.content.manifest import SLUG
from dispatcher.errors import CampaignExists, WrongCampaignName
from dispatcher.paths import shipped


def new_campaign(slug: str) -> Path:
    """Make `./templates/campaigns/<slug>` from the starter; returns the folder.

    Raises WrongCampaignName, or CampaignExists rather than writing over anybody's words.
    """
    if not SLUG.fullmatch(slug):
        raise WrongCampaignName(slug=slug)
    folder = Path.cwd() / "templates" / "campaigns" / slug
    if folder.exists():
        raise CampaignExists(folder=folder)
    shutil.copytree(shipped("templates", "starter"), folder)
    return folder
