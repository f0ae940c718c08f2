"""Sample people meet every branch that templates have for people."""

from dispatcher.content.samples import is_ordinary, sample_people


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


def test_somebody_meets_every_condition_of_several_attributes() -> None:
    source = """{% if attributes.city == "Joliet" %}{% if attributes.tone == "warm" %}x{% endif %}{% endif %}
{% if attributes.tone in ["kind", "plain"] and attributes.city == "Cicero" %}y{% endif %}"""
    people = [person.attributes for person in sample_people("en", [source], every_shape=True)]
    assert {"city": "Joliet", "tone": "warm"} in people
    assert {"city": "Cicero", "tone": "kind"} in people


def test_a_whole_number_is_tried_with_those_beside_it() -> None:
    ages = {person.attributes.get("age") for person in sample_people("en", ["{{ attributes.age|int > 17 }}"])}
    assert {"16", "17", "18"} <= ages


def test_every_shape_leaves_no_value_out() -> None:
    source = "".join(f"{{% if attributes.x == 'v{n}' %}}{{% endif %}}" for n in range(30))
    people = sample_people("en", [source], every_shape=True)
    assert {f"v{n}" for n in range(30)} <= {person.attributes.get("x") for person in people}


def test_only_one_has_a_name_that_looks_like_a_template() -> None:
    assert [is_ordinary(person) for person in sample_people("en", ["{{ attributes.x }}"])] == [
        True,
        True,
        False,
        True,
    ]
