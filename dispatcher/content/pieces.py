"""A template's source as pieces: what is written, and the Jinja in between."""

from collections.abc import Iterator
from typing import NamedTuple

from jinja2 import Environment

_LEXER = Environment(keep_trailing_newline=True, autoescape=True)  # only its lexer is used
_ENDS = {
    "variable_begin": "variable_end",
    "block_begin": "block_end",
    "comment_begin": "comment_end",
    "raw_begin": "raw_end",
}


class Piece(NamedTuple):
    """`{{ ... }}`, `{% ... %}`, a comment or a whole raw block; or the text between two of them."""

    source: str
    jinja: bool


def pieces(source: str) -> Iterator[Piece]:
    """Split a template that has been parsed before; joined together the pieces are the template again."""
    token, end = "", ""
    for _, kind, text in _LEXER.lex(source):
        if end:
            token += text
            if kind == end:
                yield Piece(token, jinja=True)
                end = ""
        elif kind in _ENDS:
            token, end = text, _ENDS[kind]
        else:
            yield Piece(text, jinja=False)
