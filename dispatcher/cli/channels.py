"""Channels as people type them: `email`, `sms`, `email,sms`."""

from typing import Any

import click

from dispatcher.rules.alert import Channel


class Channels(click.ParamType[frozenset[Channel]]):
    """One or more channels with commas between."""

    name = "channels"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> frozenset[Channel]:
        if isinstance(value, frozenset):
            return value
        try:
            return frozenset(Channel(word.strip().lower()) for word in value.split(","))
        except ValueError:
            self.fail(f"{value!r} isn't email, sms or email,sms.", param, ctx)


CHANNELS = Channels()
only_channels = click.option(
    "--channel",
    "channels",
    multiple=True,
    type=click.Choice([c.value for c in Channel]),
    help="Only this channel; the campaign's channels otherwise.",
)
EMAIL_ALONE = frozenset({Channel.EMAIL})
