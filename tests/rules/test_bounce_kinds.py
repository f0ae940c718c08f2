"""What a refusal that came back means."""

import pytest

from dispatcher.rules.bounce_kinds import Stage, bounce_kind, stage_of
from dispatcher.rules.events import EventKind

HARD, SOFT, BLOCKED = EventKind.HARD_BOUNCE, EventKind.SOFT_BOUNCE, EventKind.BLOCKED


@pytest.mark.parametrize(
    ("code", "enhanced", "words", "kind"),
    [
        (550, "5.1.1", "550 5.1.1 <address>: User unknown", HARD),
        (550, "", "550 No such user here", HARD),
        (0, "5.1.2", "Host unknown (Name server: no data known)", HARD),
        (0, "5.4.4", "Sorry, I couldn't find a mail exchanger or IP address. (#5.4.4)", HARD),
        (450, "4.1.1", "450 4.1.1 User unknown for the moment", SOFT),
        (552, "5.2.2", "552 5.2.2 Mailbox full", SOFT),
        (0, "5.2.1", "Mailbox disabled, not accepting messages", SOFT),
        (550, "", "550 This account is locked", SOFT),
        (552, "5.3.4", "552 5.3.4 Message size exceeds fixed limit", SOFT),
        (0, "", "Host or domain name not found, try again", SOFT),
        (0, "4.4.1", "Connection refused", SOFT),
        (550, "5.7.26", "550-5.7.26 Unauthenticated email is not accepted", BLOCKED),
        (554, "", "554 Your IP is blocked using a blocklist", BLOCKED),
        (550, "5.7.1", "550 5.7.1 Message refused", BLOCKED),
        (554, "", "554 Message rejected as spam", BLOCKED),
        (421, "4.7.0", "421 4.7.0 Too many connections", BLOCKED),
        (554, "5.0.0", "554 Transaction failed", EventKind.UNKNOWN),
        (250, "2.1.5", "250 2.1.5 Ok", EventKind.DELIVERED),
    ],
)
def test_words_and_codes_say_what_kind_of_bounce_it_is(
    code: int, enhanced: str, words: str, kind: EventKind
) -> None:
    assert bounce_kind(code, enhanced, words) is kind


@pytest.mark.parametrize(
    ("words", "stage"),
    [
        ("said: 550 unknown (in reply to RCPT TO command)", Stage.RECIPIENT),
        ("said: 550 refused (in reply to end of\n    DATA command)", Stage.MESSAGE),
        ("SMTP error from remote mail server after MAIL FROM:<a@b.example>", Stage.SENDER),
        (">>> MAIL From:<a@b.example>\n>>> RCPT To:<c@d.example>", Stage.RECIPIENT),
        ("mx did not like our RCPT TO:", Stage.RECIPIENT),
        ("550 User unknown [RCPT_TO]", Stage.RECIPIENT),
        ("550 User unknown", Stage.UNKNOWN),
    ],
)
def test_words_tell_how_far_the_dialogue_had_come(words: str, stage: Stage) -> None:
    assert stage_of(words) is stage


@pytest.mark.parametrize(
    ("enhanced", "stage", "kind"),
    [
        ("", Stage.UNKNOWN, HARD),
        ("", Stage.RECIPIENT, HARD),
        ("", Stage.MESSAGE, BLOCKED),  # the server took the name, then somebody's filter saw the message
        ("", Stage.SENDER, BLOCKED),  # the unknown user is our own address
        ("5.2.0", Stage.UNKNOWN, BLOCKED),
        ("5.2.0", Stage.RECIPIENT, HARD),
        ("5.1.1", Stage.MESSAGE, HARD),  # commands were pipelined
    ],
)
def test_an_unknown_user_is_dead_only_where_the_recipient_was_answered(
    enhanced: str, stage: Stage, kind: EventKind
) -> None:
    assert bounce_kind(550, enhanced, "550 User unknown", stage) is kind
