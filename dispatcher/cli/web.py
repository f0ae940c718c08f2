"""`dispatch web`: becomes the site."""

import os
import sys

import click


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def command(host: str, port: int) -> None:
    """Serve the public pages until SIGTERM or Ctrl-C: calls to action, joining, leaving, every alert word for
    word; the API, the texts that come in, /health and /ready.

    Put a proxy with https in front, and its address into DISPATCH_PUBLIC_URL.
    """
    # The process itself, not a child of ours: signals and the terminal are the site's own.
    site = [sys.executable, "-P", "-m", "dispatcher.web", "--host", host, "--port", str(port)]
    os.execv(sys.executable, site)  # noqa: S606 - that is the point
