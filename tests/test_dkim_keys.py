"""Keys for DKIM: as PEM and back, and as DNS has them."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

from dispatcher.dkim_keys import as_pem, new_keys, read_ed25519, read_rsa, record_of, selector_of
from dispatcher.rules.record_tags import tags


def test_new_keys_are_one_of_each_kind_and_come_back_from_pem() -> None:
    rsa, ed25519 = new_keys()
    assert rsa.key_size == 2048
    assert record_of(read_rsa(as_pem(rsa))) == record_of(rsa)
    assert record_of(read_ed25519(as_pem(ed25519))) == record_of(ed25519)


def test_records_say_the_kind_and_the_public_key_alone() -> None:
    rsa, ed25519 = (tags(record_of(key)) for key in new_keys())
    assert (rsa["v"], rsa["k"]) == ("DKIM1", "rsa")
    assert (ed25519["v"], ed25519["k"]) == ("DKIM1", "ed25519")
    assert len(base64.b64decode(ed25519["p"], validate=True)) == 32  # RFC 8463 section 4: raw
    assert len(base64.b64decode(rsa["p"], validate=True)) == 294  # SubjectPublicKeyInfo of 2048 bits


def test_each_key_has_a_name_of_its_own() -> None:
    rsa, ed25519 = new_keys()
    assert (selector_of(rsa, "d"), selector_of(ed25519, "d")) == ("d", "d-ed25519")


def test_what_is_no_key_for_signing_is_refused_in_words_that_do_not_show_it() -> None:
    rsa, ed25519 = new_keys()
    locked = rsa.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"sesame")).decode()
    short = as_pem(generate_private_key(65537, 1024))  # noqa: S505 - it is to be refused
    for pem, words in (("sesame", "in PEM"), (locked, "without a password"), (short, "1024 bits")):
        with pytest.raises(ValueError, match=words) as refusal:
            read_rsa(pem)
        assert "sesame" not in str(refusal.value)
    with pytest.raises(ValueError, match="isn't an RSA key"):
        read_rsa(as_pem(ed25519))
    with pytest.raises(ValueError, match="isn't an Ed25519 key"):
        read_ed25519(as_pem(rsa))
