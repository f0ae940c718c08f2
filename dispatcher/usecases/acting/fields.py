"""What sites where people act call things: in files that they export, and in what they post.

Data: add a name here, and nowhere else, as `spellings.plain` leaves it (small letters and digits). Of two
that fit, the one that stands first is taken. Sources: docs.phone2action.com (advocates), quorum.redoc.ly
(Contacts, Grassroots Supporter Action), actionnetwork.org/docs/webhooks; and files that people have sent us.
"""

from dispatcher.usecases.importing.spellings import COLUMNS


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# Phone2Action (Capitol Canary until Quorum bought it) and Quorum: what their exports and programs say.
SERVICES: dict[str, dict[str, tuple[str, ...]]] = {
    "phone2action": {
        "email": _words("email emailaddress advocateemail emails"),
        "phone": _words("phone phonenumber mobile mobilephone cellphone advocatephone phones"),
        "campaign": _words("campaign campaignname campaigntitle campaigns campaignid"),
        "at": _words("""
            actiondate dateofaction actiontime actiontimestamp timestamp date datecreated created createdat
            createddate
            """),
    },
    "quorum": {
        "email": _words("email primaryemail emailaddress supporteremail contactemail emails"),
        "phone": _words("phone primaryphone phonenumber mobilephone supporterphone contactphone phones"),
        "campaign": _words("campaign campaignname actioncampaign campaigntitle campaignid"),
        "at": _words("date actiondate dateofaction created datecreated timestamp createdat"),
        "confirmed": _words("confirmed actionconfirmed"),
    },
}

# Whatever the others call them.
_MORE: dict[str, tuple[str, ...]] = {
    "email": _words("emailaddresses useremail signeremail actiontakeremail"),
    "phone": _words("phonenumbers mobilenumber smsnumber"),
    "campaign": _words("actionname actiontitle petition petitiontitle form formname pagename campana"),
    "at": _words("""
        createdon submittedat submitted submissiondate submissiontime completedat takenat datetaken signedat
        signedon eventtime occurredat actedat actedon time datetime fecha fechadeaccion
        """),
    "confirmed": _words("confirmed"),
}


def spellings(service: str | None = None) -> dict[str, tuple[str, ...]]:
    """Field -> its names, of one service or of all of them."""
    if service is not None:
        return SERVICES[service]
    tables = (*SERVICES.values(), _MORE, {name: COLUMNS[name] for name in ("email", "phone")})
    found: dict[str, dict[str, None]] = {}
    for table in tables:
        for name, words in table.items():
            found.setdefault(name, {}).update(dict.fromkeys(words))
    return {name: tuple(words) for name, words in found.items()}


# What holds the fields of one act, where they don't stand by themselves.
INSIDE = _words("person advocate supporter contact user signer action data payload submission")
# What holds many acts.
LISTS = _words("actions data advocates records results events objects")
# Of an address that comes as an object: OSDI's email_addresses and phone_numbers, Phone2Action's emails.
VALUES = _words("address number email phone value")

# Action Network's kinds of events that are acts. An upload, a subscription by hand and the like are none.
OSDI_ACTS = frozenset(
    {"osdi:signature", "osdi:submission", "osdi:attendance", "osdi:donation", "osdi:outreach"}
)
OSDI_LETTER = "osdi:outreach"  # also told of who only typed in an address, then without `targets`
OSDI_TARGETS = "targets"
