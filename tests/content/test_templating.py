"""Campaigns are written in a Jinja that can neither escape, hang nor hand out what it isn't given."""

import pytest

from dispatcher.content.templating import Words, compile_part, parse, render_part
from dispatcher.errors import BrokenCampaign, RenderFailed


def rendered(source: str, file: str = "body.txt", /, **values: object) -> str:
    return render_part(compile_part(source, file), values)


def test_html_is_escaped_and_text_is_not() -> None:
    assert rendered("{{ name }}", "body.html", name="<b>&") == "&lt;b&gt;&amp;"
    assert rendered("{{ name }}", "body.txt", name="<b>&") == "<b>&"


def test_a_line_that_holds_only_a_tag_leaves_none_behind() -> None:
    assert rendered("a\n{% if x %}\nb\n  {% endif %}\nc", x=True) == "a\nb\nc"


def test_a_tag_at_the_end_of_a_line_keeps_the_line_end() -> None:
    assert rendered("Hello{% if x %} Ana{% endif %}\nBye", x=True) == "Hello Ana\nBye"


def test_merge_data_is_never_read_as_a_template() -> None:
    assert rendered("{{ name }}", name="{{ 7 * 7 }}{% raw %}") == "{{ 7 * 7 }}{% raw %}"


@pytest.mark.parametrize(
    "source",
    [
        "{{ 'x' * 1000000000 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ 99999 * 99999 }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ name.__class__.__mro__ }}",
        "{{ name['__class__'] }}",
        "{{ ''|attr('__class__') }}",
    ],
)
def test_what_could_hang_or_escape_is_refused(source: str) -> None:
    with pytest.raises((RenderFailed, BrokenCampaign)):
        parse(source, "body.txt")
        rendered(source, name="Ana")


@pytest.mark.parametrize("name", ["range", "cycler", "lipsum", "namespace", "joiner", "dict", "self.body"])
def test_jinjas_globals_are_not_there(name: str) -> None:
    with pytest.raises(BrokenCampaign, match="nothing can be called"):
        parse("{{ " + name + "(9) }}", "body.txt")


def test_the_frames_words_may_be_filled() -> None:
    source = "{{ chrome.why.format(list_name=list_name) }}"
    parse(source, "body.html")
    words = rendered(source, "body.html", chrome=Words({"why": "You joined {list_name}."}), list_name="A&B")
    assert words == "You joined A&amp;B."


def test_only_the_keys_of_words_can_be_reached() -> None:
    words = Words({"items": "a column"})
    assert (
        rendered("{{ attributes.items }} {{ attributes['items'] }}", attributes=words) == "a column a column"
    )
    with pytest.raises(RenderFailed, match="undefined variable: keys"):
        rendered("{{ attributes.keys }}", attributes=words)


def test_words_can_be_gone_through_and_counted() -> None:
    words = Words({"city": "Chicago", "ward": "1"})
    assert rendered(
        "{% for key in attributes %}{{ key }} {% endfor %}{{ attributes|length }}", attributes=words
    ) == ("city ward 2")


def test_small_sums_are_allowed() -> None:
    assert rendered("{{ 3 * 4 }} {{ 7 % 4 }}") == "12 3"


def test_a_default_stands_in_for_what_somebody_does_not_have() -> None:
    assert rendered("{{ attributes.city|default('town') }}", attributes=Words({})) == "town"


def test_a_failure_names_the_variable() -> None:
    with pytest.raises(RenderFailed) as failed:
        rendered("{{ frist_name }}")
    assert (failed.value.reason, failed.value.detail) == ("undefined variable", ": frist_name")


@pytest.mark.parametrize(
    "source", ["{{ attributes[name] }}", "{{ name[name] }}", "{{ name / 2 }}", "{{ -name }}"]
)
def test_a_failure_never_says_what_the_person_is_called(source: str) -> None:
    with pytest.raises(RenderFailed) as failed:
        rendered(source, name="Guadalupe", attributes=Words({}))
    assert "Guadalupe" not in repr(failed.value)
    assert failed.value.__suppress_context__
    assert failed.value.__cause__ is None
