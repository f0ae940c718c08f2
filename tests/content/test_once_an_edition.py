"""Whatever an organiser writes: what is done once an edition gives all what doing it each time would."""

from dataclasses import replace

from hypothesis import assume, given, settings
from organisers_html import BODIES, NAMES, RULES

from dispatcher.content.context import Person, same_for_all, variables
from dispatcher.content.inline import inline_css, inline_once, normalised
from dispatcher.content.parts import LanguageContent, Organisation
from dispatcher.content.plain_text import text_of, text_once
from dispatcher.content.protect import NotSafe
from dispatcher.content.proving import sampled
from dispatcher.content.samples import sample_people
from dispatcher.content.templating import compile_part, render_part

CONTENT = LanguageContent("Title", "https://p2a.co/x?a=1&b=2", "Call", {"dir": "ltr"})
ORGANISATION = Organisation("Coalition", "1 Main St", "alerts@example.org", "Alerts")


def _page(css: str, body: str) -> str:
    return (
        f"<!DOCTYPE html>\n<html><head><title>{{{{ title }}}}</title><style>{css}</style>"
        "<style data-premailer='ignore'>@media (max-width: 480px) { p { color: blue } }</style></head>"
        f"<body><!--[if mso]><i>x</i><![endif]-->{body}</body></html>"
    )


@settings(max_examples=60)
@given(css=RULES, body=BODIES, first_name=NAMES, last_name=NAMES)
def test_who_was_no_sample_gets_the_same_css_too(
    css: str, body: str, first_name: str | None, last_name: str | None
) -> None:
    source = _page(css, body)
    try:
        once = inline_once(source, sampled("en", CONTENT, ORGANISATION, source))
    except NotSafe:
        assume(False)
    person = _reader(source, first_name, last_name)
    assert normalised(_rendered(once, person)) == normalised(inline_css(_rendered(source, person)))


@settings(max_examples=60)
@given(body=BODIES, first_name=NAMES, last_name=NAMES)
def test_who_was_no_sample_reads_in_plain_text_what_their_html_says(
    body: str, first_name: str | None, last_name: str | None
) -> None:
    try:
        once = text_once(body, sampled("en", CONTENT, ORGANISATION, body))
    except NotSafe:
        assume(False)
    person = _reader(body, first_name, last_name)
    assert _rendered(once, person, "body.txt").split() == text_of(_rendered(body, person)).split()


def _reader(source: str, first_name: str | None, last_name: str | None) -> Person:
    return replace(sample_people("en", [source])[0], first_name=first_name, last_name=last_name)


def _rendered(source: str, person: Person, name: str = "body.html") -> str:
    values = variables(person, same_for_all("en", CONTENT, ORGANISATION))
    return render_part(compile_part(source, name), values)
