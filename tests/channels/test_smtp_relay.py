import pytest

from dispatcher.channels.smtp_relay import Relay, StartTls, relay_of
from dispatcher.rules.urls import parse_service_url


def relay(url: str) -> Relay:
    return relay_of(parse_service_url(url), timeout=30.0)


@pytest.mark.parametrize(
    ("url", "port"),
    [
        ("smtp://mail.ours.example", 25),
        ("smtp://alerts:pw@mail.ours.example", 587),
        ("smtps://alerts:pw@mail.ours.example", 465),
        ("smtp://alerts:pw@mail.ours.example:2525", 2525),
    ],
)
def test_without_a_port_it_is_the_usual_one(url: str, port: int) -> None:
    assert relay(url).port == port


@pytest.mark.parametrize(
    ("url", "starttls"),
    [
        ("smtp://mail.ours.example", StartTls.REQUIRED),
        ("smtp://127.0.0.1:2500", StartTls.IF_OFFERED),
        ("smtp://[::1]:2500", StartTls.IF_OFFERED),
        ("smtp://mail.ours.example?starttls=if-offered", StartTls.IF_OFFERED),
        ("smtp://mail.ours.example?starttls=no", StartTls.NO),
        ("smtp://localhost?starttls=required", StartTls.REQUIRED),
    ],
)
def test_starttls_is_required_beyond_this_machine_unless_told_otherwise(url: str, starttls: StartTls) -> None:
    assert relay(url).starttls is starttls


def test_smtps_speaks_tls_from_the_first_byte() -> None:
    assert relay("smtps://mail.ours.example").tls_from_start
    assert not relay("smtp://mail.ours.example").tls_from_start


def test_options_are_read() -> None:
    made = relay("smtp://a:p/w+@mail.ours.example?connections=20&ehlo=news.ours.example")
    assert (made.connections, made.ehlo, made.password) == (20, "news.ours.example", "p/w+")
    assert "p/w+" not in repr(made)


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("smtp://mail.ours.example?startls=no", "no option 'startls'"),
        ("smtp://mail.ours.example?starttls=maybe", "starttls=maybe"),
        ("smtp://mail.ours.example?connections=0", "connections=0"),
        ("smtp://mail.ours.example?connections=many", "connections=many"),
        ("smtp://mail.ours.example?connections=1000", "connections=1000"),
        ("smtp://", "relay's name"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(url: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        relay(url)
