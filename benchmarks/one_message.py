"""What one 20 KB email costs one core: its CSS inlined once an edition or in each message, its bytes put
together from parts that are encoded already or by the standard library.
"""

import time
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from crowd import html_body, write_campaign
from figures import Figure

from dispatcher.content.edition import freeze
from dispatcher.content.load import load_campaign
from dispatcher.content.parts import Organisation
from dispatcher.content.render import Compiled, Person

_ORGANISATION = Organisation("Benchmark", "1 Main Street, Springfield", "alerts@example.org", "Benchmark")
_ROUNDS = 5
_SECONDS = 0.4  # of each side in a round
# A style that depends on the person, so that CSS can't be inlined beforehand.
_UNSAFE = "<style>.hi + p { color: #111111; }</style>{% if first_name %}<p class='hi'></p>{% endif %}\n"


def measure(folder: Path) -> Iterator[Figure]:
    """Two ratios, each of two things that took turns."""
    write_campaign(folder)
    once = Compiled(freeze(load_campaign("bench"), _ORGANISATION))
    body = folder / "templates" / "campaigns" / "bench" / "body.html"
    body.write_text(_UNSAFE + html_body() + '{% include "button.html" %}\n')
    each = Compiled(freeze(load_campaign("bench"), _ORGANISATION))
    if once.frozen.inline_each or not each.frozen.inline_each:
        raise RuntimeError("The campaigns aren't inlined as they are meant to be.")
    quick, slow = _turns(lambda n: once.preview_html(_person(n)), lambda n: each.preview_html(_person(n)))
    words = f"{quick * 1e6:,.0f} us; by premailer on each {slow * 1e6:,.0f} us"
    yield Figure("parts", "CSS inlined once, times quicker", slow / quick, words, at_least=50)
    quick, slow = _turns(lambda n: once.email(_person(n)), lambda n: _by_email_message(once, _person(n)))
    words = f"{quick * 1e6:,.0f} us; by EmailMessage {slow * 1e6:,.0f} us"
    yield Figure("parts", "20 KB rendered and assembled, times quicker", slow / quick, words, at_least=5)


def _by_email_message(compiled: Compiled, person: Person) -> bytes:
    """The same message by the standard library, from the same compiled templates."""
    message = EmailMessage(policy=SMTP)
    message["From"] = "Benchmark <alerts@example.org>"
    message["To"] = person.to
    message["Subject"] = compiled.preview_subject(person)
    message["Message-ID"] = f"<{person.message_id}@example.org>"
    message["List-Unsubscribe"] = f"<{person.one_click_url}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(compiled.preview_text(person))
    message.add_alternative(compiled.preview_html(person), subtype="html")
    return message.as_bytes()


def _turns(one: Callable[[int], object], other: Callable[[int], object]) -> tuple[float, float]:
    """Seconds that each takes at best, turn by turn, so that what else runs slows both."""
    turns = [(_seconds(one), _seconds(other)) for _ in range(_ROUNDS)]
    return min(turn[0] for turn in turns), min(turn[1] for turn in turns)


def _seconds(work: Callable[[int], object]) -> float:
    began, done = time.perf_counter(), 0
    while (taken := time.perf_counter() - began) < _SECONDS:
        work(done)
        done += 1
    return taken / done


def _person(number: int) -> Person:
    link = f"https://example.org/leave/{number:060}"
    return Person(
        message_id=number,
        to=f"person{number}@domain{number % 50}.example",
        first_name=f"Person{number}",
        last_name=None,
        language="en",
        attributes={},
        leave_url=link,
        one_click_url=link,
        list_name="Benchmark alerts",
    )
