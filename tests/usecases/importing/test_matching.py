"""Whose row is it: families, shared phones, doubles, conflicts."""

import pytest
from importing_desk import Desk

from dispatcher.rules.alert import Channel


@pytest.fixture
def desk(sqlite_desk: Desk) -> Desk:
    """Who is meant is decided in memory: one database is enough."""
    return sqlite_desk


def outcomes(desk: Desk, text: str) -> list[str]:
    """What became of the file's rows, in numbers, as words."""
    report = desk.bring_with_texts(text)
    return sorted(f"{number} {verdict}" for verdict, number in report.tally.counts.items() if number)


def twice(desk: Desk, text: str) -> list[str]:
    """Import a file, and check that importing it again changes nobody and joins nobody."""
    first = outcomes(desk, text)
    before = desk.people()
    again = desk.bring_with_texts(text)
    assert not {"added", "updated"} & {verdict for verdict, number in again.tally.counts.items() if number}
    assert desk.people() == before
    return first


def emails_and_phones(desk: Desk) -> list[tuple[str | None, str | None]]:
    return [(person.get("email"), person.get("phone")) for person in desk.people()]


def test_a_family_phone_is_shared_by_people_with_their_own_emails(desk: Desk) -> None:
    assert twice(desk, "email,phone\nmaria@example.org,312-555-0100\njose@example.org,312-555-0100") == [
        "2 added"
    ]
    assert emails_and_phones(desk) == [
        ("maria@example.org", "+13125550100"),
        ("jose@example.org", "+13125550100"),
    ]
    assert desk.on_the_list(Channel.SMS) == ["+13125550100", "+13125550100"]


def test_a_family_phone_is_shared_with_somebody_who_came_earlier(desk: Desk) -> None:
    outcomes(desk, "email,phone\nmaria@example.org,312-555-0100")
    assert twice(desk, "email,phone\njose@example.org,312-555-0100") == ["1 added"]
    assert len(desk.people()) == 2


def test_a_phone_of_exactly_one_person_without_an_email_is_that_person(desk: Desk) -> None:
    outcomes(desk, "phone,first_name\n312-555-0100,Maria")
    assert twice(desk, "email,phone\nmaria@example.org,312-555-0100") == ["1 updated"]
    assert emails_and_phones(desk) == [("maria@example.org", "+13125550100")]


def test_a_row_with_a_phone_alone_updates_its_only_owner_without_an_email(desk: Desk) -> None:
    outcomes(desk, "phone\n312-555-0100")
    assert twice(desk, "phone,first_name\n312-555-0100,Maria") == ["1 updated"]
    assert desk.people()[0]["first_name"] == "Maria"


def test_a_row_with_a_shared_phone_alone_only_consents(desk: Desk) -> None:
    desk.bring("email,phone,first_name\nmaria@example.org,312-555-0100,Maria")
    assert twice(desk, "phone,first_name\n312-555-0100,José") == ["1 updated"]
    assert desk.people()[0]["first_name"] == "Maria"
    assert desk.on_the_list(Channel.SMS) == ["+13125550100"]


@pytest.mark.parametrize(
    ("here", "row"),
    [
        (
            "email,phone\nmaria@example.org,312-555-0100\njose@example.org,312-555-0101",
            "maria@example.org,312-555-0101",
        ),
        ("email,phone\nmaria@example.org,\njose@example.org,312-555-0101", "maria@example.org,312-555-0101"),
        ("email,phone\nmaria@example.org,\n,312-555-0101", "maria@example.org,312-555-0101"),
    ],
    ids=["another number", "no number", "a number without an email"],
)
def test_a_row_whose_email_and_phone_belong_to_two_people_is_a_conflict(
    desk: Desk, here: str, row: str
) -> None:
    outcomes(desk, here)
    before = desk.people()
    report = desk.bring_with_texts(f"email,phone\n{row}")
    assert report.tally.problems == {"conflict": 1}
    assert desk.people() == before


def test_a_conflict_within_one_file_is_seen_however_near_the_rows_are(desk: Desk) -> None:
    report = desk.bring(
        "email,phone\nmaria@example.org,\njose@example.org,312-555-0101\nmaria@example.org,312-555-0101"
    )
    assert report.tally.problems == {"conflict": 1}
    assert len(desk.people()) == 2


def test_a_new_number_that_is_nobodys_replaces_the_old_one(desk: Desk) -> None:
    outcomes(desk, "email,phone\nmaria@example.org,312-555-0100")
    assert twice(desk, "email,phone\nmaria@example.org,312-555-0101") == ["1 updated"]
    assert emails_and_phones(desk) == [("maria@example.org", "+13125550101")]


def test_a_number_given_up_in_one_row_is_free_for_the_next(desk: Desk) -> None:
    outcomes(desk, "email,phone\nmaria@example.org,312-555-0100")
    assert outcomes(desk, "email,phone\nmaria@example.org,312-555-0101\njose@example.org,312-555-0100") == [
        "1 added",
        "1 updated",
    ]
    assert emails_and_phones(desk) == [
        ("maria@example.org", "+13125550101"),
        ("jose@example.org", "+13125550100"),
    ]


def test_two_rows_of_one_person_are_one_person_and_the_first_words_stay(desk: Desk) -> None:
    text = """
        email,first_name,last_name
        maria@example.org,María,
        Maria@Example.org,Mary,García
        maria@example.org,María,Garcia
    """
    assert twice(desk, text) == ["1 added", "1 unchanged", "1 updated"]
    assert len(desk.people()) == 1
    assert (desk.people()[0]["first_name"], desk.people()[0]["last_name"]) == ("María", "García")


def test_a_double_with_another_number_is_rejected_so_that_none_is_lost(desk: Desk) -> None:
    report = desk.bring("email,phone\nmaria@example.org,312-555-0100\nmaria@example.org,312-555-0101")
    assert report.tally.problems == {"duplicate": 1}
    assert emails_and_phones(desk) == [("maria@example.org", "+13125550100")]


def test_doubles_far_apart_in_one_file_are_treated_as_those_side_by_side(desk: Desk) -> None:
    others = "\n".join(f"person{n}@example.org," for n in range(4200))
    text = f"email,first_name\nmaria@example.org,María\n{others}\nmaria@example.org,Mary"
    report = desk.bring(text)
    assert report.tally.counts["added"] == 4201
    assert report.tally.counts["unchanged"] == 1
    assert desk.people()[0]["first_name"] == "María"


def test_rows_about_two_people_without_emails_on_one_phone_are_one_person(desk: Desk) -> None:
    assert twice(desk, "phone,first_name\n312-555-0100,Maria\n312-555-0100,José") == [
        "1 added",
        "1 unchanged",
    ]
    assert desk.people()[0]["first_name"] == "Maria"


def test_a_phone_row_before_the_family_goes_to_the_first_of_them(desk: Desk) -> None:
    text = """
        email,phone
        ,312-555-0100
        maria@example.org,312-555-0100
        jose@example.org,312-555-0100
    """
    assert twice(desk, text) == ["1 updated", "2 added"]
    assert emails_and_phones(desk) == [
        ("maria@example.org", "+13125550100"),
        ("jose@example.org", "+13125550100"),
    ]


def test_a_phone_of_two_people_without_emails_is_nobodys_in_particular(desk: Desk) -> None:
    outcomes(desk, "email,phone\nmaria@example.org,312-555-0100\njose@example.org,312-555-0100")
    assert twice(desk, "phone\n312-555-0100") == ["1 unchanged"]
    assert twice(desk, "email,phone\nana@example.org,312-555-0100") == ["1 added"]
