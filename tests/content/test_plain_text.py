"""The plain-text part where nobody wrote one: made from the HTML, the same words and every link."""

from collections.abc import Callable

import pytest
from shipped_campaigns import CASES, LEAVE_URL, ORGANISATION, compiled, reader

from dispatcher.content.edition import Organisation, freeze
from dispatcher.content.links import links_in_html, links_in_text
from dispatcher.content.load import CampaignSource
from dispatcher.content.plain_text import text_of
from dispatcher.content.render import Compiled, Person
from dispatcher.errors import BrokenCampaign

WriteCampaign = Callable[..., CampaignSource]
MakePerson = Callable[..., Person]

MADE = [
    ("<h1>One</h1><p>Two\n  three<br>four</p>", "One\n\nTwo three\nfour\n"),
    ('<p>See <a href="https://x.org/a">the page</a>.</p>', "See the page <https://x.org/a>.\n"),
    ('<p>See <a href="https://x.org/a">x.org/a</a>.</p>', "See https://x.org/a.\n"),
    ('<p><a href="https://x.org/?a=1&amp;copy=2">x <b>y</b></a></p>', "x y <https://x.org/?a=1&copy=2>\n"),
    ("<ul><li>One</li><li>Two</li></ul>", "  * One\n  * Two\n"),
    ("<p>AT&amp;T, 1 &lt; 2, &amp;lt;</p>", "AT&T, 1 < 2, &lt;\n"),
    ('<p><img src="https://x.org/a.png" alt="A march"> today</p>', "[A march] today\n"),
    ('<p style="display: none">secret</p><p>x</p>', "x\n"),
    ("<!--[if mso]><p>Outlook</p><![endif]--><p>x</p>", "x\n"),
    (
        (
            '<p>a</p><table role="presentation"><tr><td><table role="presentation"><tr>'
            '<td><a href="https://x.org/">Go</a></td></tr></table></td></tr></table><p>b</p>'
        ),
        "a\n\nGo <https://x.org/>\n\nb\n",
    ),
]


@pytest.mark.parametrize(("html", "text"), MADE)
def test_html_is_told_as_text(html: str, text: str) -> None:
    assert text_of(html) == text


def without_text(body: str) -> dict[str, str | None]:
    return {"body.html": body, "body.txt": None}


def test_a_missing_text_is_made_with_everything_that_is_each_persons_own(
    write_campaign: WriteCampaign, organisation: Organisation, person: MakePerson
) -> None:
    body = (
        "<p>Hello{% if first_name %} {{ first_name }}{% endif %},</p>\n"
        "{% if attributes.city|default('') %}\n<p>You in {{ attributes.city }}.</p>\n{% endif %}\n"
        '<p>Why now?</p>\n{% include "button.html" %}\n'
        '<p><a href="https://x.org/?who={{ first_name|urlencode }}">Your page</a></p>'
    )
    told = Compiled(freeze(write_campaign(files=without_text(body)), organisation))
    text = told.preview_text(person(first_name="Ana & <i>Jo</i>", attributes={"city": "Cicero"}))
    assert (
        "Hello Ana & <i>Jo</i>,\n\nYou in Cicero.\n\nWhy now?\n\nCall now <https://p2a.co/budget>\n\n"
        "Your page <https://x.org/?who=Ana%20%26%20%3Ci%3EJo%3C/i%3E>\n" in text
    )
    assert "Hello,\n\nWhy now?" in told.preview_text(person(first_name=None))


def test_a_made_text_has_the_link_to_leave_and_the_postal_address(
    write_campaign: WriteCampaign, organisation: Organisation, person: MakePerson
) -> None:
    frozen = freeze(write_campaign(files={"body.txt": None}), organisation)
    text = Compiled(frozen).preview_text(person())
    assert person().leave_url in text
    assert organisation.address in text


@pytest.mark.parametrize(("slug", "language"), CASES)
def test_every_shipped_campaign_could_go_without_its_text(slug: str, language: str) -> None:
    html = compiled(slug).preview_html(reader(language))
    text = text_of(html)
    assert set(links_in_html(html)) == set(links_in_text(text))
    assert LEAVE_URL in text
    assert ORGANISATION.address in text


NOT_THE_SAME = [
    "<p {% if first_name %}style='display: none'{% endif %}>x</p>",
    "<!-- {% if first_name %} --><p>x</p><!-- {% endif %} -->",
]


@pytest.mark.parametrize("body", NOT_THE_SAME)
def test_a_text_that_would_say_something_else_has_to_be_written(
    write_campaign: WriteCampaign, organisation: Organisation, body: str
) -> None:
    with pytest.raises(BrokenCampaign, match=r"body.txt: is missing, and can't be made from body.html: "):
        freeze(write_campaign(files=without_text(body)), organisation)
