"""What servers write to people about mail that they couldn't deliver, one of each family, by hand.

Family: (the notice without the message that follows it, its meaning, its code).
"""

from dispatcher.rules.events import EventKind

FAMILIES: dict[str, tuple[str, EventKind, str]] = {
    "qmail": (
        """\
Hi. This is the qmail-send program at mx.town.example.
I'm afraid I wasn't able to deliver your message.

<maria@town.example>:
192.0.2.1 does not like recipient.
Remote host said: 550 5.1.1 No such user here
Giving up on 192.0.2.1.

--- Below this line is a copy of the message.
""",
        EventKind.HARD_BOUNCE,
        "5.1.1",
    ),
    "qmail, full": (
        """\
<maria@town.example>:
The users mailbox is full. (#5.2.2)

--- Below this line is a copy
""",
        EventKind.SOFT_BOUNCE,
        "5.2.2",
    ),
    "exim": (
        """\
This message was created automatically by mail delivery software.

A message that you sent could not be delivered. This is a permanent error.

  maria@town.example
    SMTP error from remote mail server after RCPT TO:<maria@town.example>:
    host mx.town.example [192.0.2.1]: 550 Unknown user

------ This is a copy of the message, including all the headers. ------
""",
        EventKind.HARD_BOUNCE,
        "550",
    ),
    "exim, long retried": (
        """\
  maria@town.example
    host mx.town.example [192.0.2.1]: Connection refused: retry timeout exceeded
""",
        EventKind.SOFT_BOUNCE,
        "",
    ),
    "postfix, in words alone": (
        """\
<maria@town.example>: host mx.town.example[192.0.2.1] said: 554 5.7.1 Service
    unavailable; Client host [198.51.100.7] blocked using dnsbl.example (in reply
    to RCPT TO command)
""",
        EventKind.BLOCKED,
        "5.7.1",
    ),
    "postfix, no name server": (
        """\
<maria@town.example>: Name service error for domain town.example: Host not
    found, try again
""",
        EventKind.SOFT_BOUNCE,
        "",
    ),
    "sendmail": (
        """\
   ----- The following addresses had permanent fatal errors -----
<maria@town.example>

   ----- Transcript of session follows -----
... while talking to mx.town.example.:
>>> RCPT To:<maria@town.example>
<<< 550 5.1.1 unknown
550 5.1.1 <maria@town.example>... User unknown
""",
        EventKind.HARD_BOUNCE,
        "5.1.1",
    ),
    "exchange": (
        """\
Your message

  To:      maria@town.example
  Subject: Call

did not reach the following recipient(s):

maria@town.example on Thu, 5 Nov 2026 10:00:00 -0600
    The recipient name is not recognized
""",
        EventKind.HARD_BOUNCE,
        "",
    ),
    "notes": (
        """\
Your message

  Subject: Call

was not delivered to:

  maria@town.example

because:

  User maria (maria@town.example) not listed in Domino Directory
""",
        EventKind.HARD_BOUNCE,
        "",
    ),
    "google": (
        """\
Delivery to the following recipient failed permanently:

     maria@town.example

Technical details of permanent failure:
Google tried to deliver your message. The error that the other server returned was:
550 5.1.1 The email account that you tried to reach does not exist.

----- Original message -----
""",
        EventKind.HARD_BOUNCE,
        "5.1.1",
    ),
    "yahoo": (
        """\
Sorry, we were unable to deliver your message to the following address.

<maria@town.example>:
550: 5.7.9 Message not accepted for policy reasons. [BODY]

--- Below this line is a copy of the message.
""",
        EventKind.BLOCKED,
        "5.7.9",
    ),
    "a carrier": (
        """\
Each of the following recipients was rejected.

    Recipient: <maria@town.example>
    >>> RCPT TO:<maria@town.example>
    <<< 550 <maria@town.example>: User unknown
""",
        EventKind.HARD_BOUNCE,
        "550",
    ),
    "a carrier's filter, once it has seen the message": (
        """\
<maria@town.example>: host mx.town.example said: 550 Unknown user maria@town.example (in reply to end of
    DATA command)
""",
        EventKind.BLOCKED,
        "550",
    ),
    "an old gateway": (
        """\
Delivery failed 20 attempts: maria@town.example

Original message follows.
""",
        EventKind.SOFT_BOUNCE,
        "",
    ),
    "a server that names nobody": (
        """\
The message size exceeds the limit of the recipient.
""",
        EventKind.SOFT_BOUNCE,
        "",
    ),
}
