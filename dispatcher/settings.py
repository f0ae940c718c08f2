"""Settings: the only reader of the environment. A wrong one fails at start, by name, saying what is right.

The fields keep what people wrote (secrets as SecretStr, never printed); the properties give it parsed.
"""

import difflib
import os
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from dispatcher.errors import WrongSettings
from dispatcher.rules.alert import Channel
from dispatcher.rules.hours import Window, parse_window
from dispatcher.rules.networks import Network, parse_networks
from dispatcher.rules.prices import Prices, parse_currency, parse_prices
from dispatcher.rules.rates import Rate, parse_domain_rates, parse_rate
from dispatcher.rules.urls import ServiceUrl, is_loopback, parse_service_url
from dispatcher.setting_values import (
    address_of,
    alarm_address,
    bounces_mailbox,
    ed25519_key,
    email_address,
    email_addresses,
    hotline_line,
    list_of_keys,
    logins,
    mailbox_address,
    one_key,
    one_line,
    p256_key,
    parsed_by,
    rate_or_default,
    rsa_key,
    selector_label,
    service_url,
    signing_keys,
    sns_topics,
    split_addresses,
    split_secret,
    svix_secret,
    web_address,
    webhook_key,
    webhook_secrets,
    zone_name,
)

PREFIX = "DISPATCH_"
TOML = "dispatch.toml"
_DEFAULT_RATES = {"outbox": None, "smtp": Rate(20, 1), "smtps": Rate(20, 1), "twilio": Rate(1, 1)}


_Redis = Annotated[SecretStr | None, address_of("redis", "rediss", "redis+socket")]
_RateText = Annotated[str, parsed_by(rate_or_default)]
_Line = Annotated[str, AfterValidator(one_line)]
_Daily = Annotated[int | None, Field(gt=0)]
_Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class Settings(BaseSettings):
    """All that can be set: `DISPATCH_*`, `DISPATCH_*_FILE` for what a file holds, then dispatch.toml."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,  # compose files hand on what isn't set as an empty text
        frozen=True,
        extra="forbid",
        toml_file=TOML,
        hide_input_in_errors=True,
    )

    database_url: Annotated[
        SecretStr | None, address_of("sqlite", "postgresql", "postgres", "postgresql+psycopg")
    ] = None
    redis_url: _Redis = None
    broker_url: Annotated[
        SecretStr | None, address_of("redis", "rediss", "redis+socket", "amqp", "amqps")
    ] = None
    email_url: Annotated[SecretStr, address_of("outbox", "smtp", "smtps")] = SecretStr("outbox:var/outbox")
    sms_url: Annotated[SecretStr, address_of("outbox", "twilio")] = SecretStr("outbox:var/outbox")
    public_url: Annotated[str, AfterValidator(web_address)] = "http://localhost:8000"

    # Our own proxies: what they write into X-Forwarded-For is believed, and nobody else's.
    trusted_proxies: Annotated[str, parsed_by(parse_networks)] = ""

    # A comma-separated list: the first signs, all verify.
    secret_key: Annotated[SecretStr | None, AfterValidator(list_of_keys)] = None
    data_key: Annotated[SecretStr | None, AfterValidator(one_key)] = None

    rate_email: _RateText = ""
    rate_sms: _RateText = ""  # segments
    rate_domains: Annotated[str, parsed_by(parse_domain_rates)] = ""
    sms_hours: Annotated[str, parsed_by(parse_window)] = "8-21"
    daily_email: _Daily = None
    daily_sms: _Daily = None  # segments
    daily_zone: Annotated[str, AfterValidator(zone_name)] = "America/Los_Angeles"  # where carriers' days end
    sms_prices: Annotated[str, parsed_by(parse_prices)] = ""  # of a segment, by the number's country
    sms_currency: Annotated[str, parsed_by(parse_currency)] = "USD"
    short_links: bool = True  # in texts, where subscribers reach us by https

    # Who is told when something goes wrong and nobody is looking.
    alarm_url: Annotated[SecretStr | None, AfterValidator(alarm_address)] = None
    alarm_email: Annotated[str, AfterValidator(email_addresses)] = ""

    org_name: _Line = ""
    org_address: _Line = ""
    org_zone: Annotated[str, AfterValidator(zone_name)] = "America/Chicago"  # whose days our pages name
    from_email: Annotated[str, AfterValidator(email_address)] = ""
    from_name: _Line = ""

    # A mailbox that is read for us; what arrives there as bounces+...@ says which message came back.
    bounces_to: Annotated[str, AfterValidator(bounces_mailbox)] = ""
    mailbox_url: Annotated[SecretStr | None, AfterValidator(mailbox_address)] = None  # where all that arrives
    # Where people's answers go, as replies+...@; "": to the From address.
    reply_to: Annotated[str, AfterValidator(bounces_mailbox)] = ""
    # What somebody can turn to who can't wait for an answer: a number or a page.
    hotline: Annotated[str, AfterValidator(hotline_line)] = ""
    # Keys in PEM with which we sign; without them the relay is to sign.
    dkim_key: Annotated[SecretStr | None, AfterValidator(rsa_key)] = None
    dkim_ed25519_key: Annotated[SecretStr | None, AfterValidator(ed25519_key)] = None
    dkim_selector: Annotated[str, AfterValidator(selector_label)] = "dispatch"

    # What proves the calls of providers that report what became of messages: docs/operating.md, "Callbacks".
    callback_secret: Annotated[SecretStr | None, AfterValidator(logins)] = None
    ses_topics: Annotated[str, parsed_by(sns_topics)] = ""
    sendgrid_key: Annotated[str, AfterValidator(p256_key)] = ""
    mailgun_key: Annotated[SecretStr | None, AfterValidator(signing_keys)] = None
    resend_secret: Annotated[SecretStr | None, AfterValidator(svix_secret)] = None

    # With what sites where people act sign what they tell: whsec_..., or several, by commas.
    actions_secret: Annotated[SecretStr | None, AfterValidator(webhook_secrets)] = None

    journal: _Line = (
        ""  # a folder beside the database, for what must outlive putting it back; "": var/journal
    )

    # Days after its last event that an alert keeps its messages and their log; then counts are left.
    retain_detail_days: Annotated[int, Field(gt=0)] = 90
    retain_detail_days_sensitive: Annotated[int, Field(gt=0)] = 30  # where the campaign or a list of it is

    lease_seconds: _Seconds = 120.0  # longer than any provider time-out; tests use 2
    provider_timeout: _Seconds = 30.0
    chunk_size: Annotated[int, Field(gt=0)] = 500

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, _NamedFiles(settings_cls), TomlConfigSettingsSource(settings_cls)

    @cached_property
    def email(self) -> ServiceUrl:
        return service_url(self.email_url.get_secret_value())

    @cached_property
    def sms(self) -> ServiceUrl:
        return service_url(self.sms_url.get_secret_value())

    @cached_property
    def redis(self) -> ServiceUrl | None:
        """None: an embedded server that we own."""
        return parse_service_url(self.redis_url.get_secret_value()) if self.redis_url else None

    @cached_property
    def broker(self) -> ServiceUrl | None:
        """Where the queue is, when it isn't beside the limiter in Redis."""
        return parse_service_url(self.broker_url.get_secret_value()) if self.broker_url else self.redis

    @cached_property
    def public(self) -> ServiceUrl:
        return parse_service_url(self.public_url)

    @cached_property
    def proxies(self) -> tuple[Network, ...]:
        """Whose X-Forwarded-For is believed."""
        return parse_networks(self.trusted_proxies)

    @cached_property
    def domain_rates(self) -> dict[str, Rate]:
        return parse_domain_rates(self.rate_domains)

    @cached_property
    def sms_window(self) -> Window | None:
        """When texts may arrive, recipient-local; None when lifted."""
        return parse_window(self.sms_hours)

    @cached_property
    def prices(self) -> Prices:
        """What a segment costs; empty when nobody has said."""
        return Prices(parse_prices(self.sms_prices), self.sms_currency)

    @property
    def shortens_links(self) -> bool:
        """Whether the action link of a text becomes a short one of our own domain."""
        return self.short_links and self.public.scheme == "https"

    def service(self, channel: Channel) -> ServiceUrl:
        """The provider's address of one channel."""
        return self.email if channel is Channel.EMAIL else self.sms

    def rate(self, channel: Channel) -> Rate | None:
        """The provider's global limit: emails, or segments, a second; None: unlimited."""
        written = self.rate_email if channel is Channel.EMAIL else self.rate_sms
        return parse_rate(written) if written else _DEFAULT_RATES[self.service(channel).scheme]

    def daily(self, channel: Channel) -> int | None:
        """How many emails, or segments, may leave in a day; None: as many as the rate allows."""
        return self.daily_email if channel is Channel.EMAIL else self.daily_sms

    @cached_property
    def alarm_emails(self) -> tuple[str, ...]:
        """The staff's addresses that alarms go to."""
        return split_addresses(self.alarm_email)

    @cached_property
    def mailbox(self) -> ServiceUrl | None:
        """The folder that is read for us; None: nobody reads one."""
        return parse_service_url(self.mailbox_url.get_secret_value()) if self.mailbox_url else None

    @cached_property
    def callback_logins(self) -> tuple[str, ...]:
        """What providers' calls must name by basic authentication: any of these, where there are some."""
        return split_secret(self.callback_secret)

    @cached_property
    def topics(self) -> frozenset[str]:
        """The SNS topics whose messages are believed."""
        return sns_topics(self.ses_topics)

    @cached_property
    def mailgun_keys(self) -> tuple[str, ...]:
        """Mailgun's webhook signing keys, any of which counts."""
        return split_secret(self.mailgun_key)

    @cached_property
    def resend_key(self) -> str:
        """The signing secret of Resend's webhook; "" without it."""
        return self.resend_secret.get_secret_value() if self.resend_secret else ""

    @cached_property
    def actions_keys(self) -> tuple[bytes, ...]:
        """The keys that sites where people act sign with, any of which counts."""
        return tuple(map(webhook_key, split_secret(self.actions_secret)))

    @cached_property
    def practice(self) -> dict[Channel, bool]:
        """Of each channel, whether its sender sends nothing."""
        return {channel: self.service(channel).scheme == "outbox" for channel in Channel}

    def reaches_people(self, channel: Channel) -> bool:
        """Whether this channel's sender can reach anybody beyond this machine."""
        url = self.service(channel)
        if url.scheme == "twilio":
            base = url.options.get("api_base")
            return base is None or not is_loopback(parse_service_url(base).host)
        return url.scheme != "outbox" and not is_loopback(url.host)


class _NamedFiles(PydanticBaseSettingsSource):
    """`DISPATCH_DATA_KEY_FILE=/run/secrets/key` gives DISPATCH_DATA_KEY what the file holds."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        return self._read(field_name), field_name, False

    def __call__(self) -> dict[str, Any]:
        read = {name: self._read(name) for name in self.settings_cls.model_fields}
        return {name: value for name, value in read.items() if value is not None}

    @staticmethod
    def _read(name: str) -> str | None:
        variable = f"{PREFIX}{name.upper()}"
        path = os.environ.get(f"{variable}_FILE")
        if not path:
            return None
        if os.environ.get(variable):
            raise WrongSettings(name=f"{variable}_FILE", problem=f"{variable} is given too; keep one.")
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise WrongSettings(
                name=f"{variable}_FILE", problem=f"the file can't be read ({error})."
            ) from None


def load_settings(**given: Any) -> Settings:
    """The settings of this process. `given` comes before the environment (for tests and `dispatch demo`).

    Raises WrongSettings for the first setting that is wrong, or misspelt.
    """
    _refuse_misspelt()
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        field = str(first["loc"][0]) if first["loc"] else "settings"
        if first["type"] == "extra_forbidden":
            name, problem = f"{TOML}: {field}", "isn't a setting." + _nearest(field)
            raise WrongSettings(name=name, problem=problem) from None
        problem = first["msg"].removeprefix("Value error, ")
        raise WrongSettings(name=f"{PREFIX}{field.upper()}", problem=f"{problem}.") from None
    except (OSError, ValueError) as error:  # dispatch.toml isn't ours to read, or isn't TOML
        raise WrongSettings(name=TOML, problem=f"can't be read: {error}.") from None


def _refuse_misspelt() -> None:
    """Refuse what is nearly a setting's name (a misspelt limit wouldn't hold); other names are not ours."""
    known = {name for field in Settings.model_fields for name in (field, f"{field}_file")}
    for variable in os.environ:
        if variable.startswith(PREFIX):
            name = variable.removeprefix(PREFIX).lower()
            if name not in known and difflib.get_close_matches(name, known, cutoff=0.87):
                raise WrongSettings(name=variable, problem="isn't a setting." + _nearest(name))


def _nearest(name: str) -> str:
    close = difflib.get_close_matches(name, Settings.model_fields, n=1)
    return f" Did you mean {close[0]} ({PREFIX}{close[0].upper()})?" if close else ""
