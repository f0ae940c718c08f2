import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher.rules.urls import ServiceUrl, is_loopback, parse_service_url


def test_every_part_of_an_address_is_read() -> None:
    url = parse_service_url("SMTP://me:secret@mail.example.org:587/path?starttls=yes&connections=4")
    assert url == ServiceUrl(
        "smtp", "me", "secret", "mail.example.org", 587, "/path", {"starttls": "yes", "connections": "4"}
    )


@pytest.mark.parametrize("password", ["a+b", "a/b", "a@b", "a:b", "a%b", "a@b/c:25@d", "p@ss/w+rd=="])
def test_a_password_may_be_pasted_raw(password: str) -> None:
    url = parse_service_url(f"smtp://me:{password}@mail.example.org:587?starttls=yes")
    assert (url.user, url.password, url.host, url.port) == ("me", password, "mail.example.org", 587)
    assert url.options == {"starttls": "yes"}


def test_a_password_may_be_percent_encoded() -> None:
    assert parse_service_url("smtp://me:a%40b%2Fc%25@mail.example.org").password == "a@b/c%"


def test_a_user_may_be_an_email_address() -> None:
    url = parse_service_url("smtp://me@example.org:secret@mail.example.org")
    assert (url.user, url.password, url.host) == ("me@example.org", "secret", "mail.example.org")


def test_a_number_keeps_its_raw_plus() -> None:
    url = parse_service_url("twilio://AC0123:token@?from=+13125550100&api_base=http://127.0.0.1:9")
    assert (url.user, url.password, url.host) == ("AC0123", "token", "")
    assert url.options == {"from": "+13125550100", "api_base": "http://127.0.0.1:9"}


def test_an_encoded_at_in_an_option_stays_there() -> None:
    url = parse_service_url("smtp://me:secret@mail.example.org?name=a%40b")
    assert (url.host, url.options) == ("mail.example.org", {"name": "a@b"})


def test_an_option_without_a_value_is_empty() -> None:
    assert parse_service_url("redis://localhost?ssl&&db=1").options == {"ssl": "", "db": "1"}


def test_a_socket_is_a_path() -> None:
    url = parse_service_url("redis+socket:///run/redis.sock?db=1")
    assert (url.host, url.path, url.options) == ("", "/run/redis.sock", {"db": "1"})


def test_an_ipv6_address_loses_its_brackets_and_gets_them_back() -> None:
    url = parse_service_url("smtp://me:secret@[::1]:1025")
    assert (url.host, url.port) == ("::1", 1025)
    assert str(url) == "smtp://me@[::1]:1025"
    assert url.encoded() == "smtp://me:secret@[::1]:1025"


@pytest.mark.parametrize("text", ["localhost:6379", "smtp:mail", "smtp://host:port", "", "://host"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="scheme://user:password@host:port"):
        parse_service_url(text)


@pytest.mark.parametrize("port", [0, 65536])
def test_a_port_that_cannot_be_is_refused(port: int) -> None:
    with pytest.raises(ValueError, match="ports are 1 to 65535"):
        parse_service_url(f"smtp://host:{port}")


def test_no_password_is_shown() -> None:
    url = parse_service_url("postgresql://me:sesame@db:5432/house?password=sesame")
    assert str(url) == "postgresql://me@db:5432/house"
    assert "sesame" not in str(url) + repr(url)


def test_without_login_port_or_options_nothing_stands_in_their_place() -> None:
    url = parse_service_url("https://dispatch.example.org")
    assert str(url) == url.encoded() == "https://dispatch.example.org"


def test_a_password_without_a_user_is_kept() -> None:
    assert parse_service_url("redis://:secret@redis:6379/0").encoded() == "redis://:secret@redis:6379/0"


@given(
    user=st.text(min_size=1, max_size=20),
    password=st.text(min_size=1, max_size=20),
    value=st.text(max_size=20),
)
def test_whatever_is_encoded_reads_back(user: str, password: str, value: str) -> None:
    given_url = ServiceUrl("smtp", user, password, "mail.example.org", 25, "/x", {"name": value})
    assert parse_service_url(given_url.encoded()) == given_url


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.9.10", "::1"])
def test_this_machine_is_loopback(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["", "mail.example.org", "127.0.0.1.example.org", "10.0.0.1", "::"])
def test_any_other_machine_is_not(host: str) -> None:
    assert not is_loopback(host)
