"""A campaign that is right in two languages, and every kind of mistake that somebody makes in one.

A mistake is one change to the campaign; what must be found of it is one finding, with its file and line.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dispatcher.paths import shipped

# Line numbers in the table below are those of these files.
CAMPAIGN: Mapping[str, str] = {
    "campaign.toml": """title = "Keep the budget whole"
level = "state"
lists = ["budget"]
action_url = "https://p2a.co/budget"
button = "Call now"
""",
    "subject.txt": "Keep the budget whole\n",
    "preheader.txt": "One call before Friday can keep it so.\n",
    "body.html": """<h1>Keep the budget whole</h1>
<p>Hello {{ first_name or "friend" }}.</p>
<p>Please call your senator.</p>
{% include "button.html" %}
""",
    "body.txt": """KEEP THE BUDGET WHOLE

Hello {{ first_name or "friend" }}.
Please call your senator.
{{ button }}: {{ action_url }}
""",
    "sms.txt": """Coalition: please call your senator.
{{ action_url }}
{{ chrome.reply_stop }}
""",
    "es/campaign.toml": 'title = "Cuide el presupuesto"\nbutton = "Llame ahora"\n',
    "es/subject.txt": "Cuide el presupuesto\n",
    "es/preheader.txt": "Una llamada suya ayuda.\n",
    "es/body.html": """<h1>Cuide el presupuesto</h1>
<p>Hola, {{ first_name or "gente amiga" }}.</p>
<p>Llame por favor a su senador.</p>
{% include "button.html" %}
""",
    "es/body.txt": """CUIDE EL PRESUPUESTO

Hola, {{ first_name or "gente amiga" }}.
Llame por favor a su senador.
{{ button }}: {{ action_url }}
""",
    "es/sms.txt": """Coalition: llame a su senador.
{{ action_url }}
{{ chrome.reply_stop }}
""",
}
_MANIFEST = CAMPAIGN["campaign.toml"]


@dataclass(frozen=True)
class Mistake:
    """What somebody did, and what must be found of it: `file:line`, or the file alone."""

    name: str
    file: str  # the one that is changed
    place: str
    problem: str
    error: bool = False
    added: str = ""  # at the end of the file
    replaced: tuple[str, str] = ("", "")  # in the file
    written: str | None = None  # instead of the file
    removed: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)  # of the organisation
    before: str = ""  # what the file has without the mistake, where CAMPAIGN hasn't

    def files(self) -> dict[str, str | None]:
        """The campaign's files with the mistake in them; None for one that is missing."""
        if not self.file:
            return dict(CAMPAIGN)
        before = CAMPAIGN.get(self.file, self.before)
        after = self.written if self.written is not None else before.replace(*self.replaced, 1) + self.added
        return {**CAMPAIGN, self.file: None if self.removed else after}

    @property
    def where(self) -> tuple[str, int | None]:
        file, _, line = self.place.partition(":")
        return file, int(line) if line else None


def _html(name: str, added: str, problem: str, line: int = 5, *, error: bool = False) -> Mistake:
    """Something added below the button: its first line is the file's fifth."""
    return Mistake(
        name, "body.html", f"body.html:{line}" if line else "body.html", problem, error, added=added
    )


def _frame(name: str, replaced: str, by: str, problem: str, place: str = "") -> Mistake:
    """The shipped layout, changed in the working folder; found in the line of `replaced`, or of `place`."""
    frame = shipped("templates", "layouts", "email.html").read_text(encoding="utf-8")
    line = frame.count("\n", 0, frame.index(place or replaced)) + 1
    found = f"templates/layouts/email.html:{line}"
    return Mistake(name, "../../layouts/email.html", found, problem, replaced=(replaced, by), before=frame)


MISTAKES = [
    # The campaign is not whole, or can't be written for everybody.
    Mistake(
        "a part is missing", "sms.txt", "sms.txt", "sms.txt missing, so nobody", error=True, removed=True
    ),
    Mistake(
        "a translation lacks a part", "es/sms.txt", "es/sms.txt", "nobody gets sms in 'es'", removed=True
    ),
    Mistake(
        "a variable is misspelt",
        "body.html",
        "body.html:2",
        "'frist_name' isn't known here",
        error=True,
        replaced=("first_name", "frist_name"),
    ),
    Mistake(
        "not everybody has what is written",
        "body.txt",
        "body.txt:6",
        "Not everybody has a city",
        error=True,
        added="{{ attributes.city }}\n",
    ),
    Mistake(
        "a branch that nobody gets into",
        "body.txt",
        "body.txt:7",
        "behind {% else %}: nobody has read it",
        added="{% if org.name %}\n{% else %}\nWe\n{% endif %}\n",
    ),
    Mistake(
        "the subject is empty", "subject.txt", "subject.txt", "Subject is empty", error=True, written="\n"
    ),
    Mistake(
        "the text is too long",
        "sms.txt",
        "sms.txt",
        "Text is too long",
        error=True,
        added="Please call. " * 130,
    ),
    # The law, and who speaks.
    Mistake(
        "the organisation says nowhere where it is",
        "",
        "settings",
        "no postal address",
        error=True,
        settings={"address": ""},
    ),
    Mistake(
        "the organisation has no name",
        "",
        "settings",
        "DISPATCH_ORG_NAME isn't set",
        error=True,
        settings={"name": ""},
    ),
    Mistake(
        "mail is to come from a free mailbox",
        "",
        "settings",
        "Mail from gmail.com is only believed when gmail.com sends it (DMARC)",
        error=True,
        settings={"from_email": "coalition@gmail.com"},
    ),
    # It wouldn't arrive, or not in time.
    _html("the message is clipped", f"<p>{'x' * 102_400}</p>\n", "Gmail cuts off", 0, error=True),
    Mistake(
        "the deadline has passed",
        "campaign.toml",
        "campaign.toml:6",
        "The deadline passed",
        error=True,
        added="deadline = 2026-11-30T17:00:00-06:00\n",
    ),
    Mistake(
        "the deadline is soon",
        "campaign.toml",
        "campaign.toml:6",
        "The deadline is in 11 hours 30 minutes",
        added="deadline = 2026-12-01T17:30:00-06:00\n",
    ),
    Mistake(
        "styles depend on the person",
        "body.html",
        "body.html",
        "CSS has to be inlined in each message",
        replaced=("<p>Please", '<p class="{{ first_name }}">Please'),
    ),
    # Links.
    _html(
        "a link is relative",
        '<p><a href="/donate">Give</a></p>\n',
        "'/donate' isn't a whole address",
        error=True,
    ),
    _html(
        "a link leads to this machine",
        '<p><img src="http://localhost/x.png" alt=""></p>\n',
        "this machine",
        error=True,
    ),
    _html("a link is malformed", '<p><a href="https://p2a/x">Give</a></p>\n', "isn't an address", error=True),
    Mistake(
        "a link is http",
        "campaign.toml",
        "campaign.toml:4",
        "is http",
        replaced=("https://p2a.co", "http://p2a.co"),
    ),
    Mistake(
        "a text has a public shortener's link",
        "sms.txt",
        "sms.txt:2",
        "https://bit.ly/x is of a public shortener: carriers",
        error=True,
        replaced=("{{ action_url }}", "https://bit.ly/x"),
    ),
    # Words.
    Mistake(
        "the subject is long",
        "subject.txt",
        "subject.txt:1",
        "The subject has 61 characters",
        written=f"{'Keep the budget whole, please, ' * 2}\n",
    ),
    Mistake("there is no preheader", "preheader.txt", "preheader.txt", "There is no preheader", removed=True),
    Mistake(
        "the preheader is long",
        "es/preheader.txt",
        "es/preheader.txt:1",
        "no inbox shows more than 140",
        written=f"{'Una llamada suya ayuda. ' * 6}\n",
    ),
    Mistake(
        "the preheader is the subject",
        "preheader.txt",
        "preheader.txt:1",
        "only says the subject again",
        written="Keep the budget whole\n",
    ),
    Mistake(
        "a token of another system stayed",
        "body.txt",
        "body.txt:4",
        "*|FNAME|* would be sent as it stands",
        error=True,
        replaced=("Please", "*|FNAME|*, please"),
    ),
    _html(
        "a brace too many", "<p>{{ first_name }}}}, call.</p>\n", "}} would be sent as it stands", error=True
    ),
    Mistake(
        "filler stayed",
        "sms.txt",
        "sms.txt:1",
        "'Lorem ipsum'",
        error=True,
        replaced=("please", "Lorem ipsum"),
    ),
    Mistake(
        "a note to oneself stayed", "body.txt", "body.txt:6", "'TODO'", error=True, added="TODO thank them\n"
    ),
    Mistake(
        "a date stayed English",
        "es/body.html",
        "es/body.html:3",
        "'December 5' is English",
        replaced=("senador", "senador, December 5"),
    ),
    Mistake(
        "a time stayed English",
        "es/sms.txt",
        "es/sms.txt:1",
        "'5 pm' is English",
        replaced=("senador", "senador 5 pm"),
    ),
    Mistake(
        "the plain text says something else",
        "body.txt",
        "body.txt",
        "of the HTML's words aren't in the plain text",
        written="Short: {{ action_url }}\n",
    ),
    _html(
        "the plain text lacks a link",
        '<p><a href="https://icirr.org">Us</a></p>\n',
        "have the link https://icirr.org",
    ),
    # HTML and CSS, as mail clients know them.
    _frame("the frame has no title", "<title>{{ list_name }}</title>", "", "has no <title>", "<head>"),
    _frame(
        "the frame tells no language",
        '<html lang="{{ language }}"',
        "<html",
        "<html> doesn't say its language",
    ),
    _frame(
        "the frame has a font of its own",
        '<style data-premailer="ignore">',
        '<style data-premailer="ignore">@font-face { font-family: x; src: url("https://icirr.org/x.woff") }',
        "A web font: Gmail",
    ),
    _html(
        "a tag isn't closed", "<p>\n<strong>Now.</p>\n", "<strong> isn't closed before </p>", 6, error=True
    ),
    _html("a tag closes nothing", "<p>Now.</p>\n</div>\n", "</div> closes nothing", 6),
    _html(
        "a quotation mark is missing",
        '<p class="note>Now.</p>\n<p class="small">Us</p>\n',
        "quotation mark",
        error=True,
    ),
    _html("a comment doesn't end", "<!-- a note to us\n", "comment begins here and never ends", error=True),
    _html("a condition for Outlook doesn't end", "<!--[if mso]>-->\n", "condition for Outlook", error=True),
    _html(
        "a picture says nothing", '<p><img src="https://icirr.org/x.png"></p>\n', "A picture has no alt text"
    ),
    _html("a script", "<script>alert(1)</script>\n", "<script> is taken out", error=True),
    _html("a form", '<form action="https://icirr.org/f"></form>\n', "A form: Outlook"),
    _html("flexbox", '<p style="display: flex">Now.</p>\n', "Flexbox: Outlook"),
    _html(
        "a background picture",
        '<p style="background: url(https://icirr.org/x.png)">Us</p>\n',
        "A background picture",
    ),
    _html(
        "words that can hardly be read",
        '<p style="color: #999">Please</p>\n',
        "'Please' can hardly be read in light",
    ),
    # Texts.
    Mistake(
        "a letter costs a segment",
        "sms.txt",
        "sms.txt:1",
        "forces UCS-2",
        replaced=(
            "please call your senator.",
            "please call your senator\u2019s office, it takes two minutes today.",
        ),
    ),
    Mistake(
        "a text doesn't say who writes",
        "sms.txt",
        "sms.txt:1",
        "organisation's name",
        replaced=("Coalition: p", "P"),
    ),
    Mistake(
        "a text has two links",
        "sms.txt",
        "sms.txt:2",
        "The text has 2 links",
        replaced=("{{ action_url }}", "{{ action_url }} https://icirr.org"),
    ),
    Mistake(
        "a text sounds like a prize",
        "sms.txt",
        "sms.txt:1",
        "Carriers filter what sounds like a prize: 'free money'",
        replaced=("your senator", "for free money"),
    ),
    Mistake(
        "a text shouts",
        "sms.txt",
        "sms.txt:1",
        "what shouts: '!!!'",
        replaced=("your senator.", "your senator!!!"),
    ),
]
