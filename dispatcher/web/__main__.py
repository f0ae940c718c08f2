"""`python -P -m dispatcher.web`: the site, until it is stopped. `dispatch web` runs this."""

import signal
import sys

import click

from dispatcher.embedded import Embedded
from dispatcher.errors import DispatchError
from dispatcher.house import House, open_house
from dispatcher.settings import load_settings
from dispatcher.web.app import create_app
from dispatcher.web.keeping import Keeper


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def main(host: str, port: int) -> None:
    """Serve until SIGTERM or Ctrl-C; requests that were begun are answered first."""
    try:
        settings = load_settings()
        with Embedded(settings) as embedded:
            serve(open_house(settings), embedded, host, port)
    except DispatchError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(1)


def serve(house: House, embedded: Embedded, host: str, port: int) -> None:
    """Listen on one address and port. Raises WrongSettings when links can't be verified."""
    import uvicorn

    from dispatcher.web.patience import MOST_CONNECTIONS, PatientProtocol

    app = create_app(house)
    keeper = Keeper(house, embedded)
    keeper.start()
    click.echo(
        f"Listening on http://{host}:{port}, known to people as {house.settings.public_url}.", err=True
    )
    # Once it has stopped, uvicorn raises the signal again: nobody would tidy up behind it.
    signal.signal(signal.SIGTERM, lambda *_: None)
    # No access log: links hold people's tokens. No proxy headers: `trusted_proxies` says whom to believe.
    try:
        uvicorn.run(
            app,
            host=host,
            port=port,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            http=PatientProtocol,
            ws="none",
            limit_concurrency=MOST_CONNECTIONS,
        )
    finally:
        keeper.stop()
        house.db.close()


if __name__ == "__main__":
    main()
