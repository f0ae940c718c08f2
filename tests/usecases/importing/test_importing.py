"""Imports: what becomes of each row, on SQLite and on PostgreSQL."""

import csv
import json
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from importing_desk import Desk
from people import add_list
from sqlalchemy import func, select, update

from dispatcher.errors import ImportRefused, UnknownList
from dispatcher.house import House
from dispatcher.models import ConsentEvent, Disclosure, ImportBatch, Subscriber
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason
from dispatcher.usecases.consent import disclosure_id
from dispatcher.usecases.import_subscribers import prepare, run
from dispatcher.usecases.importing.report import ImportOrder, ImportReport
from dispatcher.usecases.leave import leave
from dispatcher.usecases.suppress import suppress

TWO = """
    Correo;Cell;Nombre;Zip
    maria@example.org;(312) 555-0123;María;60608
    jose@example.org;773-555-0124;José;60609
"""


def counts(report: ImportReport) -> dict[str, int]:
    return {name: number for name, number in report.tally.counts.items() if number}


def test_people_join_by_email_alone_unless_texts_are_asked_for(sqlite_desk: Desk) -> None:
    report = sqlite_desk.bring(TWO)
    assert counts(report) == {"added": 2}
    assert report.tally.joined == {Channel.EMAIL: 2}
    assert sqlite_desk.on_the_list(Channel.EMAIL) == ["jose@example.org", "maria@example.org"]
    assert sqlite_desk.on_the_list(Channel.SMS) == []
    assert sqlite_desk.people()[0] == {
        "email": "maria@example.org",
        "phone": "+13125550123",
        "first_name": "María",
        "language": "en",
        "postal_code": "60608",
    }


def test_texts_are_joined_with_the_words_that_people_were_shown(desk: Desk) -> None:
    report = desk.bring_with_texts(TWO)
    assert report.tally.joined == {Channel.EMAIL: 2, Channel.SMS: 2}
    assert desk.on_the_list(Channel.SMS) == ["+13125550123", "+17735550124"]
    with desk.house.db.reading() as session:
        events = session.scalars(select(ConsentEvent).order_by(ConsentEvent.id)).all()
        words = session.scalars(select(Disclosure)).one()
    assert words.words == "Msg & data rates may apply."
    assert {(e.source, e.disclosure_id, e.batch_id) for e in events} == {
        ("rally 12 May", words.id, report.batch_id)
    }


def test_only_rows_that_say_yes_join_by_text_when_a_column_says_so(sqlite_desk: Desk) -> None:
    report = sqlite_desk.bring(
        """
        email,phone,SMS opt-in
        maria@example.org,312-555-0123,yes
        jose@example.org,312-555-0124,no
        ana@example.org,312-555-0125,
        """,
        channels=frozenset(Channel),
    )
    assert counts(report) == {"added": 3}
    assert sqlite_desk.on_the_list(Channel.SMS) == ["+13125550123"]
    assert len(sqlite_desk.on_the_list(Channel.EMAIL)) == 3


def test_the_quiet_hours_of_a_phone_are_worked_out_as_it_comes(sqlite_desk: Desk) -> None:
    sqlite_desk.bring(TWO)
    sqlite_desk.bring("email,time_zone\nmaria@example.org,Pacific/Honolulu")
    with sqlite_desk.house.db.reading() as session:
        zones = session.scalars(select(Subscriber.quiet_zones).order_by(Subscriber.id)).all()
    assert zones == ["Pacific/Honolulu", "America/Chicago"]


def test_the_same_file_again_changes_nothing(desk: Desk) -> None:
    desk.bring_with_texts(TWO)
    before = desk.people()
    again = desk.bring_with_texts(TWO)
    assert counts(again) == {"unchanged": 2}
    assert not again.tally.joined
    assert desk.people() == before
    with desk.house.db.reading() as session:
        assert session.scalar(select(func.count()).select_from(ConsentEvent)) == 4


def test_new_evidence_for_a_consent_is_kept_in_the_ledger_and_changes_nobody(sqlite_desk: Desk) -> None:
    sqlite_desk.bring(TWO)
    assert counts(sqlite_desk.bring(TWO, source="web form")) == {"unchanged": 2}
    with sqlite_desk.house.db.reading() as session:
        sources = session.scalars(select(ConsentEvent.source).order_by(ConsentEvent.id)).all()
    assert sources == ["rally 12 May"] * 2 + ["web form"] * 2


def test_a_row_updates_what_it_says_and_a_blank_cell_erases_nothing(desk: Desk) -> None:
    desk.bring(TWO)
    report = desk.bring(
        """
        email,phone,first_name,last_name,zip,language
        MARIA@Example.org,,,García,60640,es
        jose@example.org,,,,,
        """
    )
    assert counts(report) == {"updated": 1, "unchanged": 1}
    assert desk.people()[0] == {
        "email": "maria@example.org",
        "phone": "+13125550123",
        "first_name": "María",
        "last_name": "García",
        "language": "es",
        "postal_code": "60640",
    }


def test_kept_columns_become_attributes_and_are_added_to(sqlite_desk: Desk) -> None:
    sqlite_desk.bring("email,Parish,Role\nmaria@example.org,St Pius,", keep=("Parish", "Role"))
    sqlite_desk.bring("email,Parish,Role\nmaria@example.org,,Captain", keep=("Parish", "Role"))
    assert json.loads(sqlite_desk.people()[0]["attributes"]) == {"Parish": "St Pius", "Role": "Captain"}


def test_somebody_already_here_joins_another_list(desk: Desk) -> None:
    desk.bring(TWO)
    add_list(desk.house, "healthcare")
    report = desk.bring(TWO, list_slug="healthcare")
    assert counts(report) == {"updated": 2}
    assert report.tally.joined == {Channel.EMAIL: 2}


def test_who_has_left_stays_left(desk: Desk) -> None:
    desk.bring_with_texts(TWO)
    key = desk.house.keys.address_key("maria@example.org")
    with desk.house.db.transaction() as session:
        leave(session, Channel.EMAIL, key, "one-click")
    again = desk.bring_with_texts(TWO, source="another rally")
    assert counts(again) == {"kept_out": 1, "unchanged": 1}
    assert again.tally.withheld == {Channel.EMAIL: 1}
    assert desk.on_the_list(Channel.EMAIL) == ["jose@example.org"]
    assert len(desk.on_the_list(Channel.SMS)) == 2


def test_a_suppressed_address_is_not_put_on_a_list_and_a_new_person_is_not_stored_for_it(desk: Desk) -> None:
    with desk.house.db.transaction() as session:
        key = desk.house.keys.address_key("maria@example.org")
        suppress(session, Channel.EMAIL, key, SuppressionReason.BOUNCED, "a test")
    assert counts(desk.bring("email\nmaria@example.org")) == {"kept_out": 1}
    assert desk.people() == []


def test_a_person_with_one_good_address_is_added_by_that(sqlite_desk: Desk) -> None:
    with sqlite_desk.house.db.transaction() as session:
        key = sqlite_desk.house.keys.address_key("+13125550123")
        suppress(session, Channel.SMS, key, SuppressionReason.STOP, "a test")
    report = sqlite_desk.bring_with_texts(TWO)
    assert counts(report) == {"added": 2}
    assert report.tally.withheld == {Channel.SMS: 1}
    assert sqlite_desk.on_the_list(Channel.SMS) == ["+17735550124"]


@pytest.mark.parametrize(
    ("channel", "address"), [(Channel.EMAIL, "maria@example.org"), (Channel.SMS, "+13125550123")]
)
def test_nothing_is_stored_of_somebody_who_was_forgotten(
    sqlite_desk: Desk, channel: Channel, address: str
) -> None:
    with sqlite_desk.house.db.transaction() as session:
        key = sqlite_desk.house.keys.address_key(address)
        suppress(session, channel, key, SuppressionReason.FORGOTTEN, "a test")
    assert counts(sqlite_desk.bring(TWO)) == {"kept_out": 1, "added": 1}
    assert [person["email"] for person in sqlite_desk.people()] == ["jose@example.org"]


def test_a_phone_without_consent_to_texts_is_kept_with_no_consent_at_all(sqlite_desk: Desk) -> None:
    report = sqlite_desk.bring("phone,first_name\n312-555-0123,Maria")
    assert counts(report) == {"added": 1}
    assert not report.tally.joined
    assert counts(sqlite_desk.bring_with_texts("phone\n312-555-0123")) == {"updated": 1}
    assert sqlite_desk.on_the_list(Channel.SMS) == ["+13125550123"]


def test_a_changed_number_needs_its_own_consent(desk: Desk) -> None:
    desk.bring_with_texts("email,phone\nmaria@example.org,312-555-0123")
    assert counts(desk.bring("email,phone\nmaria@example.org,312-555-0199")) == {"updated": 1}
    assert desk.on_the_list(Channel.SMS) == []
    assert counts(desk.bring_with_texts("email,phone\nmaria@example.org,312-555-0199")) == {"updated": 1}
    assert desk.on_the_list(Channel.SMS) == ["+13125550199"]


def test_rejected_rows_are_written_with_line_code_words_and_cells_for_this_user_alone(
    sqlite_desk: Desk, tmp_path: Path
) -> None:
    report = sqlite_desk.bring(
        """
        email,first_name,language
        maria.example.org,=1+1,es
        jose@example.org,José,es
        ana@example.org,Ana,Klingon speech
        """
    )
    assert counts(report) == {"added": 1, "rejected": 2}
    assert report.tally.problems == {"no_at": 1, "unknown_language": 1}
    assert report.rejects_file == tmp_path / "people.rejects.csv"
    assert stat.S_IMODE(report.rejects_file.stat().st_mode) == 0o600
    with report.rejects_file.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["line", "problem", "what is wrong", "email", "first_name", "language"]
    assert [(row[0], row[1], row[3:]) for row in rows] == [
        ("2", "no_at", ["maria.example.org", "'=1+1", "es"]),
        ("4", "unknown_language", ["ana@example.org", "Ana", "Klingon speech"]),
    ]


def test_a_mended_rejects_file_can_be_imported_as_it_is(sqlite_desk: Desk) -> None:
    rejects = sqlite_desk.bring("email,first_name\nmaria.example.org,'=Maria").rejects_file
    assert rejects
    report = sqlite_desk.bring(rejects.read_text("utf-8-sig").replace("maria.", "maria@"))
    assert counts(report) == {"added": 1}
    assert sqlite_desk.people()[0]["first_name"] == "=Maria"


def test_no_rejects_file_is_made_when_nothing_was_rejected(sqlite_desk: Desk, tmp_path: Path) -> None:
    assert sqlite_desk.bring(TWO).rejects_file is None
    assert [path.name for path in tmp_path.glob("*.csv")] == ["people.csv"]


def test_the_batch_remembers_what_was_imported_and_with_which_counts(sqlite_desk: Desk) -> None:
    report = sqlite_desk.bring(TWO)
    with sqlite_desk.house.db.reading() as session:
        batch = session.scalars(select(ImportBatch)).one()
        added_by = set(session.scalars(select(Subscriber.batch_id)))
    assert (batch.id, batch.file_name, batch.source) == (report.batch_id, "people.csv", "rally 12 May")
    assert json.loads(batch.counts) == report.tally.counts
    assert added_by == {report.batch_id}


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"channels": frozenset(Channel)}, "agreeing to texts must be shown"),
        ({"source": "  "}, "say where people agreed"),
        ({"source": "x" * 201}, "say where people agreed"),
        ({"rejects_path": Path("/nowhere/at/all.csv")}, "rejected rows can't be written to /nowhere"),
        ({"rejects_path": Path("people.csv")}, "can't be written over the file itself"),
        ({"keep": ("Parish",)}, "there is no column 'Parish'"),
        ({"consent_column": "Texts?"}, "there is no column 'Texts"),
    ],
)
def test_an_order_that_cannot_be_right_is_refused_before_anything_happens(
    sqlite_desk: Desk, asked: dict[str, Any], words: str
) -> None:
    with pytest.raises(ImportRefused, match=words):
        sqlite_desk.bring(TWO, **asked)
    assert sqlite_desk.people() == []


def test_a_column_that_says_yes_is_dropped_when_only_email_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("email,SMS opt-in\nmaria@example.org,perhaps\n", "utf-8")
    prepared = prepare(ImportOrder(path, "daca", "rally"))
    assert prepared.columns.dropped == ("SMS opt-in",)
    assert not prepared.texts_by_column


def test_an_unknown_list_is_refused_with_the_one_that_may_have_been_meant(sqlite_desk: Desk) -> None:
    with pytest.raises(UnknownList, match=r"Did you mean daca\?"):
        sqlite_desk.bring(TWO, list_slug="dacca")
    with sqlite_desk.house.db.reading() as session:
        assert session.scalars(select(ImportBatch)).all() == []


def test_the_same_words_are_kept_once(sqlite_desk: Desk) -> None:
    with sqlite_desk.house.db.transaction() as session:
        assert disclosure_id(session, "STOP to stop") == disclosure_id(session, "STOP to stop")
        assert disclosure_id(session, "STOP to end") != disclosure_id(session, "STOP to stop")


def test_two_imports_at_the_same_moment_add_everybody_once(
    desk: Desk, any_database_url: str, open_house_with: Callable[..., House]
) -> None:
    path = desk.folder / "people.csv"
    path.write_text("email\n" + "".join(f"person{n}@example.org\n" for n in range(3000)), encoding="utf-8")
    prepared = prepare(ImportOrder(path, "daca", "rally"))
    houses = [desk.house, open_house_with(database_url=any_database_url)]
    with ThreadPoolExecutor(2) as both:
        reports = list(both.map(lambda house: run(house, prepared), houses))
    assert sum(report.tally.counts["added"] for report in reports) == 3000
    assert sum(report.tally.counts["unchanged"] for report in reports) == 3000
    assert len(set(desk.on_the_list(Channel.EMAIL))) == 3000


def test_a_person_deleted_meanwhile_does_not_give_their_id_to_the_next(desk: Desk) -> None:
    desk.bring(TWO)
    with desk.house.db.transaction() as session:
        highest = session.scalar(select(func.max(Subscriber.id))) or 0
        session.execute(update(Subscriber).values(batch_id=None))
        session.delete(session.get_one(Subscriber, highest))
    desk.bring("email\nana@example.org")
    with desk.house.db.reading() as session:
        assert session.scalar(select(func.max(Subscriber.id))) == highest + 1
