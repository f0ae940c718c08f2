"""Colour for people at a terminal: click takes it away elsewhere, but doesn't know NO_COLOR."""

import os
from typing import Any

import click


def coloured(words: str, **style: Any) -> str:
    """As click.style, unless somebody asked for none (https://no-color.org)."""
    return words if "NO_COLOR" in os.environ else click.style(words, **style)
