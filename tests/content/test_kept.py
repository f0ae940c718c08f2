"""What a translation must keep: links, Jinja, and tags that open and close."""

import pytest

from dispatcher.content.kept import problem_with

GREETING = "Hello{% if first_name %} {{ first_name }}{% endif %},"
LINKED = 'Sign <a href="https://a.org/x">here</a>, <b>now</b>: {{ org.name }}.'


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        (GREETING, "Hola{% if first_name %}, {{ first_name }}{% endif %}:"),
        (GREETING, "مرحبًا{%if first_name%} <bdi>{{ first_name }}</bdi>{% endif %}،"),
        (GREETING, "Dzień dobry!"),  # a name would have to be bent
        (LINKED, '<b>Ahora</b>, {{ org.name }}: firme <a href="https://a.org/x" dir="ltr">aquí</a>.<br>'),
        ("https://a.org/x", " https://a.org/es "),
        ("Act < now", "Ya < ahora"),
    ],
)
def test_a_good_translation_is_taken(source: str, translation: str) -> None:
    assert problem_with(source, translation, html=True) == ""


@pytest.mark.parametrize(
    ("source", "translation", "problem"),
    [
        (LINKED, 'Firme <a href="https://a.org/x">aquí</a>, <b>ya</b>.', "{{ org.name }} is lost."),
        (GREETING, "Hola {{ first_name }} {{ leave_url }}", "{{ leave_url }} isn't in the source."),
        ("{% if attributes.city %}x{% endif %}", "x", "{% if attributes.city %} is lost."),
        (LINKED, "Firme <b>ya</b>: {{ org.name }}", "the link https://a.org/x is lost."),
        (LINKED, LINKED.replace("/x", "/y"), "the link https://a.org/x is lost."),
        (LINKED, LINKED + '<a href="https://b.org">x</a>', "the link https://b.org isn't in the source."),
        (LINKED, LINKED + "<p>x</p>", "<p> isn't in the source."),
        (LINKED, LINKED.replace("</b>", ""), "<b> isn't closed."),
        (LINKED, LINKED + "</i>", "</i> closes nothing."),
        (LINKED, LINKED + "<b>x</i></b>", "</i> closes nothing."),
        ("https://a.org/x", "aquí", "'aquí' isn't a link; https://a.org/x was."),
        ("Hello {{ name }}", "Hola {{ name }", "its {{ }} aren't right"),
    ],
)
def test_what_is_lost_or_too_much_is_named(source: str, translation: str, problem: str) -> None:
    assert problem_with(source, translation, html=True).startswith(problem)


def test_plain_text_keeps_its_links_and_may_have_angle_brackets() -> None:
    assert problem_with("Go: https://a.org/x.", "Ve: https://a.org/x <pronto>", html=False) == ""
    assert problem_with("Go: https://a.org/x.", "Ve", html=False) == "the link https://a.org/x is lost."


def test_leaving_out_the_name_is_a_problem_where_it_is_asked_for() -> None:
    assert problem_with(GREETING, "Dzień dobry!", html=True, nameless=False) != ""
