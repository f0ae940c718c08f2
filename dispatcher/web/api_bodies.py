"""What the API takes and answers: the description at /api/v1/openapi.json is made from this."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from dispatcher.addresses import EmailAddress, PhoneNumber, parse_email, parse_phone
from dispatcher.errors import InvalidAddress
from dispatcher.rules.alert import Channel
from dispatcher.usecases.acting.reading import Told


def _plain(text: str) -> str:
    """No NUL, no other control but line ends and tabs, nothing that can't be encoded."""
    if any((char < " " and char not in "\n\r\t") or "\ud800" <= char <= "\udfff" for char in text):
        raise ValueError("must be plain text")
    return text


def _email(text: str) -> str:
    try:
        parse_email(text)
    except InvalidAddress as error:
        raise ValueError(str(error)) from None
    return text


def _phone(text: str) -> str:
    try:
        parse_phone(text)
    except InvalidAddress as error:
        raise ValueError(str(error)) from None
    return text


Words = Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(_plain)]
Email = Annotated[str, Field(max_length=254, examples=["rosa@example.org"]), AfterValidator(_email)]
Phone = Annotated[str, Field(max_length=40, examples=["+13125550142"]), AfterValidator(_phone)]
Language = Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$", examples=["es"])]
Number = Annotated[int, Field(ge=1, lt=2**31)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Shown(_Body):
    """The exact words beside the box that the person ticked, for each channel that they agreed to."""

    email: Words | None = None
    sms: Words | None = None


class _WithAddress(_Body):
    email: Email | None = Field(None, description="An email address.")
    phone: Phone | None = Field(None, description="A phone number, best as +13125550142.")

    @model_validator(mode="after")
    def _has_an_address(self) -> "_WithAddress":
        if self.email is None and self.phone is None:
            raise ValueError("needs an email address, a phone number, or both")
        return self

    def email_address(self) -> EmailAddress | None:
        return parse_email(self.email) if self.email is not None else None

    def phone_number(self) -> PhoneNumber | None:
        return parse_phone(self.phone) if self.phone is not None else None


class SignUpBody(_WithAddress):
    """Somebody who filled in a form of yours. Nobody is on a list before they have confirmed it
    themselves.
    """

    lists: list[Number] = Field(
        min_length=1, max_length=20, description="By number, as in GET /api/v1/lists."
    )
    language: Language = Field("en", description="In which messages are to come.")
    read_in: Language | None = Field(None, description="The language of the words shown, if another.")
    postal_code: str | None = Field(None, pattern=r"^\d{5}(-\d{4})?$")
    disclosures: Shown
    page: str = Field(max_length=300, pattern=r"^https?://[!-~]+$", description="The form's own address.")

    @model_validator(mode="after")
    def _has_shown_words(self) -> "SignUpBody":
        for name, address in (("email", self.email), ("sms", self.phone)):
            if address is not None and getattr(self.disclosures, name) is None:
                raise ValueError(f"disclosures.{name} is missing: the words that were shown for this address")
        return self

    def shown(self) -> dict[Channel, str]:
        """The words of each channel that has some."""
        words = {Channel.EMAIL: self.disclosures.email, Channel.SMS: self.disclosures.sms}
        return {channel: text for channel, text in words.items() if text is not None}


class LeaveBody(_WithAddress):
    """Somebody who wants no more messages."""

    lists: list[Number] | None = Field(
        None, min_length=1, max_length=20, description="Which lists to leave; all of them when left out."
    )


class ActionRow(_Body):
    """One act. What can't be read is told of this row alone."""

    campaign: Number = Field(description="By number, as `dispatch actions address` says it.")
    email: str = Field("", max_length=1000, examples=["rosa@example.org"])
    phone: str = Field("", max_length=1000, examples=["+13125550142"], description="One of them, or both.")
    at: str = Field(
        "", max_length=100, examples=["2026-11-05T20:15:00-06:00"], description="Now, when it is left out."
    )


class ActionsBody(_Body):
    """Who did what a campaign asked for."""

    actions: list[ActionRow] = Field(min_length=1, max_length=1000)

    def rows(self) -> list[tuple[int, Told]]:
        """Each with its campaign."""
        return [(one.campaign, Told(one.email, one.phone, one.at)) for one in self.actions]


class ActionProblem(BaseModel):
    """A row that can't be used. What it held isn't repeated."""

    row: int = Field(description="The first is 1.")
    field: str
    problem: str


class ActionsTaken(BaseModel):
    """The answer, whether we know the people or not."""

    status: str = "accepted"
    accepted: int
    problems: list[ActionProblem]


class Taken(BaseModel):
    """The answer, whoever it is about."""

    status: str = "accepted"


class ListName(BaseModel):
    """A list that people may join by themselves."""

    number: int
    name: str


class ListNames(BaseModel):
    lists: list[ListName]


class Problem(BaseModel):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str | None = None
    errors: list[dict[str, str]] | None = None
