"""Replies, as a CRM reads them."""

from people import add_list, add_person

from dispatcher.house import House
from dispatcher.models import Alert, Campaign, Reply
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.rules.free_text import Tier
from dispatcher.usecases.for_crm.replies import replies_page


def test_a_reply_does_not_say_that_it_answers_a_sensitive_alert_unless_it_may(house: House) -> None:
    add_list(house, "vote", "Votes")
    add_list(house, "quiet", "Quiet", sensitive=True)
    person = add_person(house, email="rosa@example.org", lists=["vote", "quiet"])
    with house.db.transaction() as session:
        campaign = Campaign(slug="budget", title="Budget", level="state")
        session.add(campaign)
        session.flush()
        for number, slug in enumerate(("vote", "quiet"), 1):
            audience = f'{{"lists": ["{slug}"]}}'
            named = {"id": number, "campaign_id": campaign.id, "name": slug}
            session.add(Alert(**named, state=AlertState.RUNNING, audience=audience))
        session.flush()
        of = {"channel": Channel.EMAIL, "address_key": b"k" * 16, "subscriber_id": person, "language": "en"}
        session.add_all(Reply(tier=Tier.LOOK, words="Hi", alert_id=one, **of) for one in (1, 2, None))
    with house.db.reading() as session:
        hidden, behind = replies_page(session, 0, 2, named=False, words=False)
        rest, end = replies_page(session, behind or 0, 2, named=False, words=True)
        shown, _ = replies_page(session, 0, 3, named=True, words=False)
    assert [row["alert"] for row in hidden + rest] == [1, None, None]
    assert [row["alert"] for row in shown] == [1, 2, None]
    assert (rest[0]["words"], end) == ("Hi", None)
