"""Suppressions by the file: which rows are meant, what changes, and that it changes once."""

from pathlib import Path

import pytest
from journals import inside, outside
from openpyxl import Workbook
from people import add_list, add_person
from sqlalchemy import func, select

from dispatcher.errors import ImportRefused
from dispatcher.house import House
from dispatcher.models import ConsentEvent, Subscription, Suppression
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import ConsentAct, SuppressionReason
from dispatcher.rules.journal import Left, Suppressed
from dispatcher.usecases.suppress import suppress
from dispatcher.usecases.suppressing.importing import Tally, import_suppressions
from dispatcher.usecases.suppressing.leaving import leave_all
from dispatcher.usecases.suppressing.reading import open_addresses
from dispatcher.usecases.suppressing.view import Suppressions, view_suppressions

EMAIL, SMS = Channel.EMAIL, Channel.SMS
TOOL = "last year's tool"


def bring(
    house: House, text: str, channel: Channel = EMAIL, *, column: str | None = None, dry_run: bool = False
) -> Tally:
    """Import a file that holds this text."""
    path = Path("gone.csv")
    path.write_text(text)
    return import_suppressions(house, open_addresses(path, channel, column), channel, TOOL, dry_run=dry_run)


def counts(tally: Tally) -> dict[str, int]:
    return {name: number for name, number in tally.counts.items() if number}


def test_each_address_is_suppressed_and_leaves_what_it_is_on_once(any_house: House) -> None:
    daca, rents = add_list(any_house), add_list(any_house, "rents")
    ana = add_person(
        any_house,
        email="ana@example.org",
        phone="312-555-0101",
        lists=("daca", "rents"),
        channels=(EMAIL, SMS),
    )
    text = "email\nANA@example.org \nnobody@example.org\nana@example.org\n"
    assert counts(bring(any_house, text)) == {"added": 2, "left": 1}
    assert counts(bring(any_house, text)) == {"known": 2}
    with any_house.db.reading() as session:
        held = session.execute(select(Subscription.channel, Subscription.left_at.is_(None)))
        assert sorted(map(tuple, held)) == [(EMAIL, False), (EMAIL, False), (SMS, True), (SMS, True)]
        left = select(ConsentEvent.list_id, ConsentEvent.source, ConsentEvent.subscriber_id)
        events = session.execute(
            left.where(ConsentEvent.act == ConsentAct.LEFT).order_by(ConsentEvent.list_id)
        )
        assert events.all() == [(daca, TOOL, None), (rents, TOOL, None)]
        found = session.execute(select(Suppression.reason, Suppression.source)).all()
        assert found == [(SuppressionReason.BY_STAFF, TOOL)] * 2
    assert ana
    assert outside(any_house) == inside(any_house)
    facts = [fact for entry in outside(any_house) for fact in entry.facts]
    assert [type(fact) for fact in facts] == [Suppressed, Suppressed, Left, Left]


def test_a_number_is_suppressed_as_by_a_stop_which_its_owner_can_lift(any_house: House) -> None:
    bring(any_house, "Phone Number\n(312) 555-0101\n", SMS)
    with any_house.db.reading() as session:
        assert view_suppressions(session) == [Suppressions(SMS, SuppressionReason.STOP, TOOL, 1)]


def test_a_stronger_reason_stays_and_a_weaker_gives_way(any_house: House) -> None:
    with any_house.db.transaction() as session:
        for name, reason in (("a", SuppressionReason.COMPLAINED), ("b", SuppressionReason.BOUNCED)):
            key = any_house.keys.address_key(f"{name}@example.org")
            suppress(session, EMAIL, key, reason, "a test")
    assert counts(bring(any_house, "email\na@example.org\nb@example.org\n")) == {"added": 1, "known": 1}
    with any_house.db.reading() as session:
        assert set(session.scalars(select(Suppression.reason))) == {"complained", "by_staff"}


def test_a_dry_run_counts_and_changes_nothing(any_house: House) -> None:
    add_list(any_house)
    add_person(any_house, email="ana@example.org")
    found = bring(any_house, "email\nana@example.org\nb@example.org\nnone\n", dry_run=True)
    assert counts(found) == {"added": 2, "invalid": 1, "left": 1}
    assert found.problems == [(4, "The email address has no @.")]
    with any_house.db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Suppression)) == 0
    assert outside(any_house) == inside(any_house) == []  # else the database looks put back: nothing is sent


def test_who_never_joined_leaves_nothing(house: House) -> None:
    with house.db.transaction() as session:
        assert leave_all(session, EMAIL, {b"k" * 16}, TOOL) == 0


@pytest.mark.parametrize(
    ("channel", "text", "meant"),
    [
        # Mailchimp: unsubscribed and cleaned audience
        (EMAIL, "Email Address,First Name,UNSUB_TIME\na@x.org,A,2025-01-01\n", {"added": 1}),
        # Mailchimp: the whole audience with its status
        (EMAIL, "Email Address,Status\na@x.org,Subscribed\nb@x.org,unsubscribed\nc@x.org,Cleaned\n",
         {"added": 2, "still_subscribed": 1}),
        # Action Network: a report of subscription status
        (EMAIL, "uuid,email,subscription_status\n1,a@x.org,unsubscribed\n2,b@x.org,subscribed\n3,c@x.org\n",
         {"added": 2, "still_subscribed": 1}),
        # Twilio: inbound numbers that opted out
        (SMS, "From,To,DateSent\n+13125550101,+13125559999,2025-01-01\n", {"added": 1}),
        (SMS, "Mobile;Estado\n312 555 0101;baja\n;\n", {"added": 1}),
        # no headings at all, and cells that a spreadsheet must not run
        (EMAIL, "a@x.org\n\nb@x.org\nnot one\n", {"added": 2, "invalid": 1}),
        (SMS, "'+13125550101\n312-555-0102\n", {"added": 2}),
        (EMAIL, "1,a@x.org\n2,b@x.org\n3\n", {"added": 2, "invalid": 1}),
    ],
)  # fmt: skip
def test_the_exports_of_other_tools_are_understood(
    house: House, channel: Channel, text: str, meant: dict[str, int]
) -> None:
    assert counts(bring(house, text, channel)) == meant


def test_a_workbook_is_read_as_well(house: House) -> None:
    book = Workbook()
    assert book.active is not None
    for row in (["Email"], ["a@x.org"], ["b@x.org"]):
        book.active.append(row)
    book.save("gone.xlsx")
    found = import_suppressions(house, open_addresses(Path("gone.xlsx"), EMAIL), EMAIL, TOOL)
    assert counts(found) == {"added": 2}


@pytest.mark.parametrize(
    ("channel", "text", "column", "said"),
    [
        (
            SMS,
            "From,To,Body\n+13125550101,+13125559999,Stop the deportations!\n",
            None,
            "is a log of messages",
        ),
        (EMAIL, "name,when\nAna,2025\n", None, "no column is called"),
        (EMAIL, "email,other\na@x.org,b@x.org\n", "correo", "no column 'correo'. There are: email, other"),
        (SMS, "email\na@x.org\n", None, "no column is called"),
        (EMAIL, "", None, "is empty"),
    ],
)
def test_a_file_that_does_not_say_who_left_is_refused(
    house: House, channel: Channel, text: str, column: str | None, said: str
) -> None:
    with pytest.raises(ImportRefused, match=said):
        bring(house, text, channel, column=column)


def test_the_column_can_be_named(house: House) -> None:
    text = "From,Body,Their number\n1,STOP,312-555-0101\n"
    assert counts(bring(house, text, SMS, column="their number")) == {"added": 1}


def test_only_the_first_problems_are_kept(house: House) -> None:
    found = bring(house, "email\n" + "x\n" * 50)
    assert (found.invalid, len(found.problems)) == (50, 20)
