"""`python -P -m dispatcher.web`: the site, until it is stopped. `dispatch web` runs this."""

import sys

import click

from dispatcher.errors import DispatchError
from dispatcher.house import House, open_house
from dispatcher.web.app import create_app


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def main(host: str, port: int) -> None:
    """Serve until SIGTERM or Ctrl-C; requests that were begun are answered first."""
    try:
        house = open_house()
        serve(house, host, port)
    except DispatchError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(1)


def serve(house: House, host: str, port: int) -> None:
    """Listen on one address and port. Raises WrongSettings when links can't be verified."""
    import uvicorn

    app = create_app(house)
    click.echo(
        f"Listening on http://{host}:{port}, known to people as {house.settings.public_url}.", err=True
    )
    # No access log: links hold people's tokens. No proxy headers: nobody's address is looked at.
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
    )
    house.db.close()


if __name__ == "__main__":
    main()
