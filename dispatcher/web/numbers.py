"""Numbers in addresses of pages: `{alert:number}`. One with more digits than ours have is no address."""

from starlette.convertors import Convertor, register_url_convertor


class _Number(Convertor[int]):
    """At most nine digits: Starlette's own `int` takes thousands, which neither Python nor a column does."""

    regex = "[0-9]{1,9}"

    def convert(self, value: str) -> int:
        """Out of an address."""
        return int(value)

    def to_string(self, value: int) -> str:
        """Into an address."""
        return str(value)


def register() -> None:
    """Make the kind known, before routes are made of it."""
    register_url_convertor("number", _Number())
