"""Settings: the only reader of the environment. A wrong one fails at start, by name, saying what is right.

The fields keep what people wrote (secrets as SecretStr, never printed); the properties give it parsed.
"""

import difflib
import os
import re
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, SecretStr, ValidationError, ValidationInfo
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
from dispatcher.rules.prices import Prices, parse_currency, parse_prices
from dispatcher.rules.rates import Rate, parse_domain_rates, parse_rate
from dispatcher.rules.urls import ServiceUrl, is_loopback, parse_service_url

PREFIX = "DISPATCH_"
TOML = "dispatch.toml"
_DEFAULT_RATES = {"outbox": None, "smtp": Rate(20, 1), "smtps": Rate(20, 1), "twilio": Rate(1, 1)}


def _service(text: str) -> ServiceUrl:
    if text.startswith("outbox:"):
        return ServiceUrl(scheme="outbox", path=text.removeprefix("outbox:") or "var/outbox")
    return parse_service_url(text)


def _address_of(*schemes: str) -> AfterValidator:
    def check(value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            url = _service(value.get_secret_value())
            if url.scheme not in schemes:
                forms = [f"{s}:FOLDER" if s == "outbox" else f"{s}://..." for s in schemes]
                raise ValueError(f"must be one of {', '.join(forms)}")
            _refuse_incomplete(url)
        return value

    return AfterValidator(check)


def _refuse_incomplete(url: ServiceUrl) -> None:
    """What the address of each kind of service can't do without."""
    if url.scheme in {"smtp", "smtps", "redis", "rediss", "amqp", "amqps"} and not url.host:
        raise ValueError(f"names no server; write {url.scheme}://user:password@host:port")
    if url.scheme == "redis+socket" and not url.path:
        raise ValueError("names no socket; write redis+socket:///path/of/the/socket")
    if url.scheme == "sqlite":
        if url.path in {"", "/", "/:memory:"}:
            raise ValueError("must name a file, which several processes share: sqlite:///var/dispatch.db")
        if not re.fullmatch(r"[\d.]+", url.options.get("timeout", "30")):
            raise ValueError("has a timeout that isn't a number of seconds")
    if url.scheme == "twilio":
        if not (url.user and url.password):
            raise ValueError("needs the account and its token; write twilio://SID:TOKEN@?from=+13125550100")
        if ("from" in url.options) == ("messaging_service" in url.options):
            raise ValueError("needs one sender: ?from=+13125550100, or ?messaging_service=MG...")


def _parsed_by(parse: Callable[[str], object]) -> AfterValidator:
    def check(value: str) -> str:
        parse(value)
        return value

    return AfterValidator(check)


def _rate_or_default(value: str) -> Rate | None:
    return parse_rate(value) if value else None


def _web_address(value: str) -> str:
    url = parse_service_url(value)
    if url.scheme not in {"http", "https"} or not url.host or url.user or url.options:
        raise ValueError("must be https://your.site (or http://localhost:8000 for practice)")
    return value.rstrip("/")


def _refuse_short(key: str) -> None:
    if len(key.strip()) < 32:
        raise ValueError("needs at least 32 characters; make one with `openssl rand -base64 32`")


def _one_key(value: SecretStr | None) -> SecretStr | None:
    if value is not None:
        _refuse_short(value.get_secret_value())
    return value


def _list_of_keys(value: SecretStr | None) -> SecretStr | None:
    for key in value.get_secret_value().split(",") if value is not None else ():
        _refuse_short(key)
    return value


def _alarm_address(value: SecretStr | None) -> SecretStr | None:
    """Where alarms are posted; None for the empty file of a secret that nobody has filled in."""
    given = value.get_secret_value() if value is not None else ""
    if not given:
        return None
    url = parse_service_url(given)
    if not url.host or url.scheme not in ({"http", "https"} if is_loopback(url.host) else {"https"}):
        raise ValueError("must be https://...: what is told there is for staff alone")
    return value


def _addresses(value: str) -> tuple[str, ...]:
    return tuple(filter(None, (address.strip() for address in value.split(","))))


def _emails(value: str) -> str:
    for address in _addresses(value):
        _email(address)
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (OSError, ValueError, KeyError):  # a folder's name, an absolute path, no such zone
        raise ValueError("must be a time zone by its IANA name, such as America/Chicago") from None
    return value


def _email(value: str) -> str:
    if value and not (value.count("@") == 1 and "." in value.split("@")[1] and value.isprintable()):
        raise ValueError("must be an address such as alerts@your.site")
    return value


def _one_line(value: str) -> str:
    if not value.isprintable():
        raise ValueError("must be one line of plain text")
    return value.strip()


def _bounces_mailbox(value: str) -> str:
    """A mailbox that takes `name+anything@...` too (RFC 5233), where a message's number fits behind the +."""
    if value and not re.fullmatch(r"[A-Za-z0-9._-]{1,16}@.+", _email(value)):
        raise ValueError("must be an address with at most 16 letters before the @: bounces@your.site")
    return value


def _rsa_key(value: SecretStr | None) -> SecretStr | None:
    """A key for DKIM; None for the empty file of a secret that nobody has filled in."""
    if value is None or not value.get_secret_value():
        return None
    from dispatcher.dkim_keys import read_rsa

    read_rsa(value.get_secret_value())
    return value


def _ed25519_key(value: SecretStr | None, others: ValidationInfo) -> SecretStr | None:
    if value is None or not value.get_secret_value():
        return None
    from dispatcher.dkim_keys import read_ed25519

    read_ed25519(value.get_secret_value())
    if others.data.get("dkim_key") is None:
        raise ValueError("needs DISPATCH_DKIM_KEY beside it: many receivers know RSA signatures alone")
    return value


def _selector(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9-]{0,48}[A-Za-z0-9])?", value):
        raise ValueError("must be letters, digits and hyphens, such as dispatch2027")
    return value


_Redis = Annotated[SecretStr | None, _address_of("redis", "rediss", "redis+socket")]
_RateText = Annotated[str, _parsed_by(_rate_or_default)]
_Line = Annotated[str, AfterValidator(_one_line)]
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
        SecretStr | None, _address_of("sqlite", "postgresql", "postgres", "postgresql+psycopg")
    ] = None
    redis_url: _Redis = None
    broker_url: Annotated[
        SecretStr | None, _address_of("redis", "rediss", "redis+socket", "amqp", "amqps")
    ] = None
    email_url: Annotated[SecretStr, _address_of("outbox", "smtp", "smtps")] = SecretStr("outbox:var/outbox")
    sms_url: Annotated[SecretStr, _address_of("outbox", "twilio")] = SecretStr("outbox:var/outbox")
    public_url: Annotated[str, AfterValidator(_web_address)] = "http://localhost:8000"

    # A comma-separated list: the first signs, all verify.
    secret_key: Annotated[SecretStr | None, AfterValidator(_list_of_keys)] = None
    data_key: Annotated[SecretStr | None, AfterValidator(_one_key)] = None

    rate_email: _RateText = ""
    rate_sms: _RateText = ""  # segments
    rate_domains: Annotated[str, _parsed_by(parse_domain_rates)] = ""
    sms_hours: Annotated[str, _parsed_by(parse_window)] = "8-21"
    daily_email: _Daily = None
    daily_sms: _Daily = None  # segments
    daily_zone: Annotated[str, AfterValidator(_zone)] = "America/Los_Angeles"  # where carriers' days end
    sms_prices: Annotated[str, _parsed_by(parse_prices)] = ""  # of a segment, by the number's country
    sms_currency: Annotated[str, _parsed_by(parse_currency)] = "USD"
    short_links: bool = True  # in texts, where subscribers reach us by https

    # Who is told when something goes wrong and nobody is looking.
    alarm_url: Annotated[SecretStr | None, AfterValidator(_alarm_address)] = None
    alarm_email: Annotated[str, AfterValidator(_emails)] = ""

    org_name: _Line = ""
    org_address: _Line = ""
    from_email: Annotated[str, AfterValidator(_email)] = ""
    from_name: _Line = ""

    # A mailbox that is read for us; what arrives there as bounces+...@ says which message came back.
    bounces_to: Annotated[str, AfterValidator(_bounces_mailbox)] = ""
    # Keys in PEM with which we sign; without them the relay is to sign.
    dkim_key: Annotated[SecretStr | None, AfterValidator(_rsa_key)] = None
    dkim_ed25519_key: Annotated[SecretStr | None, AfterValidator(_ed25519_key)] = None
    dkim_selector: Annotated[str, AfterValidator(_selector)] = "dispatch"

    journal: _Line = (
        ""  # a folder beside the database, for what must outlive putting it back; "": var/journal
    )

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
        return _service(self.email_url.get_secret_value())

    @cached_property
    def sms(self) -> ServiceUrl:
        return _service(self.sms_url.get_secret_value())

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
        return _addresses(self.alarm_email)

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
