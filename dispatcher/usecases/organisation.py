"""Who we are, for the messages: from the settings, or a practice name where nothing leaves this machine."""

from dispatcher.content.edition import Organisation
from dispatcher.errors import WrongSettings
from dispatcher.settings import Settings

# Where nothing leaves this machine: the organisation whose campaigns we ship, with a reserved sender.
PRACTICE = Organisation(
    name="Illinois Coalition for Immigrant and Refugee Rights",
    address="228 S. Wabash, Suite 800, Chicago, Illinois 60604",
    from_email="alerts@example.org",
    from_name="ICIRR alerts",
)


def organisation_of(settings: Settings, *, practice: bool) -> Organisation:
    """The organisation that signs the messages. A real sender refuses without: the law asks who and where.

    CAN-SPAM, 15 U.S.C. 7704(a)(5). Raises WrongSettings, by the setting's name.
    """
    needed = {
        "org_name": "the name that your subscribers know",
        "org_address": "a postal address; the law asks for one in every email",
        "from_email": "the address that your alerts come from",
    }
    for name, words in needed.items():
        if not getattr(settings, name) and not practice:
            raise WrongSettings(name=f"DISPATCH_{name.upper()}", problem=f"isn't set. Give {words}.")
    return Organisation(
        name=settings.org_name or PRACTICE.name,
        address=settings.org_address or PRACTICE.address,
        from_email=settings.from_email or PRACTICE.from_email,
        from_name=settings.from_name or settings.org_name or PRACTICE.from_name,
    )
