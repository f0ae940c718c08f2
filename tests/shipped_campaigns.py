"""The campaigns that are shipped, frozen once a run, and a reader of them."""

from functools import cache

from dispatcher.content.edition import Organisation, freeze
from dispatcher.content.load import list_campaigns, load_campaign
from dispatcher.content.render import Compiled, Person

ORGANISATION = Organisation(
    name="Illinois Coalition for Immigrant and Refugee Rights",
    address="228 S. Wabash, Suite 800, Chicago, Illinois 60604",
    from_email="alerts@example.org",
    from_name="ICIRR alerts",
)
# Every campaign in every language; a broken one stays in, so that its tests fail.
CASES = [
    (listed.slug, language)
    for listed in list_campaigns()
    for language in (listed.source.languages if listed.source else ["en"])
]
LEAVE_URL = "https://alerts.example.org/leave/" + "a" * 120


@cache
def compiled(slug: str) -> Compiled:
    """A campaign, ready to be rendered."""
    return Compiled(freeze(load_campaign(slug), ORGANISATION))


def reader(language: str, first_name: str | None = "Guadalupe") -> Person:
    """Somebody who reads this language."""
    return Person(
        message_id=1,
        to="reader@example.org",
        first_name=first_name,
        last_name=None,
        language=language,
        attributes={},
        list_name="ICIRR alerts",
        leave_url=LEAVE_URL,
        one_click_url="https://alerts.example.org/one-click/" + "a" * 120,
    )
