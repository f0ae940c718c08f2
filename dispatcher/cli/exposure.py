"""`dispatch exposure`: what would be known tonight if something were taken."""

import click

from dispatcher.cli.out import emit, json_option, say

_HEADINGS = {
    "database": "A copy of the database, or a backup, without the data key",
    "machine": "This machine",
    "sms": "The account that sends texts",
    "email": "The mail relay's logs",
    "redis": "Redis",
}
_MARKS = {True: "tells", False: "-    ", None: "note "}


@click.command()
@json_option
def command(as_json: bool) -> None:
    """What a thief, or a court, would learn tonight: in counts, with what makes each of them smaller.

    Nothing is changed, and nobody is asked. `docs/threat-model.md` says who may come.
    """
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.exposure import exposure

    found = list(exposure(open_house()))
    if as_json:
        rows = [
            {
                "taken": one.taken,
                "code": one.code,
                "tells": one.tells,
                "count": one.count,
                "words": one.words,
                "shrink": one.shrink,
            }
            for one in found
        ]
        emit({"exposed": rows})
        return
    heading = ""
    for one in found:
        if one.taken != heading:
            say(f"{'' if not heading else chr(10)}{_HEADINGS[one.taken]}")
            heading = one.taken
        say(f"  {_MARKS[one.tells]}  {one.words}")
        if one.shrink:
            say(f"         {one.shrink}")
