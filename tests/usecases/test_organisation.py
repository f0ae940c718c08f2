"""Who signs: real messages never go without a name and a postal address."""

import pytest

from dispatcher.errors import WrongSettings
from dispatcher.settings import load_settings
from dispatcher.usecases.organisation import PRACTICE, organisation_of

WHO = {"org_name": "Tenants United", "org_address": "1 Main St, Springfield", "from_email": "us@tenants.org"}


def test_practice_is_signed_by_a_practice_name() -> None:
    assert organisation_of(load_settings(), practice=True) == PRACTICE


@pytest.mark.parametrize("missing", WHO)
def test_real_messages_are_refused_without(missing: str) -> None:
    settings = load_settings(**{name: value for name, value in WHO.items() if name != missing})
    with pytest.raises(WrongSettings, match=rf"^DISPATCH_{missing.upper()}: isn't set\. Give "):
        organisation_of(settings, practice=False)


@pytest.mark.parametrize("practice", [True, False])
def test_what_is_set_is_used(practice: bool) -> None:
    found = organisation_of(load_settings(**WHO, from_name="Tenants"), practice=practice)
    assert (found.name, found.address) == (WHO["org_name"], WHO["org_address"])
    assert (found.from_email, found.from_name) == (WHO["from_email"], "Tenants")


def test_without_a_senders_name_the_organisations_is_shown() -> None:
    assert organisation_of(load_settings(**WHO), practice=False).from_name == "Tenants United"
