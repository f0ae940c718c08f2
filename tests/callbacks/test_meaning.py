"""Bounced isn't hard: what a server said goes through the one table of replies."""

import pytest

from dispatcher.callbacks.meaning import bounce_kind, code_of, split_reply
from dispatcher.rules.events import EventKind as K


@pytest.mark.parametrize(
    ("words", "code", "kind"),
    [
        ("smtp; 550 5.1.1 <a@b.example>... User unknown", "5.1.1", K.HARD_BOUNCE),
        ("550 5.4.1 Recipient address rejected: Access denied", "", K.HARD_BOUNCE),
        ("smtp;550 No such user here", "", K.HARD_BOUNCE),
        ("552 5.2.2 Mailbox full", "", K.SOFT_BOUNCE),
        ("mailbox over quota", "550", K.SOFT_BOUNCE),
        ("550 4.4.7 Message expired", "", K.SOFT_BOUNCE),
        ("450 4.2.1 user unknown", "", K.SOFT_BOUNCE),
        ("552 5.3.4 Message too big", "", K.SOFT_BOUNCE),
        ("550", "", K.SOFT_BOUNCE),
        ("550 5.7.1 Service unavailable, client host blocked using Spamhaus", "", K.BLOCKED),
        ("550-5.7.26 unauthenticated", "", K.BLOCKED),
        ("550 5.7.509 Access denied, sending domain does not pass DMARC", "", K.BLOCKED),
        ("421 4.7.28 Our system has detected an unusual rate of mail", "", K.BLOCKED),  # we are too fast
        ("554 Message rejected as spam", "", K.BLOCKED),
        ("554 5.7.1 refused", "", K.BLOCKED),
        ("", "5.1.1", K.HARD_BOUNCE),
        ("", "5.2.2", K.SOFT_BOUNCE),
    ],
)
def test_the_servers_words_decide(words: str, code: str, kind: K) -> None:
    assert bounce_kind(words, code, otherwise=K.UNKNOWN) is kind


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("", ""),
        ("The recipient's server sent a hard bounce message.", ""),
        ("250 OK", ""),
        ("", "605"),
        ("", "2.0.0"),
    ],
)
def test_where_no_server_spoke_the_providers_type_decides(words: str, code: str) -> None:
    assert bounce_kind(words, code, otherwise=K.CLICKED) is K.CLICKED


@pytest.mark.parametrize(
    ("words", "code", "parts"),
    [
        ("smtp; 550 5.1.1 gone", "", (550, "5.1.1", "gone")),
        ("550-5.1.1 gone", "", (550, "5.1.1", "gone")),
        ("550 #5.1.0 Address rejected.", "", (550, "5.1.0", "Address rejected.")),
        ("5.1.1 gone", "550", (550, "5.1.1", "gone")),
        ("host mx.example said: 550 5.1.1 gone", "", (550, "5.1.1", "host mx.example said: 550 5.1.1 gone")),
        ("gone", "5.1.1", (0, "5.1.1", "gone")),
        ("sent 550 mails from 10.5.1.1", "", (0, "", "sent 550 mails from 10.5.1.1")),
    ],
)
def test_codes_are_found_before_the_words_and_in_their_middle(
    words: str, code: str, parts: tuple[int, str, str]
) -> None:
    assert split_reply(words, code) == parts


def test_the_most_exact_code_is_kept() -> None:
    assert code_of("550 5.1.1 gone") == "5.1.1"
    assert code_of("gone", "550") == "550"
    assert code_of("", "605") == "605"
    assert code_of("", "") == ""
