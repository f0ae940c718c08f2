"""Calls that are signed as Standard Webhooks has it: by sites where people act, with a secret of ours.

Proof: HMAC-SHA256 over id, timestamp and raw body, in `webhook-signature` as `v1,BASE64`, several with spaces
between; five minutes are enough, for each attempt is signed anew.

standardwebhooks.com, version 1.0.0
"""

import hmac
import re
from collections.abc import Sequence
from datetime import timedelta

from dispatcher.callbacks.base import RawRequest, Verdict
from dispatcher.callbacks.proof import age, from_base64, same_as_any, signed_at

MAX_AGE = timedelta(minutes=5)
SIGNATURE, TIMESTAMP = "webhook-signature", "webhook-timestamp"
_MOST_SIGNATURES = 10
_ID = re.compile(r"[!-\-/-~]+")  # ASCII, and no full stop: that ends it in what is signed


def signed(request: RawRequest, keys: Sequence[bytes]) -> Verdict:
    """Whether one of these keys signed the call, lately. In constant time, whatever is wrong."""
    sent_id, written = request.header("webhook-id"), request.header(TIMESTAMP)
    said = f"{sent_id}.{written}.".encode("utf-8", "replace") + request.body
    wanted = [hmac.digest(key, said, "sha256") for key in keys]
    given = request.header(SIGNATURE).split(" ")[:_MOST_SIGNATURES]
    proofs = [from_base64(one.removeprefix("v1,")) or b"" for one in given if one.startswith("v1,")]
    matches = [same_as_any(proof, wanted) for proof in proofs]
    if not (_ID.fullmatch(sent_id) and any(matches)):
        return Verdict.FORGED
    return age(signed_at(written), request.now, MAX_AGE)
