"""Settings fail at start, by name, saying what would be right, and never show a secret."""

import pickle
from decimal import Decimal
from pathlib import Path

import pytest

from dispatcher.dkim_keys import as_pem, new_keys
from dispatcher.errors import WrongSettings
from dispatcher.rules.alert import Channel
from dispatcher.rules.hours import Window
from dispatcher.rules.rates import Rate
from dispatcher.settings import Settings, load_settings

KEY = "0123456789abcdef0123456789abcdef"
RSA_KEY, ED25519_KEY = (as_pem(key) for key in new_keys())
TWILIO = "twilio://AC0123:token@?from=+13125550100"

WRONG = [
    ("database_url", "mysql://db/x", "postgresql://"),
    ("database_url", "dispatch.db", "scheme://"),
    ("database_url", "sqlite://", "must name a file"),
    ("database_url", "sqlite:///x.db?timeout=soon", "number of seconds"),
    ("database_url", "postgresql://db:99999/x", "1 to 65535"),
    ("redis_url", "localhost:6379", "scheme://"),
    ("redis_url", "amqp://queue", "redis://"),
    ("redis_url", "redis://", "names no server"),
    ("redis_url", "redis+socket://", "names no socket"),
    ("broker_url", "http://queue", "amqp://"),
    ("email_url", "smtp://", "smtp://user:password@host:port"),
    ("email_url", "mailto:me@example.org", "scheme://"),
    ("email_url", "imap://mail.example.org", "smtps://"),
    ("sms_url", "smtp://mail.example.org", "twilio://"),
    ("sms_url", "twilio://AC0123@?from=+13125550100", "twilio://SID:TOKEN@"),
    ("sms_url", "twilio://AC0123:token@", "?messaging_service="),
    ("public_url", "example.org", "scheme://"),
    ("public_url", "ftp://example.org", "https://"),
    ("public_url", "https://example.org/?a=b", "https://your.site"),
    ("secret_key", "short", "openssl rand"),
    ("secret_key", f"{KEY},short", "32 characters"),
    ("data_key", "short", "32 characters"),
    ("rate_email", "20", "20/s"),
    ("rate_email", "0/s", "20/s"),
    ("rate_sms", "fast", "none"),
    ("rate_domains", "gmail.com", "gmail.com=10/s"),
    ("rate_domains", "gmail.com=fast", "20/s"),
    ("sms_hours", "21-8", "8-21"),
    ("sms_hours", "always", "none"),
    ("daily_email", "0", "greater than 0"),
    ("daily_sms", "many", "integer"),
    ("daily_zone", "Chicago", "America/Chicago"),
    ("org_zone", "Chicago", "must be a time zone by its IANA name"),
    ("daily_zone", "/etc/localtime", "America/Chicago"),
    ("alarm_url", "hooks.example.org", "scheme://"),
    ("alarm_url", "http://hooks.example.org/a-secret", "https://"),
    ("alarm_email", "staff", "alerts@"),
    ("org_name", "two\nlines", "one line"),
    ("journal", "two\nlines", "one line"),
    ("callback_secret", "a-password-without-a-user", "user:password"),
    ("callback_secret", "0123456789abcdef" * 4, '`echo "us:$(openssl rand -hex 32)"`'),
    ("callback_secret", "hooks:a-long-password,x:y", "at least 16"),
    ("ses_topics", "mail", "arn:aws:sns:"),
    ("sendgrid_key", "SG.key", "MFkw"),
    ("sendgrid_key", "MFkw" + "A" * 118 + "==", "verification key"),
    ("mailgun_key", "short", "webhook signing key"),
    ("resend_secret", "re_123", "whsec_"),
    ("actions_secret", "a-password", "openssl rand"),
    ("actions_secret", "whsec_c2hvcnQ=", "openssl rand"),
    ("from_email", "ICIRR", "alerts@"),
    ("from_email", "alerts@localhost", "alerts@"),
    ("hotline", "call\nnow", "one line"),
    ("hotline", "1" * 61, "at most 60 characters"),
    ("bounces_to", "bounces", "alerts@"),
    ("bounces_to", "bounces+here@example.org", "bounces@your.site"),
    ("bounces_to", "returned-messages@example.org", "at most 16 letters"),
    ("reply_to", "desk+here@example.org", "bounces@your.site"),
    ("mailbox_url", "pop3://desk:p@mail.example.org", "imaps://user:password@host:993/INBOX"),
    ("mailbox_url", "imaps:///INBOX", "imaps://user:password@host:993/INBOX"),
    ("mailbox_url", "imaps://mail.example.org", "a user and a password"),
    ("mailbox_url", "imaps://desk:contrase\u00f1a@mail.example.org", "in plain letters"),
    ("mailbox_url", "imaps://desk:p@mail.example.org/B\u00fcro", "such as INBOX"),
    ("mailbox_url", "imaps://desk:p@mail.example.org?starttls=no", "?starttls=1"),
    ("mailbox_url", "imap://desk:p@mail.example.org", "in the clear"),
    ("dkim_key", "sesame", "dispatch dkim new"),
    ("dkim_key", ED25519_KEY, "isn't an RSA key"),
    ("dkim_ed25519_key", "sesame", "dispatch dkim new"),
    ("dkim_ed25519_key", ED25519_KEY, "needs DISPATCH_DKIM_KEY beside it"),
    ("dkim_selector", "two words", "dispatch2027"),
    ("dkim_selector", "x" * 51, "dispatch2027"),
    ("sms_prices", "0.0079", "US=0.0079"),
    ("sms_currency", "dollars", "USD or EUR"),
    ("short_links", "perhaps", "boolean"),
    ("trusted_proxies", "10.0.0.1/8", "must be addresses or networks"),
    ("retain_detail_days", "0", "greater than 0"),
    ("retain_detail_days_sensitive", "a month", "integer"),
    ("lease_seconds", "0", "greater than 0"),
    ("lease_seconds", "soon", "number"),
    ("lease_seconds", "inf", "finite"),
    ("provider_timeout", "-1", "greater than 0"),
    ("chunk_size", "1.5", "integer"),
    ("chunk_size", "0", "greater than 0"),
]


@pytest.mark.parametrize(("name", "value", "words"), WRONG)
def test_a_wrong_setting_is_refused_by_name_with_what_would_be_right(
    name: str, value: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    variable = f"DISPATCH_{name.upper()}"
    monkeypatch.setenv(variable, value)
    with pytest.raises(WrongSettings) as refusal:
        load_settings()
    assert str(refusal.value).startswith(f"{variable}: ")
    assert words in str(refusal.value)


def test_every_setting_that_can_be_wrong_is_in_the_table_above() -> None:
    lines_of_text = {"org_name", "org_address", "from_name"}  # wrong in one way only: org_name stands for all
    assert set(Settings.model_fields) - lines_of_text <= {name for name, _, _ in WRONG}


def test_without_any_setting_everything_stays_on_this_machine() -> None:
    settings = load_settings()
    assert settings.email.scheme == settings.sms.scheme == "outbox"
    assert settings.email.path == "var/outbox"
    assert settings.redis is None
    assert settings.broker is None
    assert settings.public_url == "http://localhost:8000"
    assert settings.sms_window == Window(8, 21)
    assert settings.domain_rates == {}
    assert not any(settings.reaches_people(channel) for channel in Channel)


def test_each_provider_has_a_rate_of_its_own_until_one_is_set() -> None:
    assert load_settings().rate(Channel.EMAIL) is None
    assert load_settings(email_url="smtp://mail.example.org").rate(Channel.EMAIL) == Rate(20, 1)
    assert load_settings(sms_url=TWILIO).rate(Channel.SMS) == Rate(1, 1)
    assert load_settings(sms_url=TWILIO, rate_sms="100/s").rate(Channel.SMS) == Rate(100, 1)
    assert load_settings(sms_url=TWILIO, rate_sms="none").rate(Channel.SMS) is None


@pytest.mark.parametrize(
    ("channel", "url", "reaches"),
    [
        (Channel.EMAIL, "smtp://mail.example.org", True),
        (Channel.EMAIL, "smtp://127.0.0.1:1025", False),
        (Channel.EMAIL, "smtp://[::1]:1025", False),
        (Channel.EMAIL, "outbox:letters", False),
        (Channel.SMS, TWILIO, True),
        (Channel.SMS, f"{TWILIO}&api_base=http://127.0.0.1:9", False),
        (Channel.SMS, f"{TWILIO}&api_base=https://proxy.example.org", True),
    ],
)
def test_a_sender_reaches_people_unless_it_stays_on_this_machine(
    channel: Channel, url: str, reaches: bool
) -> None:
    assert load_settings(**{f"{channel}_url": url}).reaches_people(channel) is reaches


def test_passwords_and_numbers_are_taken_as_dashboards_hand_them_out() -> None:
    mail = load_settings(
        email_url="smtp://me@example.org:p+a/s@s%w:d?@mail.example.org:587?starttls=yes"
    ).email
    assert (mail.user, mail.password) == ("me@example.org", "p+a/s@s%w:d?")
    assert (mail.host, mail.port, mail.options) == ("mail.example.org", 587, {"starttls": "yes"})
    assert load_settings(sms_url=TWILIO).sms.options["from"] == "+13125550100"


def test_dispatch_toml_gives_settings_and_the_environment_comes_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path("dispatch.toml").write_text('org_name = "From the file"\nfrom_name = "Also"\nchunk_size = 7\n')
    monkeypatch.setenv("DISPATCH_ORG_NAME", "From the environment")
    settings = load_settings()
    assert (settings.org_name, settings.from_name, settings.chunk_size) == ("From the environment", "Also", 7)
    assert load_settings(org_name="Given").org_name == "Given"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rate_emial = '5/s'", "Did you mean rate_email (DISPATCH_RATE_EMAIL)?"),
        ("[rates]\nemail = '5/s'", "isn't a setting"),
        ("rate_email = 5/s", "can't be read"),
        ("sms_hours = ''", "8-21"),
        ("rate_email = 5", "DISPATCH_RATE_EMAIL"),
    ],
)
def test_a_mistake_in_dispatch_toml_is_named(text: str, words: str) -> None:
    Path("dispatch.toml").write_text(text)
    with pytest.raises(WrongSettings) as refusal:
        load_settings()
    assert words in str(refusal.value)


def test_dispatch_toml_that_is_not_text_is_refused() -> None:
    Path("dispatch.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(WrongSettings, match=r"dispatch\.toml: can't be read"):
        load_settings()


def test_a_misspelt_variable_is_refused_since_its_limit_would_not_hold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DISPATCH_RATE_EMIAL", "5/s")
    with pytest.raises(WrongSettings, match="Did you mean rate_email"):
        load_settings()


def test_variables_of_others_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPATCH_CLUSTER", "blue")
    assert load_settings().org_name == ""


def test_an_empty_variable_is_no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPATCH_REDIS_URL", "")
    monkeypatch.setenv("DISPATCH_SMS_HOURS", "")
    settings = load_settings()
    assert settings.redis is None
    assert settings.sms_window == Window(8, 21)


def test_a_secret_can_be_kept_in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("key").write_text(f"{KEY}\n")
    monkeypatch.setenv("DISPATCH_DATA_KEY_FILE", "key")
    data_key = load_settings().data_key
    assert data_key is not None
    assert data_key.get_secret_value() == KEY


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_secret_file_that_cannot_be_read_is_named(
    content: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if content is not None:
        Path("key").write_bytes(content)
    monkeypatch.setenv("DISPATCH_DATA_KEY_FILE", "key")
    with pytest.raises(WrongSettings, match="DISPATCH_DATA_KEY_FILE: the file can't be read"):
        load_settings()


def test_a_setting_given_twice_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("key").write_text(KEY)
    monkeypatch.setenv("DISPATCH_DATA_KEY_FILE", "key")
    monkeypatch.setenv("DISPATCH_DATA_KEY", KEY)
    with pytest.raises(WrongSettings, match="DISPATCH_DATA_KEY is given too"):
        load_settings()


SECRETS = {
    "database_url": "postgresql://me:sesame-0@db/x?password=sesame-1",
    "redis_url": "rediss://:sesame-2@redis",
    "broker_url": "amqp://me:sesame-3@queue",
    "email_url": "smtp://me:sesame-4@mail.example.org",
    "sms_url": "twilio://AC0123:sesame-5@?from=+13125550100",
    "secret_key": f"sesame-6{KEY}",
    "data_key": f"sesame-7{KEY}",
    "dkim_key": f"sesame-8\n{RSA_KEY}",
    "dkim_ed25519_key": f"sesame-9\n{ED25519_KEY}",
    "callback_secret": "hooks:sesame-10-and-more",
    "mailgun_key": "sesame-11-and-more",
    "resend_secret": "whsec_sesame12AAAAAAAAAAAAAAAA",
    "actions_secret": "whsec_sesame14AAAAAAAAAAAAAAAAAAAAAAAA",
    "mailbox_url": "imaps://me:sesame-13@mail.example.org/INBOX",
}


def test_no_secret_is_in_what_settings_print() -> None:
    settings = load_settings(**SECRETS)
    parsed = [settings.email, settings.sms, settings.redis, settings.broker, settings.public]
    for shown in (settings, settings.model_dump(), *parsed):
        assert "sesame" not in repr(shown)
        assert "sesame" not in str(shown)
    assert "sesame" not in settings.model_dump_json()


@pytest.mark.parametrize("name", SECRETS)
def test_no_secret_is_in_a_refusal(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        f"DISPATCH_{name.upper()}", "gopher://me:sesame@host" if name.endswith("_url") else "sesame"
    )
    with pytest.raises(WrongSettings) as refusal:
        load_settings()
    assert "sesame" not in str(refusal.value) + repr(refusal.value)
    assert refusal.value.__cause__ is None


def test_settings_do_not_change() -> None:
    settings = load_settings()
    with pytest.raises(ValueError, match="frozen"):
        settings.chunk_size = 3


def test_settings_reach_another_process_whole() -> None:
    settings = load_settings(**SECRETS)
    assert pickle.loads(pickle.dumps(settings)) == settings


def test_alarms_are_told_over_https_or_to_this_machine_and_to_several_people() -> None:
    settings = load_settings(alarm_url="http://127.0.0.1:9/x", alarm_email="a@example.org, b@example.org")
    assert settings.alarm_url is not None
    assert settings.alarm_emails == ("a@example.org", "b@example.org")
    assert "127.0.0.1" not in repr(settings)  # such an address is a password
    assert load_settings(alarm_url="").alarm_url is None
    assert load_settings().alarm_emails == ()


def test_what_proves_callbacks_may_be_a_list_while_it_is_being_changed() -> None:
    settings = load_settings(
        callback_secret="hooks:the-old-password, hooks:the-new-password",
        mailgun_key="key-of-last-year, key-of-this-year",
        ses_topics="arn:aws:sns:us-east-1:123456789012:mail,arn:aws-us-gov:sns:us-gov-west-1:1:x",
    )
    assert settings.callback_logins == ("hooks:the-old-password", "hooks:the-new-password")
    assert settings.mailgun_keys == ("key-of-last-year", "key-of-this-year")
    assert len(settings.topics) == 2
    nothing = load_settings(callback_secret="", mailgun_key="", resend_secret="")
    assert (nothing.callback_logins, nothing.mailgun_keys, nothing.resend_key) == ((), (), "")
    assert nothing.topics == frozenset()


def test_a_mailbox_may_be_on_this_machine_or_be_reached_by_tls_and_an_empty_secret_is_none() -> None:
    assert load_settings(mailbox_url="").mailbox is None
    for url in (
        "imap://desk:p@127.0.0.1:1143",
        "imap://desk:p@mail.us?starttls=1",
        "imaps://d@org.us:p@/x@mail.us/In",
    ):
        assert load_settings(mailbox_url=url).mailbox is not None
    found = load_settings(mailbox_url="imaps://desk@org.us:p@/x@mail.us/INBOX").mailbox
    assert found is not None
    assert (found.user, found.password, found.host, found.path) == (
        "desk@org.us",
        "p@/x",
        "mail.us",
        "/INBOX",
    )


def test_a_day_has_no_limit_until_one_is_set() -> None:
    assert [load_settings().daily(channel) for channel in Channel] == [None, None]
    settings = load_settings(daily_email="500", daily_sms="2000")
    assert [settings.daily(channel) for channel in Channel] == [500, 2000]


def test_keys_for_signing_are_read_from_files_and_empty_files_are_no_keys(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for variable, key in (("DKIM_KEY", RSA_KEY), ("DKIM_ED25519_KEY", ED25519_KEY)):
        Path(variable).write_text(key)
        monkeypatch.setenv(f"DISPATCH_{variable}_FILE", variable)
    settings = load_settings()
    assert settings.dkim_key is not None
    assert settings.dkim_ed25519_key is not None
    Path("DKIM_KEY").write_text("")
    Path("DKIM_ED25519_KEY").write_text("\n")
    settings = load_settings()
    assert (settings.dkim_key, settings.dkim_ed25519_key) == (None, None)


def test_prices_of_texts_are_read_with_their_currency() -> None:
    assert not load_settings().prices
    prices = load_settings(sms_prices="CA=0.0106,*=0.05", sms_currency="CAD").prices
    assert (prices.of("CA"), prices.of("US"), prices.currency) == (Decimal("0.0106"), Decimal("0.05"), "CAD")


def test_links_are_shortened_behind_https_unless_that_is_turned_off() -> None:
    assert not load_settings().shortens_links
    assert load_settings(public_url="https://go.example.org").shortens_links
    assert not load_settings(public_url="https://go.example.org", short_links="off").shortens_links
