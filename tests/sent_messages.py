"""Messages that were sent, for tests that need none but their rows."""

from dispatcher.house import House
from dispatcher.models import Alert, Campaign, Message
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.rules.moves import Status


def sent_message(house: House, person: int) -> int:
    """An email of an alert of daca to this person; returns the message's id."""
    with house.db.transaction() as session:
        campaign = Campaign(slug="daca", title="DACA", level="federal")
        session.add(campaign)
        session.flush()
        alert = Alert(campaign_id=campaign.id, name="", state=AlertState.RUNNING)
        session.add(alert)
        session.flush()
        message = Message(
            alert_id=alert.id,
            channel=Channel.EMAIL,
            address_key=b"k" * 16,
            subscriber_id=person,
            edition_number=1,
            language="en",
            status=Status.SENT,
        )
        session.add(message)
        session.flush()
        return message.id
