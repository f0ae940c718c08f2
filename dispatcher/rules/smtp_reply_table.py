"""What SMTP replies mean, as data: codes and telling words, each with where it comes from.

Sources: RFC 5321 4.2, RFC 3463 and RFC 5248 with IANA's registry of enhanced codes, RFC 4954 (AUTH),
RFC 7372 (authentication failures), RFC 7504 (521, 556), RFC 7505 (null MX); Google, "Gmail SMTP errors and
codes" (support.google.com/a/answer/3726730); Microsoft, "Email non-delivery reports in Exchange Online";
Yahoo, "SMTP error codes" (senders.yahooinc.com); Amazon SES, "SMTP issues and response codes".
"""

from enum import StrEnum


class ReplyKind(StrEnum):
    OK = "ok"
    SUPPRESS = "suppress"  # this address is dead
    RETRY = "retry"
    SLOW = "slow"  # this domain, or the relay, wants fewer at a time
    PAUSE = "pause"  # it is us: authentication, reputation, configuration
    DROP = "drop"  # this message only; a bare refusal counts as a strike against the address


K = ReplyKind

# Enhanced codes that decide before any word is read: the words beside them name "users" and "domains" and
# mislead. "1.7" stands for both 4.1.7 and 5.1.7.
DECIDED_BY_CODE: dict[str, ReplyKind] = {
    "1.7": K.PAUSE,  # bad sender's mailbox address syntax (RFC 3463): a "no such domain" of ours
    "1.8": K.PAUSE,  # bad sender's system address (RFC 3463)
    "1.10": K.SUPPRESS,  # recipient address has null MX (RFC 7505)
    "2.2": K.RETRY,  # mailbox full (RFC 3463): no dead address
    "2.3": K.DROP,  # message length exceeds administrative limit (RFC 3463)
    "3.4": K.DROP,  # message too big for system (RFC 3463)
    "4.7": K.RETRY,  # delivery time expired (RFC 3463)
    "7.26": K.PAUSE,  # several authentication checks failed (RFC 7372); Gmail: no authentication at all
    "7.28": K.SLOW,  # mail flood detected (IANA); Gmail: unusual rate
    "7.29": K.PAUSE,  # Gmail: no TLS
    "7.30": K.PAUSE,  # Gmail: DKIM didn't pass
    "7.31": K.PAUSE,  # Gmail: no DMARC record
    "7.32": K.PAUSE,  # Gmail: From isn't aligned
    "7.500": K.SLOW,  # Microsoft 4.7.500: server busy, too much from this address
    "7.509": K.PAUSE,  # Microsoft: DMARC of the sending domain says reject
    "7.515": K.PAUSE,  # Microsoft: the sending domain fails its requirements for bulk senders
}

_WHO = r"(?:user|recipient|mailbox|account|address|alias|addressee|person)"
_WHICH = r"(?:or illegal|local|destination|virtual)"

# Regular expressions over the lower-case text, addresses taken out and the enhanced code in front; the first
# row that matches wins, so the order is part of the table.
BY_WORDS: tuple[tuple[ReplyKind, tuple[str, ...]], ...] = (
    # Greylisting, whatever its code (Postgrey, postscreen, milter-greylist, Exim).
    (K.RETRY, (r"gr[ae]y-?\s?list",)),
    # One mailbox gets too much (Gmail 4.2.1 and 5.2.1, Exchange 4.3.2): the rest of its domain is fine.
    (
        K.RETRY,
        (
            r"user .{0,40}receiving mail (?:too quickly|at a rate)",
            r"recipient thread limit",
            r"mailbox (?:is )?busy",
        ),
    ),
    # Our own quota is used up (Amazon SES 454, Gmail 5.4.5, Exchange Online 5.1.90).
    (
        K.PAUSE,
        (
            r"daily (?:\w+ ){0,3}(?:quota|limit)",
            r"sending quota",
            r"exceeded your (?:messaging|sending|hourly|daily)",
            r"(?:sending|messaging) limits? (?:exceeded|reached)",
            r"sending .{0,20}(?:suspended|paused|disabled)",
        ),
    ),
    # Full mailboxes and disks, whatever their code.
    (
        K.RETRY,
        (
            r"(?:mailbox|inbox|account|user|folder|recipient).{0,40}\b(?:full|exceed(?:ed|s)?|over ?limit)\b",
            r"over ?quota",
            r"quota (?:is )?exceeded",
            r"disk (?:is )?full",
            r"insufficient (?:disk|system|storage)",
            r"(?:out of|not enough) (?:disk |storage )?space",
            r"bo[iî]te .{0,20}pleine",
            r"(?:buz[oó]n|casilla) .{0,20}llen[oa]",
            r"postfach .{0,20}voll",
            r"容量.{0,20}(?:超|オーバー)",
        ),
    ),
    # Too fast (Yahoo TSS04, Gmail "unusual rate", SES throttling, QQ, Outlook.com RP-00x).
    (
        K.SLOW,
        (
            r"throttl",
            r"rate.?limit",
            r"too (?:fast|quickly|frequent)",
            r"too many (?:\w+ ){0,3}(?:connections?|messages|e?mails?|recipients|sessions|requests|commands)",
            r"(?:connection|message|sending) (?:rate|frequency|limit) (?:is )?(?:limited|exceeded|reached)",
            r"(?:concurrent|simultaneous) connections",
            r"max(?:imum)? messages? per connection",
            r"maximum (?:sending )?rate",
            r"unusual (?:rate|amount|traffic)",
            r"unexpected volume",
            r"peak smtp relay",
            r"\brp-00\d\b",
            r"exceed\w* .{0,30}\b(?:connections|rate|frequency)\b",
        ),
    ),
    # Only members or colleagues may write to this mailbox (Exchange, Facebook): nothing that we could mend.
    (K.DROP, (r"resolver\.rst\.", r"recipient preferences", r"delivery not authori[sz]ed")),
    # Exchange Online hides unknown people behind "Access denied" (Directory-Based Edge Blocking).
    (K.SUPPRESS, (r"^5\.4\.1 .{0,60}access denied",)),
    # Our authentication: SPF, DKIM, DMARC, PTR, HELO, TLS, login.
    (
        K.PAUSE,
        (
            r"\b(?:spf|dkim|dmarc|ptr|rdns)\b",
            r"reverse.?(?:dns|hostname|lookup)",
            r"unauthenticated",
            r"authenticat(?:e\b|ion (?:checks?|information|required|failed|credentials|unsuccessful))",
            r"turn on smtp auth",
            r"not authenticated",
            r"invalid credentials",
            r"username and password not accepted",
            r"(?:issue a starttls|starttls first|tls (?:is )?required)",
            r"(?:ip|host) ?name lookup failed",
            r"cannot find your",
            r"unverif\w+ sending",
            r"mismatch\w* client ip",
            r"helo (?:command rejected|name)",
            r"may not be mail exchanger",
        ),
    ),
    # Relaying, and who may send as whom (Postfix, Exchange 5.7.54, SES, SendGrid, Gmail's relay).
    (
        K.PAUSE,
        (
            r"relay(?:ing)? (?:access |is )?(?:denied|not|prohibited|refused)",
            r"unable to relay",
            r"not (?:configured|allowed|permitted|authorized) to (?:relay|send)",
            r"permissions? to send as",
            r"sendasdenied",
            r"(?:address|domain|identity|sender).{0,40}not (?:been )?verified",
            r"does not match a verified",
            r"sender (?:address |domain |host |name )?(?:is )?(?:rejected|denied|refused|blocked)",
            r"sender .{0,40}(?:does not exist|unknown|invalid|not found|could not be verified|null mx)",
            r"(?:domain|host) of sender",
            r"sender verify fail",
            r"from: domain",
            r"(?:invalid|unknown|bad) (?:sender|return.?path|envelope from)",
            r"smtp server of your isp",
        ),
    ),
    # Our reputation: blocklists and banned networks (Spamhaus, Proofpoint, Cloudmark, Outlook.com, T-Online).
    (
        K.PAUSE,
        (
            r"spamhaus|spamcop|barracudacentral|sorbs|csi\.cloudmark|sender\.office\.com",
            r"\b(?:dnsbl|rbl)\b",
            r"(?:black|block|deny) ?list(?:ed)?(?! by recipient)",
            r"blocked (?:using|by|for|-? ?see)(?! (?:the )?(?:recipient|user))",
            r"(?<!not )listed (?:at|in|on) ",
            r"not in whitelist",
            r"banned (?:send|ip)",
            r"(?:poor|bad|low) reputation",
            r"client host (?:rejected|blocked)",
            r"\b(?:ip|your (?:host|server|network|domain))\b.{0,30}(?:blocked|banned|rejected|bloqu)",
            r"\((?:bl|con:b1|rtr:\w\w)\)",
            r"access to .{0,40}system has been rejected",
            r"not allowed to connect",
            r"user complaints",
            r"aup#",
        ),
    ),
    # A name server or a host that doesn't answer, as mail servers say so themselves in bounces.
    (
        K.RETRY,
        (
            r"(?:host|domain)(?: name)? not found,? try again",
            r"(?:dns|name server|lookup) .{0,30}(?:temporar|timed? ?out|try again)",
            r"connection (?:was )?(?:refused|reset|dropped|lost|closed|timed? ?out|died)",
            r"(?:network|host) (?:is )?(?:unreachable|down)\b|no route to host",
            r"all hosts .{0,40}have been failing",
        ),
    ),
    # The host or the domain takes no mail from anybody (RFC 7504, RFC 7505).
    (
        K.SUPPRESS,
        (
            r"n[o']t (?:accept(?:ing)?|receive) (?:any )?(?:e?-?mail|network messages)(?! (?:from|that|to))",
            r"null mx",
        ),
    ),
    # This message: its size, form or content.
    (
        K.DROP,
        (
            r"\bvirus|malware|phish|\bspam\w*|\bube\b|unsolicited",
            r"message (?:size|length|too (?:big|large)|filtered)",
            r"content (?:was |is )?(?:rejected|denied|blocked|filtered)",
            r"attachment",
            r"not rfc|rfc \d+ compliant|malformed",
            r"polic(?:y|ies)",
        ),
    ),
    # Nobody there.
    (
        K.SUPPRESS,
        (
            rf"{_WHO}s?\b.{{0,60}}\b(?:unknown|not found|invalid|undeliverable|not (?:a )?valid|unrouteable)",
            rf"{_WHO}s?\b.{{0,60}}\b(?:does ?n[o']t exist|not exist|non-?exist\w*|not listed)",
            rf"{_WHO}s?\b.{{0,60}}\bno longer (?:on|exist|valid|in use|available|with)",
            rf"(?:unknown|invalid|no such|bad|non-?existent|illegal|unrouteable) (?:{_WHICH} )*{_WHO}",
            r"no (?:mailbox|account|user|one|person) (?:here|by that|with that|of that|named)",
            r"(?:address|recipient|user|account|mailbox)\b.{0,40}(?:could ?n[o']t|cannot|can't) be found",
            rf"{_WHO} (?:name )?(?:is )?not (?:recognized|known|registered)",
            r"not a (?:known|valid|registered) (?:user|recipient|address|mailbox)",
            r"unknown local[ -]?part|unknown address|no such (?:local )?(?:user|person|address)",
            r"nosuchuser|recipnotfound|user_?unknown|no_?such_?user",
            r"does ?n[o']t have an? .{0,30}account",
            r"not our (?:user|customer)",
            r"mailbox (?:unavailable|not available)",
            r"^5\.1\.0 address rejected",
            r"(?:usuario|cuenta|destinatario) .{0,40}(?:no existe|desconocid|inexistente)",
            r"unbekannt|inconnu|destinataire invalide",
            r"(?:アドレス|宛先|ユーザ)[^。]{0,15}(?:見つかり|存在し)",
        ),
    ),
    # No such place.
    (
        K.SUPPRESS,
        (
            r"(?:host|domain)(?: name)? (?:is )?(?:unknown|not found|does ?n[o']t exist|not reachable)",
            r"(?:unknown|invalid|no such) (?:host|domain)",
            r"nxdomain|no such (?:mx|dns)",
            r"n[o']t find (?:a|any) (?:mail exchanger|mx|host|domain)",
            r"\b[\w-]+(?:\.[\w-]+)+ does ?n[o']t exist",
        ),
    ),
    # Asleep rather than dead: closed, suspended and idle accounts may come back. A strike each time.
    (K.DROP, (r"inactive|disabled|suspended|deactivated|locked\b|expired account|on hold|discontinued",)),
    # Come back later, under a 5xx too.
    (
        K.RETRY,
        (
            r"try (?:again|later)|\blater\b|temporar|deferred|timed? ?out|timeout",
            r"(?:message|mail|envelope|queue|delivery|time)\W{0,3}(?:has |was |is )?(?:time )?expired",
            r"(?:not|n't) be delivered (?:for|within|after|in) ",
            r"in (?:the|our) queue (?:for )?too long|too long in (?:the )?queue|delivery failed \d+ attempts",
            r"service (?:is )?(?:currently )?(?:unavailable|not available)",
            r"(?:server (?:is )?|too )busy",
            r"routing loop|too many hops|hop count",
            r"internal (?:system |server )?error",
        ),
    ),
)

# What the enhanced code says where no word does (RFC 3463 unless noted).
BY_ENHANCED: dict[str, ReplyKind] = {
    "1.1": K.SUPPRESS,  # bad destination mailbox address
    "1.2": K.SUPPRESS,  # bad destination system address
    "1.3": K.SUPPRESS,  # bad destination mailbox address syntax
    "1.6": K.SUPPRESS,  # destination mailbox has moved
    "1.90": K.PAUSE,  # Exchange Online: our daily recipient limit
    "3.1": K.RETRY,  # mail system full
    "3.2": K.RETRY,  # system not accepting network messages
    "3.5": K.RETRY,  # system incorrectly configured
    "4.1": K.RETRY,  # no answer from host
    "4.2": K.RETRY,  # bad connection
    "4.3": K.RETRY,  # directory server failure
    "4.4": K.SUPPRESS,  # unable to route: no mail server for the domain, and none will come (5.4.4)
    "4.5": K.RETRY,  # mail system congestion
    "4.6": K.RETRY,  # routing loop detected
    "5.3": K.SLOW,  # too many recipients: we name one, so the server counts them over time
    "7.8": K.PAUSE,  # authentication credentials invalid (RFC 4954)
    "7.11": K.PAUSE,  # encryption required for requested authentication mechanism (RFC 4954)
    "7.13": K.PAUSE,  # user account disabled: the one that logs in (RFC 5248)
    **dict.fromkeys(("7.20", "7.21", "7.22"), K.PAUSE),  # DKIM (RFC 7372)
    **dict.fromkeys(("7.23", "7.24"), K.PAUSE),  # SPF (RFC 7372)
    "7.25": K.PAUSE,  # reverse DNS validation failed (RFC 7372)
    "7.27": K.PAUSE,  # sender address has null MX (RFC 7505); Gmail: SPF didn't pass
    "7.54": K.PAUSE,  # Microsoft: unable to relay
    "7.57": K.PAUSE,  # Microsoft: client was not authenticated
    "7.60": K.PAUSE,  # Microsoft: no permission to send as this sender
    **dict.fromkeys(("7.501", "7.502", "7.503"), K.PAUSE),  # Microsoft: banned, suspected of spam
    **dict.fromkeys(("7.508", "7.511", "7.606"), K.PAUSE),  # Microsoft: banned address
    **dict.fromkeys(("7.705", "7.708", "7.750"), K.PAUSE),  # Microsoft: our tenant or domain is blocked
}

# The reply code alone. What isn't here goes by its first digit.
BY_CODE: dict[int, ReplyKind] = {
    521: K.SUPPRESS,  # host does not accept mail (RFC 7504)
    530: K.PAUSE,  # authentication required (RFC 4954), or STARTTLS first (RFC 3207)
    534: K.PAUSE,  # authentication mechanism is too weak (RFC 4954)
    535: K.PAUSE,  # authentication credentials invalid (RFC 4954)
    538: K.PAUSE,  # encryption required for requested authentication mechanism (RFC 2554)
    551: K.SUPPRESS,  # user not local (RFC 5321)
    556: K.SUPPRESS,  # domain does not accept mail (RFC 7504)
}
