"""CSS is inlined before rendering only where that is proved to make no difference."""

import pytest

from dispatcher.content.inline import inline_css, inline_once, normalised
from dispatcher.content.pieces import pieces
from dispatcher.content.protect import NotSafe, protect, unquoted
from dispatcher.content.templating import compile_part, render_part
from dispatcher.errors import BrokenCampaign

EVERYBODY: list[dict[str, object]] = [
    {"name": "Ana", "list_name": "A&B", "link": "https://x.org/?a=1&b=2", "dir": "ltr", "many": ["x"]},
    {"name": "", "list_name": "", "link": "https://x.org/", "dir": "rtl", "many": []},
    {
        "name": 'O\'Hara "Z" <b>',
        "list_name": "</title>",
        "link": "https://x.org/é ü",
        "dir": "ltr",
        "many": "abc",
    },
]


def render_all(source: str, name: str = "body.html") -> list[str | None]:
    return list(htmls(source, name))


def htmls(source: str, name: str = "body.html") -> list[str]:
    template = compile_part(source, name)
    return [render_part(template, person) for person in EVERYBODY]


def document(body: str, css: str = "p { color: red; }") -> str:
    return f"<!DOCTYPE html>\n<html><head><style>{css}</style></head><body>{body}</body></html>"


def test_pieces_make_the_template_again() -> None:
    source = 'a{{ b }}{# {{ c }} #}{% raw %}{{ d }}{% endraw %}\n{{ "}}" }}{%- if e %}f{% endif %}\n'
    assert "".join(piece.source for piece in pieces(source)) == source
    assert [piece.source for piece in pieces(source) if piece.jinja][:2] == ["{{ b }}", "{# {{ c }} #}"]
    assert '{{ "}}" }}' in [piece.source for piece in pieces(source)]


SAFE = [
    "<p>Hello {{ name }}, <b>{{ name|upper }}</b></p>",
    '<p><a href="{{ link }}" title="{{ name }}">x</a></p>',
    "{% if name %}<p>{{ name }}</p>{% else %}<p>friend</p>{% endif %}",
    "<table>{% for one in many %}<tr><td>{{ one }}</td></tr>{% endfor %}</table>",
    '<!--[if mso]><td width="{{ name|length }}"><![endif]--><p>x</p>',
    '<p dir="{{ dir }}" class="{{ dir }}">x</p>',
    '<p>{# a remark #}{{ name|default("a > b") }}{% raw %}{{ braces }}{% endraw %}</p>',
    '<p style="margin: 0">{{ name }}</p>',
]


@pytest.mark.parametrize("body", SAFE)
def test_inlining_once_gives_everybody_the_same_as_inlining_each(body: str) -> None:
    source = document(body).replace("<head>", "<head><title>{{ list_name }}</title>")
    once = inline_once(source, render_all)
    assert "color:red" in once or "<p" not in body
    assert [piece.source for piece in pieces(once) if piece.jinja] == [
        piece.source for piece in pieces(source) if piece.jinja
    ]
    for early, late in zip(htmls(once), htmls(source), strict=True):
        assert normalised(early) == normalised(inline_css(late))


UNSAFE = [
    ('<p class="{{ name }}">x</p>', "p { color: red; }", "can change which CSS applies"),
    ('<p id="{{ name }}">x</p>', "p { color: red; }", "can change which CSS applies"),
    ('<p style="color: {{ name }}">x</p>', "p { margin: 0; }", "can change which CSS applies"),
    ("<p {% if name %}class='x'{% endif %}>x</p>", ".x { color: red; }", "can change which CSS applies"),
    ("{% if name %}<p>x</p>{% endif %}<p>y</p>", "p:first-child { color: red; }", "something else"),
    ("<div>{% if name %}<p>x</p>{% endif %}<p>y</p></div>", "p + p { color: red; }", "something else"),
    ("<ul>{% for x in many %}<li>{{ x }}</li>{% endfor %}</ul>", "li + li { color: red; }", "something else"),
    ('<a href="{{ link }}">x</a>', "a[href$='2'] { color: red; }", "something else"),
    ("<p>x</p>", "p { color: {{ name }}; }", "something else"),
]


@pytest.mark.parametrize(("body", "css", "why"), UNSAFE)
def test_what_depends_on_the_person_is_not_inlined_once(body: str, css: str, why: str) -> None:
    with pytest.raises(NotSafe, match=why):
        inline_once(document(body, css), render_all)


@pytest.mark.parametrize(
    ("html", "bare"),
    [
        ("<a href={{ link }}>x</a>", "{{ link }}"),
        ("<p {{ name }}>x</p>", "{{ name }}"),
        ("<{{ name }}>", "{{ name }}"),
        ("<style media={{ name }}>p { color: {{ link }}; }</style>", "{{ name }}"),
        ("<a href='{{ link }}' title=\"{{ name }}\">{{ name }}</a> a < {{ name }}", ""),
        ("<p {% if name %}hidden{% endif %}>x</p>", ""),
        ("<!-- {{ name }} -->", ""),
    ],
)
def test_an_output_without_quotes_around_it_is_noticed(html: str, bare: str) -> None:
    assert unquoted(html) == bare


def test_nothing_is_proved_when_nobodys_message_can_be_written() -> None:
    with pytest.raises(NotSafe, match="no sample person"):
        inline_once(document("<p>x</p>"), lambda _source, _name: [None])


def test_a_token_that_is_lost_doubled_or_moved_is_noticed() -> None:
    protected = protect(document("<p>{{ name }}</p><p>{{ link }}</p>"))
    first, second = (f"<!--{protected.word}{number}z-->" for number in range(2))
    assert protected.restore(protected.html) == document("<p>{{ name }}</p><p>{{ link }}</p>")
    swapped = protected.html.replace(first, "*").replace(second, first).replace("*", second)
    for broken in (
        protected.html.replace(first, ""),
        protected.html.replace(second, second * 2),
        swapped,
    ):
        with pytest.raises(NotSafe, match="lost, doubled or moved"):
            protected.restore(broken)


def test_a_template_that_says_our_placeholder_is_no_trouble() -> None:
    word = protect(document("<p>{{ name }}</p>")).word
    source = document(f"<p>{word}0z {{{{ name }}}}</p>")
    assert f"{word}0z Ana" in htmls(inline_once(source, render_all))[0]


HEAD = """<!doctype html>
<html><head><style>p { color: red } a:hover { color: blue }</style>
<style data-premailer="ignore">@media (max-width: 480px) { p { color: green !important } }</style></head>
<body><!--[if mso]><table><tr><td><![endif]--><p width="600">é &nbsp;</p>
<!--[if !mso]><!--><i>x</i><!--<![endif]-->
<!--[if mso]></td></tr></table><![endif]--></body></html>"""


def test_doctype_media_queries_and_outlooks_conditionals_are_kept() -> None:
    inlined = inline_css(HEAD)
    assert inlined.startswith("<!doctype html>\n<html>")
    assert '<p width="600" style="color:red">é \xa0</p>' in inlined
    assert "@media (max-width: 480px) { p { color: green !important } }" in inlined
    assert "data-premailer" not in inlined
    assert "<!--[if mso]><table><tr><td><![endif]-->" in inlined
    assert "<!--[if !mso]><!--><i>x</i><!--<![endif]-->" in inlined
    assert "a:hover" in inlined


def test_a_document_without_doctype_gets_one() -> None:
    assert inline_css("<html><body><p>x</p></body></html>").startswith("<!DOCTYPE html>\n<html>")


def test_a_conditional_that_a_parser_would_drop_is_refused() -> None:
    with pytest.raises(BrokenCampaign, match="Outlook conditional would be lost"):
        inline_css("<html><body><![if !mso]><p>x</p><![endif]></body></html>")


@pytest.mark.parametrize(
    "head",
    [
        '<link rel="stylesheet" href="https://192.0.2.1/x.css">',
        "<style>@import url('https://192.0.2.1/x.css');</style>",
        '<link rel="stylesheet" href="/etc/passwd">',
    ],
)
def test_nothing_is_fetched(head: str) -> None:
    # The test run refuses every connection that isn't loopback, so a fetch would be an error here.
    assert "<p>x</p>" in inline_css(f"<html><head>{head}</head><body><p>x</p></body></html>")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ('<p a="1" b="2">x  y</p>', '<p b="2" a="1">x\ny</p>', True),
        ('<p style="color:red; margin:0">x</p>', '<p style="color:red;margin:0;">x</p>', True),
        ('<a href="x?a=%20b">x</a>', '<a href="x?a= b">x</a>', True),
        ("<p>&eacute;</p>", "<p>é</p>", True),
        ("<p>a < b</p>", "<p>a &lt; b</p>", True),
        ('<p style="color:red">x</p>', "<p>x</p>", False),
        ("<p>x</p>", "<p>y</p>", False),
        ("<!--a--><p>x</p>", "<!--b--><p>x</p>", False),
    ],
)
def test_documents_are_compared_as_a_mail_client_sees_them(one: str, other: str, same: bool) -> None:
    assert (normalised(one) == normalised(other)) is same
