"""The command line. Commands are loaded when they are used: `--help` and mistyped options answer at once."""

import difflib
import errno
import importlib
from typing import Any

import click

from dispatcher.errors import DiskFull, DispatchError, FileUnusable, Unexpected

# name: (module with a click command called `command`, line in --help). Here, so that --help imports nothing.
COMMANDS: dict[str, tuple[str, str]] = {
    "demo": (
        "demo",
        "Practise: synthetic subscribers, four campaigns, one alert sent to files on this machine.",
    ),
    "send": ("send", "Send a campaign's alert, or go on with the one that is running."),
    "status": ("status", "What is being sent, and how far it is."),
    "pause": ("steer", "Stop an alert between two messages; `resume` goes on."),
    "resume": ("steer", "Go on with a paused alert, or with corrected words."),
    "cancel": ("steer", "End an alert for good: what is still queued is never sent."),
    "retry": ("retry", "Queue failed or uncertain messages again, by your decision."),
    "log": ("log", "Every attempt and event of every message."),
    "clicks": ("clicks", "How often an alert's links were opened, by people and by machines."),
    "report": ("reports", "What came of an alert: table, spreadsheet, or a page with charts to print."),
    "check": ("check", "Look a campaign over before it is sent."),
    "preview": ("preview", "Read a campaign's messages as one person would get them."),
    "test": ("test", "Send one marked test message to an address of yours."),
    "campaigns": ("campaigns", "The campaigns that can be sent."),
    "lists": ("lists", "The lists that people join."),
    "subscribers": ("subscribers", "The people on the lists."),
    "attributes": ("attributes", "What is kept of people beside addresses and names, for segments."),
    "segments": ("segments", "People picked by what is known of them: language = es."),
    "actions": ("actions", "Who did what a campaign asked for."),
    "replies": ("replies", "What people write to us, and our answers."),
    "bounces": ("bounces", "Read what comes back by mail: bounces, complaints, opt-outs."),
    "suppressions": ("suppressions", "Addresses that must not be contacted: last year's tool knows some."),
    "retention": ("retention", "What is kept for how long, and what goes next."),
    "hold": ("hold", "A legal hold: nothing is deleted while it is on."),
    "acts": ("acts", "What staff did that somebody may have to answer for."),
    "exposure": ("exposure", "What would be known if something were taken tonight, and what shrinks it."),
    "worker": ("worker", "Run the workers that send."),
    "keys": ("keys", "Keys for the organisation's own site, or its CRM, to use the API."),
    "webhooks": ("webhooks", "Who is told what happens, such as a CRM."),
    "web": ("web", "Run the public pages: calls to action, joining, leaving, the API, providers' calls."),
    "doctor": ("doctor", "Check every part for real, and say how to mend what isn't right."),
    "dkim": ("dkim", "Make keys to sign emails with, and say what to add to the DNS."),
    "db": ("db", "Create the database, or bring it up to date."),
    "backup": ("backup", "Copy the database into a file, while everybody goes on working."),
    "restore": ("restore", "Put a backup back: nothing is sent twice, and who has left has left."),
}


class LazyGroup(click.Group):
    """The root command: knows its commands by name, and turns our errors into one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"dispatcher.cli.{COMMANDS[cmd_name][0]}")
        found = getattr(module, cmd_name if COMMANDS[cmd_name][0] != cmd_name else "command")
        assert isinstance(found, click.Command)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        near = difflib.get_close_matches(args[0], COMMANDS, n=1)
        if args[0] not in COMMANDS and near:
            ctx.fail(f"There is no command {args[0]!r}. Did you mean {near[0]}?")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DispatchError as error:
            self._end(ctx, error)
        except (click.exceptions.Exit, click.ClickException, click.Abort, EOFError, BrokenPipeError):
            raise  # click's own ways of ending
        except Exception as error:  # noqa: BLE001 - whatever it is: a traceback helps nobody at 9 pm
            self._end(ctx, _in_words(error))

    @staticmethod
    def _end(ctx: click.Context, error: DispatchError) -> None:
        """Say what is wrong and exit 1; with --debug let the exception in hand go on instead."""
        if ctx.params.get("debug"):
            raise  # noqa: PLE0704 - called while handling it
        report(error, as_json=bool(ctx.find_root().meta.get("dispatcher.json")))
        ctx.exit(1)


def _in_words(error: Exception) -> DispatchError:
    """An error that isn't ours. Its own words may hold somebody's address, so only a file's are shown."""
    if isinstance(error, OSError) and error.filename is not None:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            return DiskFull(where=error.filename)
        return FileUnusable(path=error.filename, reason=error.strerror)
    return Unexpected(kind=type(error).__name__)


def report(error: DispatchError, *, as_json: bool) -> None:
    """One line on stderr that says what to do; with --json the same as an object on stdout."""
    if as_json:
        import json

        click.echo(json.dumps({"error": {"code": error.code, "message": str(error)}}))
    click.echo(f"Error: {error}", err=True)


@click.group(
    cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
@click.option("--debug", is_flag=True, help="Show the whole traceback when something fails.")
@click.version_option(package_name="dispatch-campaigns", prog_name="dispatch")
def main(debug: bool) -> None:
    """Dispatcher sends email and SMS action campaigns: once, at a decent hour, with a log."""
