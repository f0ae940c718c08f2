"""Sample people meet every branch that templates have for people."""

from dispatcher.content.samples import sample_people


def test_there_are_people_with_and_without_a_name_and_with_odd_letters() -> None:
    names = [person.first_name for person in sample_people("es", [])]
    assert None in names
    assert any(name and "<b>" in name and "{{" in name for name in names)
    assert all(person.language == "es" for person in sample_people("es", []))


def test_attributes_are_there_missing_empty_and_what_templates_compare_with() -> None:
    source = "{% if attributes.tone == 'urgent' and attributes['city'] != \"\" %}x{% endif %}"
    people = sample_people("en", [source])
    tones = [person.attributes.get("tone") for person in people]
    assert {"urgent", "", None} <= set(tones)
    assert all(set(person.attributes) in ({"tone", "city"}, set()) for person in people)


def test_templates_that_compare_with_much_do_not_make_a_crowd() -> None:
    source = "".join(f"{{% if attributes.x == '{n}' %}}{{% endif %}}" for n in range(100))
    assert len(sample_people("en", [source])) <= 12
