"""`dispatch pause`, `resume`, `cancel`: what can be typed. What they do is in steering.py."""

import click

from dispatcher.cli.out import json_option


@click.command()
@click.argument("alert", required=False, metavar="[ALERT|SLUG]")
@click.option("--all", "everything", is_flag=True, help="Every alert that is running or scheduled.")
@json_option
def pause(alert: str | None, everything: bool, as_json: bool) -> None:
    """Stop an alert between two messages. What the provider holds already can't be called back."""
    from dispatcher.cli import steering

    steering.pause(alert, everything=everything, as_json=as_json)


@click.command()
@click.argument("alert", required=False, metavar="[ALERT|SLUG]")
@click.option("--all", "everything", is_flag=True, help="Every paused alert.")
@click.option(
    "--corrected", is_flag=True, help="Those still queued get the campaign's files as they are now."
)
@click.option("--yes", is_flag=True, help="Don't ask.")
@json_option
def resume(alert: str | None, everything: bool, corrected: bool, yes: bool, as_json: bool) -> None:
    """Go on with a paused alert; with --corrected, give those still queued the corrected words."""
    from dispatcher.cli import steering

    if corrected:
        steering.correct(alert, everything=everything, yes=yes, as_json=as_json)
    else:
        steering.resume(alert, everything=everything, as_json=as_json)


@click.command()
@click.argument("alert", required=False, metavar="[ALERT|SLUG]")
@click.option("--all", "everything", is_flag=True, help="Every alert that isn't over.")
@click.option("--yes", is_flag=True, help="Don't ask.")
@json_option
def cancel(alert: str | None, everything: bool, yes: bool, as_json: bool) -> None:
    """End an alert for good: what is still queued is never sent."""
    from dispatcher.cli import steering

    steering.cancel(alert, everything=everything, yes=yes, as_json=as_json)
