"""Twilio's error codes: what each means for the message. Data, with sources.

Each code has its page at https://www.twilio.com/docs/api/errors/CODE. Those marked * were read there; the
others are as publications of others quote Twilio. Codes from 30000 are mostly reported after acceptance, by a
status callback. Twilio adds codes now and then (changelog of 10 July 2024): unknown ones go by the HTTP
status.
"""

from dispatcher.channels.base import Result

CODES: dict[int, Result] = {
    # Nobody to be reached at this number, or nobody who wants it: suppress.
    21211: Result.REFUSED,  # * invalid 'To' phone number
    21214: Result.REFUSED,  # * 'To' phone number cannot be reached
    21217: Result.REFUSED,  # * phone number does not appear to be valid
    21265: Result.REFUSED,  # 'To' number cannot be a short code
    21268: Result.REFUSED,  # 'To' number cannot be a premium number
    21610: Result.REFUSED,  # * attempt to send to unsubscribed recipient: has left by STOP
    21614: Result.REFUSED,  # 'To' number is not a valid mobile number
    21635: Result.REFUSED,  # * 'To' number cannot be a landline
    30005: Result.REFUSED,  # unknown destination handset
    30006: Result.REFUSED,  # * landline or unreachable carrier
    # Later, and the same again.
    30003: Result.RETRY,  # * unreachable destination handset: off, or out of coverage
    30008: Result.RETRY,  # unknown error of the carrier
    30017: Result.RETRY,  # carrier network congestion
    # Later, and slower.
    20429: Result.SLOW_DOWN,  # * too many requests: never processed, safe to repeat
    21611: Result.SLOW_DOWN,  # * this 'From' number has exceeded the maximum number of queued messages
    30001: Result.SLOW_DOWN,  # * queue overflow
    30022: Result.SLOW_DOWN,  # * US A2P 10DLC: rate limits exceeded
    63017: Result.SLOW_DOWN,  # * rate limit exceeded: over 2000 messages a second
    # It is us: nothing goes until a person mends it.
    10001: Result.BROKEN,  # * account is not active
    20003: Result.BROKEN,  # * permission denied: wrong credentials, or the account is suspended
    20403: Result.BROKEN,  # * forbidden: the account is suspended or closed
    20404: Result.BROKEN,  # not found: no such account, or no such messaging service
    21212: Result.BROKEN,  # invalid 'From' number
    21408: Result.BROKEN,  # permission to send an SMS has not been enabled for the region
    21601: Result.BROKEN,  # * phone number is not a valid SMS-capable inbound phone number
    21603: Result.BROKEN,  # a 'From' number is required
    21606: Result.BROKEN,  # * 'From' is not a message-capable Twilio number for this destination or account
    21608: Result.BROKEN,  # * the 'To' number is not yet verified: a trial account
    21659: Result.BROKEN,  # * 'From' is not a Twilio number, or a short code of another country
    21660: Result.BROKEN,  # mismatch between the 'From' number and the account
    21661: Result.BROKEN,  # * 'From' number is not SMS-capable
    21703: Result.BROKEN,  # the messaging service has no phone numbers
    30002: Result.BROKEN,  # * account suspended
    30023: Result.BROKEN,  # US A2P 10DLC: daily message cap reached
    30029: Result.BROKEN,  # * ContentRetention: the account has no Message Redaction
    30030: Result.BROKEN,  # * AddressRetention: the same
    30032: Result.BROKEN,  # * toll-free number has not been verified
    30034: Result.BROKEN,  # US A2P 10DLC: message from an unregistered number
    63038: Result.BROKEN,  # * account exceeded the daily messages limit
    70051: Result.BROKEN,  # * authorization failed: the API key may not send
    90010: Result.BROKEN,  # * account is not active
    # This text won't go to this number, and the number lives.
    21612: Result.DROPPED,  # this combination of 'To' and 'From' cannot be connected
    21617: Result.DROPPED,  # the body exceeds 1600 characters
    21658: Result.DROPPED,  # * parameter exceeded character limit
    30004: Result.DROPPED,  # message blocked
    30007: Result.DROPPED,  # * message filtered by Twilio or the carrier; many of them are a matter for staff
    30036: Result.DROPPED,  # * validity period expired: it would have come too late
}


def meaning(code: int | None, status: int) -> Result:
    """What an error means. `code` is Twilio's, None where it gave none; `status` the HTTP status."""
    if code in CODES:
        return CODES[code]
    if status == 429:
        return Result.SLOW_DOWN
    if status == 408 or status >= 500:
        return Result.UNCERTAIN  # Messages has no idempotency parameter: a 5xx may have sent
    if status in {401, 403, 404} or status < 400:  # a redirect: somebody between us and Twilio answers
        return Result.BROKEN
    return Result.DROPPED
