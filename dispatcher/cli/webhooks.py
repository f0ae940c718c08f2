"""`dispatch webhooks add|ls|show|test|retry|secret|remove`."""

from typing import TYPE_CHECKING, Any

import click

from dispatcher.cli.out import confirm, emit, json_option, note, say, table
from dispatcher.cli.whole_help import Group

if TYPE_CHECKING:
    from dispatcher.channels.webhook import Posted
    from dispatcher.house import House
    from dispatcher.usecases.webhooks.registering import WebhookView


@click.group(cls=Group)
def command() -> None:
    """Who is told what happens, such as a CRM: by numbers alone, signed (docs/webhooks.md)."""


@command.command()
@click.argument("url")
@click.option(
    "--events",
    default="all",
    show_default=True,
    metavar="KIND,...",
    help="Of what: message.delivered,subscriber.*,...",
)
@click.option(
    "--batch",
    default=1,
    show_default=True,
    metavar="N",
    help="How many events may go in one POST, at most 100.",
)
@json_option
def add(url: str, events: str, batch: int, as_json: bool) -> None:
    """Tell a receiver what happens from now on. The secret that signs it is shown once."""
    from dispatcher.cli.opening import open_house
    from dispatcher.errors import WrongWebhook
    from dispatcher.rules.webhooks import Kind, kinds_meant
    from dispatcher.usecases.webhooks.registering import add_webhook

    try:
        kinds = kinds_meant(events)
    except ValueError as error:
        there = ", ".join(Kind)
        raise WrongWebhook(problem=f"there is no event {str(error)!r}. There are: {there}.") from None
    with open_house().db.transaction() as session:
        number, secret = add_webhook(session, url, kinds, batch)
    if as_json:
        emit({"webhook": number, "secret": secret, "events": sorted(kinds), "batch": batch})
        return
    say(f"Webhook {number} is told of {len(kinds)} kinds of events from now on.")
    note("This is shown once. The receiver needs it to know that it is us:")
    say(secret)
    note(f"Next: dispatch webhooks test {number}")


@command.command("ls")
@json_option
def list_all(as_json: bool) -> None:
    """Every receiver by its host, what it has taken and what waits."""
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.webhooks.registering import view_webhooks

    house = open_house()
    with house.db.reading() as session:
        hooks = view_webhooks(session)
    _warn(house, *hooks)
    if as_json:
        emit({"webhooks": [one.as_json() for one in hooks]})
        return
    table(
        ("webhook", "host", "kinds", "told", "waiting", "given up", ""),
        [
            (one.number, one.host, len(one.kinds), one.told, _waiting(one), one.given_up, one.state)
            for one in hooks
        ],
    )
    if not hooks:
        note("Nobody is told anything. Begin with `dispatch webhooks add https://... --events message.*`.")


@command.command()
@click.argument("number", type=click.IntRange(min=1))
@json_option
def show(number: int, as_json: bool) -> None:
    """One receiver, and how it answered to what it hasn't taken."""
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.webhooks.registering import view_webhook

    house = open_house()
    with house.db.reading() as session:
        one = view_webhook(session, number)
    _warn(house, one)
    if as_json:
        emit(one.as_json())
        return
    for name, words in _lines(one):
        say(f"{name:<10}{words}")


@command.command()
@click.argument("number", type=click.IntRange(min=1))
@json_option
def test(number: int, as_json: bool) -> None:
    """Tell it a `webhook.test` now, and say how it answered."""
    from dispatcher.cli.opening import open_house
    from dispatcher.errors import WebhookRefused
    from dispatcher.usecases.webhooks.trial import try_webhook

    posted = try_webhook(open_house(), number)
    if posted.problem:
        raise WebhookRefused(problem=posted.problem, mend=_what_to_do(posted))
    if as_json:
        emit({"webhook": number, "status": posted.status})
        return
    say(f"It answered {posted.status}: webhook {number} takes what we tell it.")


@command.command()
@click.argument("number", type=click.IntRange(min=1))
@json_option
def retry(number: int, as_json: bool) -> None:
    """Tell it everything again that it hasn't taken; one that was switched off is told again from now on."""
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.webhooks.registering import retry_webhook

    with open_house().db.transaction() as session:
        due = retry_webhook(session, number)
    if as_json:
        emit({"webhook": number, "due": due})
        return
    say(f"{due:,} events are due at once. `dispatch webhooks show {number}` says how it goes.")


@command.command()
@click.argument("number", type=click.IntRange(min=1))
@json_option
def secret(number: int, as_json: bool) -> None:
    """Make a new secret, shown once. For a day the old one signs beside it: change it there meanwhile."""
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.webhooks.registering import change_secret

    with open_house().db.transaction() as session:
        made = change_secret(session, number)
    if as_json:
        emit({"webhook": number, "secret": made})
        return
    note("This is shown once. For 24 hours everything is signed with both:")
    say(made)


@command.command()
@click.argument("number", type=click.IntRange(min=1))
@click.option("--yes", is_flag=True, help="Don't ask.")
@json_option
def remove(number: int, yes: bool, as_json: bool) -> None:
    """Tell it nothing more, nor what it hasn't taken yet."""
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.webhooks.registering import remove_webhook, view_webhook

    house = open_house()
    with house.db.reading() as session:
        one = view_webhook(session, number)
    confirm(f"Tell {one.host} nothing more, nor the {_waiting(one)} events that wait?", yes=yes)
    with house.db.transaction() as session:
        lost = remove_webhook(session, number)
    if as_json:
        emit({"webhook": number, "removed": True, "untold": lost})
        return
    say(f"{one.host} is told nothing more; {lost:,} events were never told.")


def _what_to_do(posted: "Posted") -> str:
    match posted.status:
        case None:
            return "See that it runs, that this machine can reach it and that its certificate is valid."
        case 401 | 403:
            return "Has it the secret that was shown? `dispatch webhooks secret` makes another one."
        case status if 300 <= status < 400:
            return "It points elsewhere, and we don't follow: add the address that it points to."
        case _:
            return "Look what its own log says."


def _waiting(one: "WebhookView") -> str:
    """How much there is to tell, also what no worker has looked at yet."""
    return f"{one.waiting + one.unread:,}{' or more' if one.more_unread else ''}"


def _warn(house: "House", *hooks: "WebhookView") -> None:
    from dispatcher.cli.serving import warn_without_worker

    if any(one.waiting + one.unread for one in hooks):
        warn_without_worker(house)


def _lines(one: "WebhookView") -> list[tuple[str, Any]]:
    """What there is to say of one receiver, in this machine's time."""
    from dispatcher.rules.webhooks import kinds_in_words

    def local(at: Any) -> str:
        return f"{at.astimezone():%Y-%m-%d %H:%M}" if at else "never"

    lines = [
        ("host", one.host),
        ("state", one.state or ("well" if one.told else "was told nothing yet")),
        ("events", kinds_in_words(one.kinds)),
        ("batch", one.batch),
        ("told", f"{one.told:,} (last {local(one.told_at)})"),
        ("waiting", _waiting(one) + (f" (oldest {local(one.oldest_at)})" if one.oldest_at else "")),
        ("given up", f"{one.given_up:,}"),
    ]
    lines += [("answered", f"{answer}: to {number:,}") for answer, number in one.answers]
    if one.two_secrets_until:
        lines.append(("secrets", f"two, until {local(one.two_secrets_until)}"))
    return lines
