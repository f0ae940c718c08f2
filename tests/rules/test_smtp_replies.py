"""Replies as servers word them, and what each means for us. Names and addresses are made up."""

import pytest

from dispatcher.rules.smtp_replies import ReplyKind, classify, split_enhanced

SUPPRESS = [
    "550 5.1.1 <maria@example.org>: Recipient address rejected: User unknown in local recipient table",
    "550 5.1.1 <maria@example.org>: Recipient address rejected: User unknown in virtual mailbox table",
    "550-5.1.1 The email account that you tried to reach does not exist. Please try double-checking",
    "550 5.1.1 RESOLVER.ADR.RecipNotFound; not found",
    "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient maria@example.org not found by SMTP address lookup",
    "550 5.4.1 Recipient address rejected: Access denied. [AM0PR01.eurprd01.prod.protection.outlook.com]",
    "550 5.4.1 All recipient addresses rejected : Access denied",
    "550 5.5.0 Requested action not taken: mailbox unavailable",
    "550 Requested action not taken: mailbox unavailable",
    "554 delivery error: dd This user doesn't have a yahoo.com account (maria@yahoo.com) [0]",
    "554 30 Sorry, your message to maria@example.org cannot be delivered. This mailbox is not found",
    "550 #5.1.0 Address rejected.",
    "550 No such user here",
    "550 5.7.1 <maria@example.org>: Recipient address rejected: User unknown",
    "550 Invalid recipient maria@example.org (#5.1.1)",
    "553 sorry, that recipient is not in my list of valid recipients; no mailbox here by that name (#5.7.1)",
    "550 unknown or illegal alias: maria@example.org",
    "550 5.1.6 recipient no longer on server: maria@example.org",
    "551 not our user",
    "550 5.1.2 Host unknown",
    "550 5.4.4 Invalid domain",
    "554 The mail could not be delivered because the domain is not reachable",
    "550 5.1.1 Adresse d au moins un destinataire invalide. Invalid recipient. OFR_416 [416]",
    "556 5.1.10 Domain does not accept mail",
    "521 5.3.2 mail.example.org does not accept mail",
    "550 5.7.27 Host does not accept mail",
    "550 5.1.1 sRCPT unknown person",
    "550 5.1.1",
]
RETRY = [
    "450 4.2.0 <maria@example.org>: Recipient address rejected: Greylisted, see http://postgrey.example.org",
    "451 4.7.1 Greylisting in action, please come back later",
    "421 4.7.1 Service unavailable; Client host [192.0.2.1] blocked using grey.rbl - Greylisting in action",
    "451 4.7.1 Please try again later",
    "450 4.1.1 <maria@example.org>: Recipient address rejected: User unknown in local recipient table",
    "450 Requested mail action not taken: mailbox unavailable",
    "452 4.2.2 The email account that you tried to reach is over quota and inactive",
    "552 5.2.2 <maria@example.org>: user is over quota",
    "550 5.2.2 <maria@example.org>... Mailbox Full",
    "552 sorry, mailbox maria@example.org is over quota temporarily (#5.1.1)",
    "554 5.7.1 The recipient's mailbox is full",
    "550 5.2.1 The user you are trying to contact is receiving mail at a rate that prevents more",
    "450 4.2.1 The user you are trying to contact is receiving mail too quickly",
    "432 4.3.2 STOREDRV.Deliver; recipient thread limit exceeded",
    "452 4.3.1 Insufficient system storage",
    "451 4.3.0 Temporary lookup failure",
    "454 4.7.0 Temporary authentication failure",
    "421 4.3.0 Temporary System Problem. Try again later",
    "421 Service not available, closing transmission channel",
    "554 Service currently unavailable",
    "550 4.4.7 QUEUE.Expired; message expired",
    "554 5.4.6 Too many hops",
    "451 Could not load the settings of this domain",
    "452 4.5.0 something odd",
]
SLOW = [
    "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume",
    "421 4.7.28 Gmail has detected an unusual rate of unsolicited mail originating from your DKIM domain",
    "421-4.7.0 Our system has detected an unusual rate of unsolicited mail originating from your IP address",
    "421 Too many concurrent SMTP connections; please try again later",
    "421 RP-001 The mail server has exceeded the rate limit for connections",
    "451 4.7.500 Server busy. Please try again later from [192.0.2.1]",
    "454 Throttling failure: Maximum sending rate exceeded",
    "452 4.5.3 Error: too many recipients",
    "421 Max message per connection reached, closing transmission channel",
    "550 Connection frequency limited",
    "432 4.3.2 Concurrent connections limit exceeded",
    "421 4.4.5 Too many sessions opened",
    "450 4.7.1 Error: too much mail from 192.0.2.1; rate limit",
]
PAUSE = [
    "550-5.7.26 Unauthenticated email from example.org is not accepted due to domain's DMARC policy",
    "421 4.7.26 This mail has been rate limited because it is unauthenticated",
    "421 4.7.27 SPF authentication didn't pass",
    "421 4.7.30 DKIM authentication didn't pass",
    "421 4.7.32 the From: header isn't aligned with either the authenticated SPF or DKIM domain",
    "550 5.7.515 Access denied, sending domain example.org does not meet the required authentication level",
    "550 5.7.509 Access denied, sending domain example.org does not pass DMARC verification",
    "550 5.7.606 Access denied, banned sending IP [192.0.2.1]",
    "550 5.7.25 The IP address sending this message does not have a PTR record setup",
    "450 4.7.1 Client host rejected: cannot find your reverse hostname, [192.0.2.1]",
    "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org",
    "554 Blocked - see https://support.proofpoint.com/dnsbl-lookup.cgi?ip=192.0.2.1",
    "550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. It is on our block list (S3150)",
    "553 http://www.spamhaus.org/query/bl?ip=192.0.2.1",
    "554 5.7.1 <maria@example.org>: Relay access denied",
    "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain",
    "553 5.1.8 <alerts@ours.example>... Domain of sender address alerts@ours.example does not exist",
    "501 5.1.7 No such domain ours.example",
    "550 5.1.0 <alerts@ours.example> sender rejected. AUP#CDRBL",
    "535 5.7.8 Username and Password not accepted",
    "530 5.7.0 Must issue a STARTTLS command first",
    "530 5.7.57 SMTP; Client was not authenticated to send anonymous mail during MAIL FROM",
    "554 Message rejected: Email address is not verified. The following identities failed the check",
    "550 The from address does not match a verified Sender Identity",
    "454 Throttling failure: Daily message quota exceeded",
    "550 5.4.5 Daily user sending limit exceeded",
    "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
    "525 5.7.13 no",
    "550 Unauthenticated senders not allowed",
]
DROP = [
    "552 5.3.4 Message size exceeds fixed limit",
    "552 5.2.3 Message length exceeds limit set by recipient",
    "550 5.7.1 Message content rejected, UBE, id=1-2",
    "554 5.7.9 Message not accepted for policy reasons",
    "550 Virus Detected; Content Rejected",
    "550 5.6.0 Media error",
    "550-5.7.1 This message is not RFC 5322 compliant. There are multiple Subject headers",
    "550 5.7.1 RESOLVER.RST.AuthRequired; authentication required",
    "550 5.1.1 RCP-P2 Refused due to recipient preferences",
    "550 5.2.1 The email account that you tried to reach is disabled",
    "550-5.2.1 The email account that you tried to reach is inactive",
    "550 5.7.1 delivery not authorized, message refused",
    "554 5.7.1 <maria@example.org>: Recipient address rejected: Access denied",
    "554 Transaction failed",
    "550 no",
    "554 5.0.0 no",
    "550 5.7.0 <spam-victim@example.org>: no",
]


def read(reply: str, *, about_sender: bool = False) -> ReplyKind:
    enhanced, words = split_enhanced(reply[4:])
    return classify(int(reply[:3]), enhanced, words, about_sender=about_sender)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        *((reply, ReplyKind.SUPPRESS) for reply in SUPPRESS),
        *((reply, ReplyKind.RETRY) for reply in RETRY),
        *((reply, ReplyKind.SLOW) for reply in SLOW),
        *((reply, ReplyKind.PAUSE) for reply in PAUSE),
        *((reply, ReplyKind.DROP) for reply in DROP),
        ("250 2.1.5 Ok", ReplyKind.OK),
        ("354 End data with <CR><LF>.<CR><LF>", ReplyKind.OK),
    ],
)
def test_a_reply_is_read_by_what_it_says(reply: str, kind: ReplyKind) -> None:
    assert read(reply) is kind


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        ("550 5.1.1 User unknown", ReplyKind.PAUSE),
        ("554 no", ReplyKind.PAUSE),
        ("552 5.3.4 Message too big", ReplyKind.DROP),
        ("421 4.3.2 too busy", ReplyKind.RETRY),
        ("450 4.1.1 User unknown", ReplyKind.RETRY),
        ("421 4.7.0 Too many connections", ReplyKind.SLOW),
        ("250 2.1.0 Ok", ReplyKind.OK),
    ],
)
def test_before_a_recipient_is_named_a_refusal_is_about_us(reply: str, kind: ReplyKind) -> None:
    assert read(reply, about_sender=True) is kind


def test_an_address_that_sounds_like_a_reason_is_no_reason() -> None:
    assert read("550 5.1.1 <virus-spamhaus@greylist.example>: no such user") is ReplyKind.SUPPRESS
    assert read("550 <user-unknown@example.org>") is ReplyKind.DROP


def test_nobody_is_suppressed_for_a_refusal_that_may_change() -> None:
    assert classify(550, "4.1.1", "User unknown") is ReplyKind.RETRY
    assert classify(450, "5.1.1", "User unknown") is ReplyKind.RETRY


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("5.1.1 User unknown", ("5.1.1", "User unknown")),
        ("#5.1.0 Address rejected.", ("5.1.0", "Address rejected.")),
        ("5.1.1 The account\n5.1.1 does not exist", ("5.1.1", "The account\ndoes not exist")),
        ("User unknown (5.1.1)", ("", "User unknown (5.1.1)")),
        ("5.1.1", ("5.1.1", "")),
        ("5.1.1.1 odd", ("", "5.1.1.1 odd")),
        ("", ("", "")),
    ],
)
def test_the_enhanced_code_stands_in_front(text: str, parts: tuple[str, str]) -> None:
    assert split_enhanced(text) == parts
