"""The data key: what derives from it, where it is kept, and what happens without it."""

import stat
import threading
from pathlib import Path

import pytest

from dispatcher.errors import WrongDataKey, WrongSettings
from dispatcher.keyring import Keyring, load_keyring, made_key
from dispatcher.settings import load_settings

KEYS = Keyring("the data key of this installation")
OTHERS = Keyring("the data key of another installation")
EMAIL = "rosa.delgado@example.org"


def test_an_address_has_one_key_of_16_bytes_that_only_the_data_key_can_make() -> None:
    assert KEYS.address_key(EMAIL) == KEYS.address_key(EMAIL)
    assert len(KEYS.address_key(EMAIL)) == 16
    assert KEYS.address_key(EMAIL) != KEYS.address_key("rosa.delgado@example.com")
    assert KEYS.address_key(EMAIL) != OTHERS.address_key(EMAIL)


def test_address_keys_never_change_between_releases() -> None:
    assert KEYS.address_key(EMAIL).hex() == "7d620e9056e87f3e1cf81f1ef6743c96"
    assert KEYS.fingerprint == "2843e5fe"


@pytest.mark.parametrize("text", ["", EMAIL, "Łucja", "نور", "\N{FAMILY}" * 500])
def test_what_was_sealed_opens_again(text: str) -> None:
    assert KEYS.decrypt(KEYS.encrypt(text, "subscribers.email"), "subscribers.email") == text


def test_the_same_text_is_never_sealed_alike() -> None:
    assert KEYS.encrypt(EMAIL, "subscribers.email") != KEYS.encrypt(EMAIL, "subscribers.email")


def test_what_another_key_sealed_does_not_open() -> None:
    with pytest.raises(WrongDataKey):
        OTHERS.decrypt(KEYS.encrypt(EMAIL, "subscribers.email"), "subscribers.email")


def test_what_was_sealed_for_another_column_does_not_open() -> None:
    with pytest.raises(WrongDataKey):
        KEYS.decrypt(KEYS.encrypt(EMAIL, "subscribers.email"), "subscribers.phone")


def test_what_was_tampered_with_does_not_open() -> None:
    sealed = KEYS.encrypt(EMAIL, "subscribers.email")
    for spoilt in (sealed[:-1], sealed[:-1] + bytes([sealed[-1] ^ 1]), sealed[:4], b""):
        with pytest.raises(WrongDataKey):
            KEYS.decrypt(spoilt, "subscribers.email")


@pytest.mark.parametrize("text", ["", "daca", "Alertas ¡sí!", "ends in zeros\0\0", "\N{FAMILY}" * 50])
def test_a_name_is_sealed_the_same_each_time_and_opens_again(text: str) -> None:
    sealed = KEYS.seal(text, "lists.slug", 64)
    assert KEYS.seal(text, "lists.slug", 64) == sealed
    assert KEYS.unseal(sealed, "lists.slug") == text


def test_sealed_names_never_change_between_releases() -> None:
    """They are looked up by their bytes; and RFC 5297 puts the tag in front, after our key id."""
    sealed = KEYS.seal("daca", "lists.slug", 16)
    assert sealed.hex() == "2843e5fee36d70cb9c062287dd56c46a0bfae9d7562bb168d591dbe29d35c9ea82c7ba04"


def test_the_length_of_a_sealed_name_says_nothing() -> None:
    lengths = {len(KEYS.seal("x" * n, "lists.slug", 64)) for n in range(64)}
    assert lengths == {4 + 16 + 64}
    assert len(KEYS.seal("x" * 64, "lists.slug", 64)) == 4 + 16 + 128


def test_a_sealed_name_opens_with_its_own_key_in_its_own_column_alone() -> None:
    sealed = KEYS.seal("daca", "lists.slug", 64)
    assert KEYS.seal("daca", "campaigns.slug", 64)[4:] != sealed[4:]
    spoilt = (sealed[:-1] + bytes([sealed[-1] ^ 1]), sealed[:10], b"", KEYS.encrypt("daca", "lists.slug"))
    for keys, column, value in (
        (OTHERS, "lists.slug", sealed),
        (KEYS, "campaigns.slug", sealed),
        *((KEYS, "lists.slug", value) for value in spoilt),
    ):
        with pytest.raises(WrongDataKey):
            keys.unseal(value, column)


def test_the_key_is_made_once_for_this_user_alone(tmp_path: Path) -> None:
    assert made_key("data", create=False) is None
    made = made_key("data", create=True)
    assert made == made_key("data", create=True) == made_key("data", create=False)
    file = tmp_path / "var" / "data.key"
    assert made is not None
    assert len(made) >= 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [path.name for path in file.parent.iterdir()] == ["data.key"]


def test_two_that_make_the_key_at_the_same_moment_get_the_same_one() -> None:
    start, made = threading.Barrier(8), []

    def make() -> None:
        start.wait()
        made.append(made_key("data", create=True))

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 8
    assert len(set(made)) == 1


def test_a_lost_key_is_told_with_where_it_was(tmp_path: Path) -> None:
    with pytest.raises(WrongDataKey) as refusal:
        load_keyring(load_settings())
    assert str(tmp_path / "var" / "data.key") in str(refusal.value)


def test_a_key_cut_short_is_not_used(tmp_path: Path) -> None:
    load_keyring(load_settings(), create=True)
    (tmp_path / "var" / "data.key").write_text("")
    with pytest.raises(WrongDataKey):
        load_keyring(load_settings(), create=True)


def test_postgresql_needs_a_key_that_was_given() -> None:
    with pytest.raises(
        WrongSettings, match=r"DISPATCH_DATA_KEY: must be given with PostgreSQL.*openssl rand"
    ):
        load_keyring(load_settings(database_url="postgresql://db/people"), create=True)


def test_a_given_key_is_used_and_none_is_made(tmp_path: Path) -> None:
    given = load_keyring(load_settings(data_key="k" * 40), create=True)
    assert given.fingerprint == Keyring("k" * 40).fingerprint
    assert list(tmp_path.iterdir()) == []


def test_no_key_is_in_what_a_keyring_prints() -> None:
    assert "installation" not in repr(KEYS)
    assert "installation" not in str(vars(KEYS))
