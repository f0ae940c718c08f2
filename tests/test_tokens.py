"""Signed links: what they carry, and what they withstand."""

import base64
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher.errors import BadToken, WrongSettings
from dispatcher.rules.alert import Channel
from dispatcher.settings import load_settings
from dispatcher.tokens import Kind, LeaveToken, Signer, leave_url, short_number, short_url

OLD, NEW = "an old key of thirty-two characters", "a new key of thirty-two characters!"


@given(
    st.integers(min_value=1, max_value=2**63 - 1),
    st.sets(st.integers(min_value=1, max_value=2**31 - 1), max_size=20),
    st.sampled_from(Channel),
)
def test_a_token_is_read_as_it_was_made(subscriber_id: int, list_ids: set[int], channel: Channel) -> None:
    signer = Signer([NEW])
    token = signer.leave_token(subscriber_id, list_ids, channel)
    assert signer.read_leave_token(token) == LeaveToken(subscriber_id, tuple(sorted(list_ids)), channel)


def test_a_token_is_short_enough_for_a_text() -> None:
    token = Signer([NEW]).leave_token(9_999_999, [1, 2], Channel.SMS)
    assert len(token) <= 44
    assert leave_url("https://go.example.org", token) == f"https://go.example.org/l/{token}"


def test_a_new_key_signs_and_the_old_one_still_verifies() -> None:
    from_last_year = Signer([OLD]).leave_token(7, [1], Channel.EMAIL)
    both = Signer([NEW, OLD])
    assert both.read_leave_token(from_last_year).subscriber_id == 7
    assert both.leave_token(7, [1], Channel.EMAIL) == Signer([NEW]).leave_token(7, [1], Channel.EMAIL)
    with pytest.raises(BadToken):
        Signer([NEW]).read_leave_token(from_last_year)


def test_no_single_changed_byte_passes() -> None:
    signer = Signer([NEW])
    token = signer.leave_token(7, [1, 300], Channel.EMAIL)
    raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    for place in range(len(raw)):
        forged = bytearray(raw)
        forged[place] ^= 1
        with pytest.raises(BadToken):
            signer.read_leave_token(base64.urlsafe_b64encode(forged).rstrip(b"=").decode())


@given(st.text(max_size=80))
def test_rubbish_is_refused_and_never_raises_otherwise(text: str) -> None:
    with pytest.raises(BadToken):
        Signer([NEW]).read_leave_token(text)


@pytest.mark.parametrize("cut", range(1, 34))
def test_a_link_cut_off_by_a_mail_client_is_refused(cut: int) -> None:
    signer = Signer([NEW])
    with pytest.raises(BadToken):
        signer.read_leave_token(signer.leave_token(7, [1], Channel.EMAIL)[:-cut])


def test_a_token_of_another_kind_is_refused() -> None:
    signer = Signer([NEW])
    with pytest.raises(BadToken):
        signer.read_leave_token(signer.sealed(Kind.CONFIRM, b"\x00\x07\x01"))


def test_an_overlong_token_is_refused() -> None:
    signer = Signer([NEW])
    with pytest.raises(BadToken):
        signer.read_leave_token(signer.leave_token(7, [1], Channel.EMAIL) + "A" * 5000)


def test_a_practice_installation_makes_its_key_once_and_keeps_it_private(tmp_path: Path) -> None:
    settings = load_settings()
    token = Signer.load(settings).leave_token(7, [1], Channel.EMAIL)
    assert Signer.load(settings, create=False).read_leave_token(token).subscriber_id == 7
    assert stat.S_IMODE((tmp_path / "var" / "secret.key").stat().st_mode) == 0o600


def test_without_a_key_and_without_leave_to_make_one_it_is_refused() -> None:
    with pytest.raises(WrongSettings, match="DISPATCH_SECRET_KEY"):
        Signer.load(load_settings(), create=False)


def test_an_https_site_must_be_given_its_key() -> None:
    with pytest.raises(WrongSettings, match="must be given when DISPATCH_PUBLIC_URL is https"):
        Signer.load(load_settings(public_url="https://go.example.org"))


def test_a_list_of_keys_is_read_from_the_settings() -> None:
    settings = load_settings(secret_key=f"{NEW}, {OLD}", public_url="https://go.example.org")
    token = Signer([OLD]).leave_token(7, [1], Channel.EMAIL)
    assert Signer.load(settings).read_leave_token(token).subscriber_id == 7


PAGE = "https://p2a.co/budget"


@given(st.integers(min_value=0, max_value=62**4 - 1))
def test_a_short_token_has_eight_letters_and_says_its_number(number: int) -> None:
    token = Signer([NEW]).short_token(number, PAGE)
    assert (len(token), token.isalnum(), short_number(token)) == (8, True, number)


def test_a_short_token_proves_its_number_and_where_it_leads() -> None:
    signer = Signer([NEW])
    token = signer.short_token(7, PAGE)
    assert signer.proves(token, PAGE)
    assert not signer.proves(token, "https://elsewhere.example.org")
    assert not signer.proves("0008" + token[4:], PAGE)
    assert not Signer([OLD]).proves(token, PAGE)
    assert short_url("https://go.example.org", token) == f"https://go.example.org/k/{token}"


def test_a_short_token_of_an_old_key_still_proves() -> None:
    token = Signer([OLD]).short_token(7, PAGE)
    assert Signer([NEW, OLD]).proves(token, PAGE)
    assert Signer([NEW, OLD]).short_token(7, PAGE) == Signer([NEW]).short_token(7, PAGE)
