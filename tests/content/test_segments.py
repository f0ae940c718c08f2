"""A file in segments for a translator, and together again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher.content.load import CampaignSource, list_campaigns
from dispatcher.content.segments import is_link, segments

SHIPPED = [
    (one.source, language) for one in list_campaigns() if one.source for language in one.source.languages
]


@pytest.mark.parametrize(("source", "language"), SHIPPED, ids=lambda value: getattr(value, "slug", value))
def test_every_shipped_file_comes_together_as_it_was(source: CampaignSource, language: str) -> None:
    own = source.languages[source.manifest.language]
    for name, text in source.languages[language].files.items():
        found = segments(name, text)
        assert found.joined(found.texts) == text
        assert len(found.texts) == len(segments(name, own.files[name]).texts)


def test_html_is_taken_by_the_block_with_the_tags_within_it() -> None:
    html = (
        '<h1>Act</h1>\n\n<p class="lead">\n  Call <b>now</b>, <a href="https://a.org">here</a>.\n</p>\n<hr>\n'
    )
    found = segments("body.html", html)
    assert found.texts == ("Act", 'Call <b>now</b>, <a href="https://a.org">here</a>.')
    assert found.joined(["Ya", "Llame"]) == '<h1>Ya</h1>\n\n<p class="lead">\n  Llame\n</p>\n<hr>\n'


def test_a_block_with_jinja_in_its_tag_is_a_block() -> None:
    found = segments("body.html", '<p align="{{ start }}" title=">">Hello</p>{# a note #}')
    assert found.texts == ("Hello",)


def test_jinja_on_its_own_line_belongs_to_the_frame_and_within_a_line_to_the_words() -> None:
    html = "{% if attributes.city %}\n<p>Hi{% if name %} {{ name }}{% endif %}!</p>\n{% endif %}\n"
    assert segments("body.html", html).texts == ("Hi{% if name %} {{ name }}{% endif %}!",)
    assert segments("body.txt", "{% if name %}\nHi {{ name }}\n{% endif %}\n").texts == ("Hi {{ name }}",)


def test_a_with_gives_its_words_and_its_link() -> None:
    html = '{% with button = "Take Action", action_url = "https://a.org/x", width = "600" %}\n{% endwith %}'
    found = segments("body.html", html)
    assert found.texts == ("Take Action", "https://a.org/x")
    assert 'button = "Actúe", action_url = "https://a.org/es", width = "600"' in found.joined(
        ["Actúe", "https://a.org/es"]
    )


def test_a_picture_is_a_segment_when_its_description_has_words() -> None:
    assert segments("body.html", '<p><img src="https://a.org/a.png" alt=""></p>').texts == ()
    (picture,) = segments("body.html", "<p><img src='https://a.org/a.png' alt='A march'></p>").texts
    assert "A march" in picture


def test_text_is_taken_by_the_paragraph() -> None:
    text = "FIRST\n\nSecond line\nhttps://a.org\n \n{{ leave_url }}\n\nhttps://a.org\n"
    assert segments("body.txt", text).texts == ("FIRST", "Second line\nhttps://a.org")


def test_an_empty_file_has_no_segment() -> None:
    assert segments("sms.txt", " \n").texts == ()
    assert segments("sms.txt", " \n").joined([]) == " \n"


PIECES = st.sampled_from(
    [
        *(
            "<p>",
            "</p>",
            '<p title=">">',
            "<p ",
            "<b>",
            "</b>",
            "<!-- -->",
            "\n",
            "\n\n",
            '"',
            "'",
            "a",
            "ñ ",
        ),
        *("{{ x }}", "{% if x %}", "{# y #}", '{% with b = "Go", c = "https://a.org" %}', "{{", "%}", "}}"),
        "https://a.org/x ",
    ]
)


@given(st.lists(PIECES, max_size=40).map("".join), st.sampled_from(["body.html", "body.txt"]))
def test_whatever_a_file_holds_comes_together_again(text: str, name: str) -> None:
    found = segments(name, text)
    assert found.joined(found.texts) == text
    assert all(words == words.strip() != "" for words in found.texts)


@pytest.mark.parametrize("text", ["<p " + "{{ a }}" * 5000, "<p " + "{{" * 5000, '<p "' * 5000])
def test_a_tag_that_never_ends_takes_no_time(text: str) -> None:
    found = segments("body.html", text)
    assert found.joined(found.texts) == text


def test_only_a_whole_address_is_a_link() -> None:
    assert is_link("https://a.org/x")
    assert not is_link("see https://a.org/x")
