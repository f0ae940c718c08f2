"""Groups of commands whose help says each command's line whole."""

import click


class Group(click.Group):
    """As click's, which cuts lines off to fit the terminal; ours go on below instead."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Every command with its first sentence."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, one.get_short_help_str(_WHOLE)) for name, one in commands if one and not one.hidden]
            )


_WHOLE = 1000  # letters
