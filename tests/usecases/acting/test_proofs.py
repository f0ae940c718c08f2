"""What is signed counts for one campaign."""

from datetime import UTC, datetime

from dispatcher.callbacks.base import RawRequest
from dispatcher.house import House
from dispatcher.usecases.acting.proofs import proves_for


def call(sent_id: str = "msg_1", at: str = "1795396941", body: bytes = b"{}") -> RawRequest:
    headers = {"webhook-id": sent_id, "webhook-timestamp": at}
    return RawRequest(
        "POST", "https://example.org/actions", headers, body, datetime(2026, 11, 23, tzinfo=UTC)
    )


def test_a_signed_call_counts_again_for_its_campaign_and_for_no_other(any_house: House) -> None:
    def proves(one: RawRequest, campaign: int) -> bool:
        with any_house.db.transaction() as session:
            return proves_for(session, any_house.keys, one, campaign)

    assert [proves(call(), campaign) for campaign in (3, 4, 3)] == [True, False, True]
    assert proves(call(sent_id="msg_2"), 4)
    assert proves(call(at="1795396942"), 4)
    assert proves(call(body=b"[]"), 4)
    # However the same signed bytes are cut into id, time and body.
    assert proves(call(body=b"1.{}"), 5)
    assert not proves(call(sent_id="msg_1.1795396941", at="1", body=b"{}"), 6)
