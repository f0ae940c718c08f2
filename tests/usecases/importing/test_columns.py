"""Which column is what."""

import pytest

from dispatcher.errors import ImportRefused
from dispatcher.usecases.importing.columns import guess
from dispatcher.usecases.importing.spellings import COLUMNS, NO, NOTHING, YES, plain


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Email", "email"),
        ("E-mail", "email"),
        ("EMAIL ADDRESS", "email"),
        ("Correo", "email"),
        ("Correo electrónico *", "email"),
        ("Cell", "phone"),
        ("Phone Number", "phone"),
        ("Mobile #", "phone"),
        ("Teléfono", "phone"),
        ("Número de teléfono", "phone"),
        ("First Name", "first_name"),
        ("Nombre", "first_name"),
        ("first_name", "first_name"),
        ("Apellidos", "last_name"),
        ("Zip", "postal_code"),
        ("ZIP Code", "postal_code"),
        ("Código Postal", "postal_code"),
        ("Idioma", "language"),
        ("Preferred language", "language"),
        ("Time zone", "time_zone"),
        ("SMS opt-in", "sms_consent"),
    ],
)
def test_common_spellings_are_understood_in_english_and_spanish(heading: str, field: str) -> None:
    columns = guess("people.csv", ["id", heading])
    assert columns.shown == {field: heading}
    assert columns.dropped == ("id",)


def test_the_order_of_columns_does_not_matter() -> None:
    columns = guess("people.csv", ["Zip", "Nombre", "Cell", "Correo"])
    assert columns.fields == {"email": 3, "phone": 2, "first_name": 1, "postal_code": 0}


def test_of_two_phones_the_cell_is_taken_and_the_other_shown_as_dropped() -> None:
    columns = guess("people.csv", ["Home Phone", "email", "Cell Phone"])
    assert columns.shown["phone"] == "Cell Phone"
    assert columns.dropped == ("Home Phone",)


def test_unknown_columns_are_dropped_unless_kept_by_name() -> None:
    columns = guess("people.csv", ["email", "Parish", " Member ID ", ""], keep=["member id"])
    assert columns.kept == {"Member ID": 2}
    assert columns.dropped == ("Parish",)


def test_a_kept_column_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(ImportRefused, match=r"no column 'Parrish'\. There are: email, Parish"):
        guess("people.csv", ["email", "Parish"], keep=["Parrish"])


def test_staff_can_name_the_column_that_says_yes() -> None:
    columns = guess("people.csv", ["email", "phone", "May we text you?"], consent_column="may we text you")
    assert columns.shown["sms_consent"] == "May we text you?"


def test_a_mended_rejects_file_loses_its_own_columns_without_a_word() -> None:
    assert guess("people.rejects.csv", ["line", "problem", "what is wrong", "email"]).dropped == ()


def test_the_spellings_are_written_as_they_are_looked_up_and_each_means_one_field() -> None:
    spellings = [spelling for written in COLUMNS.values() for spelling in written]
    assert [plain(spelling) for spelling in spellings] == spellings
    assert len(set(spellings)) == len(spellings)
    assert not YES & NO
    assert all(plain(word) == word for word in YES | NO | NOTHING)
