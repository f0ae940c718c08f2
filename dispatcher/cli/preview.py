"""`dispatch preview`: read a campaign's messages as one person would get them."""

import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dispatcher.cli.out import emit, json_option, note, say

if TYPE_CHECKING:
    from dispatcher.usecases.preview import Preview


@click.command()
@click.argument("slug")
@click.option("--to", metavar="ID|ADDRESS", help="As this subscriber would get it.")
@click.option("--language", metavar="LANGUAGE", help="As a reader of this language would get it.")
@click.option("--open", "in_browser", is_flag=True, help="Show the email and the text in the browser.")
@click.option(
    "--png",
    "pictures",
    metavar="[FOLDER]",
    type=click.Path(file_okay=False, path_type=Path),
    is_flag=False,
    flag_value=Path("var/preview"),
    help="Take pictures: phone and desktop, light and dark. Needs Chromium.",
)
@json_option
def command(
    slug: str, to: str | None, language: str | None, in_browser: bool, pictures: Path | None, as_json: bool
) -> None:
    """Show subject, plain text and text message; the HTML goes to a file in var/preview. Nothing is sent."""
    from dispatcher.cli.cost_words import took
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.preview import preview

    seen = preview(open_house(), slug, to=to, language=language)
    taken = _pictures(seen, pictures) if pictures else []
    if as_json:
        emit(seen.as_json() | {"pictures": [str(path) for path in taken]})
        return
    if seen.html_file:
        say(f"Subject: {seen.subject}\n\n{seen.text.strip()}\n")
    if seen.sms:
        say(f"--- text message, {took(seen.cost)}\n{seen.sms}\n")
    if seen.html_file:
        note(f"The email as HTML: {seen.html_file}")
    if taken:
        note(f"{len(taken)} pictures: {taken[0].parent}")
    if in_browser:
        _show([page for page in (seen.html_file, seen.sms_file) if page])


def _show(pages: list[Path]) -> None:
    left = [str(page) for page in pages if not webbrowser.open(page.as_uri())]
    if left:
        note(f"No browser was found here; open it yourself: {' and '.join(left)}")


def _pictures(seen: "Preview", folder: Path) -> list[Path]:
    from dispatcher.usecases.preview_pictures import take_pictures

    return take_pictures(seen, folder.resolve())
