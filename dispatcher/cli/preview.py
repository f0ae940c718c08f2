"""`dispatch preview`: read a campaign's messages as one person would get them."""

import click

from dispatcher.cli.out import emit, json_option, note, say


@click.command()
@click.argument("slug")
@click.option("--to", metavar="ID|ADDRESS", help="As this subscriber would get it.")
@click.option("--language", metavar="LANGUAGE", help="As a reader of this language would get it.")
@click.option("--open", "in_browser", is_flag=True, help="Show the email in the browser.")
@json_option
def command(slug: str, to: str | None, language: str | None, in_browser: bool, as_json: bool) -> None:
    """Show subject, plain text and text message; the HTML goes to a file in var/preview. Nothing is sent."""
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.preview import preview

    seen = preview(open_house(), slug, to=to, language=language)
    if as_json:
        emit(seen.as_json())
        return
    if seen.html_file:
        say(f"Subject: {seen.subject}\n\n{seen.text.strip()}\n")
    if seen.sms:
        words = "1 segment" if seen.segments == 1 else f"{seen.segments} segments"
        say(f"--- text message, {words}\n{seen.sms}\n")
    if seen.html_file:
        note(f"The email as HTML: {seen.html_file}")
    if in_browser and seen.html_file:
        click.launch(seen.html_file.as_uri())
