"""What the API answers to who reads along: the description at /api/v1/openapi.json is made from this."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from dispatcher.web.api_bodies import Email, Phone

Counts = dict[str, int]


def _like(**example: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [example]})


class Campaign(BaseModel):
    """`slug` and `title` are null where it is sensitive and the key lacks the scope `sensitive`."""

    model_config = _like(
        campaign=2, slug="budget", title="Fund our schools", level="state", sensitive=False, alerts=[3, 5]
    )
    campaign: int
    slug: str | None
    title: str | None
    level: str
    sensitive: bool
    alerts: list[int]


class Campaigns(BaseModel):
    campaigns: list[Campaign]
    next: int | None = Field(description="Give it as `after` to go on; null at the end.")


class AlertStatus(BaseModel):
    """As `dispatch status --json` has it. What could name a sensitive campaign is null, or empty."""

    model_config = _like(
        alert=3,
        campaign="budget",
        campaign_number=2,
        sensitive=False,
        name="",
        edition=1,
        state="finished",
        reason="",
        held_until=None,
        practice=False,
        counts={"email": {"sent": 4, "delivered": 96}, "sms": {"delivered": 20}},
        seconds=31.4,
        segments=[],
        exceptions=[],
        unwelcome={"email": {"not_bounced": 100, "complained": 0, "left": 1}},
        texts={},
    )
    alert: int
    campaign: str | None
    campaign_number: int
    sensitive: bool
    name: str | None
    edition: int
    state: str
    reason: str | None
    held_until: str | None
    practice: bool
    counts: dict[str, Counts] = Field(description="Channel -> status -> messages.")
    seconds: float
    segments: list[str]
    exceptions: list[str]
    unwelcome: dict[str, dict[str, Any]] = Field(description="Channel -> who complained, and who left.")
    texts: dict[str, dict[str, Any]] = Field(description="Language -> what its texts took.")


class Alerts(BaseModel):
    alerts: list[AlertStatus]
    next: int | None = Field(description="Give it as `before` to go on; null at the end.")


class LogRow(BaseModel):
    """As `dispatch log --format jsonl` has it: what became of one attempt, or an event that was told us.

    `subscriber` is null where the alert is sensitive and the key lacks the scope `sensitive`.
    """

    model_config = _like(
        message=71,
        alert=3,
        channel="email",
        subscriber=12,
        status="delivered",
        at="2026-11-23T01:22:21.123456+00:00",
        attempt=1,
        provider_ref="<71.x@alerts.example.org>",
        error=None,
        detail=None,
    )
    message: int
    alert: int
    channel: str
    subscriber: int | None
    status: str
    at: str
    attempt: int
    provider_ref: str | None
    error: str | None
    detail: str | None


class Log(BaseModel):
    rows: list[LogRow]
    next: str | None = Field(description="Give it as `after`, now or later: it goes on behind these rows.")
    more: bool = Field(description="Whether there are some already.")


class ListSeen(BaseModel):
    """`slug` and `public_name` are null where it is sensitive and the key lacks the scope `sensitive`."""

    model_config = _like(
        list=1,
        slug="vote",
        public_name="ICIRR alerts",
        sensitive=False,
        open=True,
        people={"email": 900, "sms": 120},
        reachable={"email": 880, "sms": 118},
    )
    list: int
    slug: str | None
    public_name: str | None
    sensitive: bool
    open: bool
    people: Counts
    reachable: Counts


class ListsSeen(BaseModel):
    lists: list[ListSeen]


class Membership(BaseModel):
    list: int
    channel: str
    joined_at: str
    left_at: str | None
    current: bool = Field(description="With the address of today, not with an older one.")


class Reachability(BaseModel):
    suppressed: str | None = Field(description="Why it must not be written to; null: it may be.")


class Person(BaseModel):
    """One person, by number. Sensitive lists, and who is on them alone, are left out unless the key has
    the scope `sensitive`.
    """

    model_config = _like(
        subscriber=12,
        language="es",
        created_at="2026-01-02T10:00:00+00:00",
        channels={"email": {"suppressed": None}, "sms": {"suppressed": "stop"}},
        subscriptions=[
            {
                "list": 1,
                "channel": "email",
                "joined_at": "2026-01-02T10:00:00+00:00",
                "left_at": None,
                "current": True,
            }
        ],
    )
    subscriber: int
    language: str
    created_at: str
    channels: dict[str, Reachability]
    subscriptions: list[Membership]


class People(BaseModel):
    subscribers: list[Person]


class WhoBody(BaseModel):
    """One address. It stands here and not in the address of the page, which servers write into logs."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)
    email: Email | None = None
    phone: Phone | None = None

    @model_validator(mode="after")
    def _is_one(self) -> "WhoBody":
        if (self.email is None) == (self.phone is None):
            raise ValueError("needs an email address or a phone number, and not both")
        return self


class SuppressionCount(BaseModel):
    model_config = _like(channel="email", reason="bounced", addresses=14)
    channel: str
    reason: str
    addresses: int


class SuppressionCounts(BaseModel):
    suppressions: list[SuppressionCount]


class ActionCount(BaseModel):
    model_config = _like(campaign=2, people=41, acts={"reported": 40, "told": 3})
    campaign: int
    people: int
    acts: Counts = Field(description="How we know -> acts.")


class ActionCounts(BaseModel):
    campaigns: list[ActionCount]


class Replies(BaseModel):
    """Words stand there only where the key has the scope `replies:words`. `alert` is null where it is
    sensitive and the key lacks the scope `sensitive`.
    """

    waiting: int = Field(description="How many somebody should look at.")
    replies: list[dict[str, Any]] = Field(
        examples=[
            [
                {
                    "reply": 4,
                    "at": "2026-11-23T01:22:21+00:00",
                    "channel": "sms",
                    "language": "es",
                    "tier": "look",
                    "state": "open",
                    "assigned_to": None,
                    "subscriber": 12,
                    "alert": 3,
                    "passed_on": False,
                    "answers": [],
                }
            ]
        ]
    )
    next: int | None = Field(description="Give it as `after` to go on; null at the end.")


class WebhooksSeen(BaseModel):
    """As `dispatch webhooks ls --json` has it: hosts, never whole addresses or secrets."""

    webhooks: list[dict[str, Any]] = Field(
        examples=[
            [
                {
                    "webhook": 1,
                    "host": "crm.example.org",
                    "events": ["message.delivered"],
                    "batch": 1,
                    "told": 96,
                    "waiting": 0,
                    "given_up": 0,
                    "failures": 0,
                    "answers": {},
                }
            ]
        ]
    )
