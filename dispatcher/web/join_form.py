"""What somebody filled in on the sign-up form: read, cleaned, and checked, with what they must mend."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dispatcher.addresses import (
    AddressProblem,
    EmailAddress,
    PhoneNumber,
    country_of,
    parse_email,
    parse_phone,
)
from dispatcher.rules.alert import Channel
from dispatcher.usecases.joining.open_lists import Offer

TRAP = "homepage"  # nobody sees it, so nobody fills it in but a program
_LONGEST = 254  # characters of any field (RFC 5321, section 4.5.3.1.3); longer is no address
_ZIP = re.compile(r"([0-9]{5})(?:[- ]?[0-9]{4})?", re.ASCII)
# The United States and its territories, and Canada. There are people who have strangers texted in dear
# countries for a share of what it costs us: a form for everybody must not text the world. Staff add others.
_TEXTED = frozenset({"US", "PR", "VI", "GU", "AS", "MP", "CA"})
_TEXTS = ("email", "phone", "zip", "language", "stamp", TRAP)


@dataclass(slots=True)
class JoinForm:
    """The form's values, as they go back to whoever must mend something, and what they mean.

    `errors`: field -> the word's name in the catalogue's section `join`, in the order of the fields.
    """

    values: dict[str, str] = field(default_factory=lambda: dict.fromkeys(_TEXTS, ""), repr=False)
    chosen: frozenset[int] = frozenset()  # offers, by their number
    agreed: frozenset[Channel] = frozenset()
    errors: dict[str, str] = field(default_factory=dict)
    email: EmailAddress | None = field(default=None, repr=False)
    phone: PhoneNumber | None = field(default=None, repr=False)
    postal_code: str | None = None

    @property
    def trapped(self) -> bool:
        """Whether a program has filled it in."""
        return bool(self.values[TRAP])

    def list_ids(self, offers: Sequence[Offer]) -> tuple[int, ...]:
        """The lists of what was chosen."""
        return tuple(number for one in offers if one.number in self.chosen for number in one.list_ids)


def read_join_form(
    fields: Mapping[str, Sequence[str]], offers: Sequence[Offer], languages: Sequence[str]
) -> JoinForm:
    """The form that was sent; its `errors` are empty when it is right."""
    form = JoinForm({name: _clean(fields.get(name, [""])[-1]) for name in _TEXTS})
    known = {str(one.number): one.number for one in offers}
    form.chosen = frozenset(known[number] for number in fields.get("list", []) if number in known)
    if len(offers) == 1:
        form.chosen = frozenset(known.values())
    form.agreed = frozenset(one for one in Channel if f"agree_{one}" in fields)
    if form.values["language"] not in languages:
        form.values["language"] = languages[0]
    if not form.chosen:
        form.errors["list"] = "error_list"
    _check_addresses(form)
    _check_zip(form)
    _check_consents(form)
    return form


def _check_addresses(form: JoinForm) -> None:
    email, phone = form.values["email"], form.values["phone"]
    if not email and not phone:
        form.errors["email"] = "error_nothing"
    if email:
        form.email = _parsed_email(email)
        if form.email is None:
            form.errors["email"] = "error_email"
    if phone:
        form.phone = _parsed_phone(phone)
        if form.phone is None:
            form.errors["phone"] = "error_phone"


def _check_consents(form: JoinForm) -> None:
    for channel, name in ((Channel.EMAIL, "email"), (Channel.SMS, "phone")):
        if form.values[name] and channel not in form.agreed:
            form.errors[f"agree_{channel}"] = f"error_agree_{channel}"


def _check_zip(form: JoinForm) -> None:
    written = form.values["zip"]
    match = _ZIP.fullmatch(written)
    if match:
        form.postal_code = match[1]  # five digits are all that we use
    elif written:
        form.errors["zip"] = "error_zip"


def _parsed_email(text: str) -> EmailAddress | None:
    try:
        return parse_email(text) if len(text) <= _LONGEST else None
    except AddressProblem:
        return None


def _parsed_phone(text: str) -> PhoneNumber | None:
    try:
        number = parse_phone(text) if len(text) <= _LONGEST else None
    except AddressProblem:
        return None
    return number if number and country_of(number.e164) in _TEXTED else None


def _clean(text: str) -> str:
    """One line without what can't be seen: line breaks, control and direction characters."""
    kept = (c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c)[0] != "C")
    return " ".join("".join(kept).split())[: _LONGEST + 1]
