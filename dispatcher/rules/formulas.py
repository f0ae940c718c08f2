"""Cells that a spreadsheet would run as a formula (CWE-1236): made harmless going out, restored coming in."""

import re

# With the full-width signs that spreadsheets of some languages take for the same (OWASP, CSV injection).
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - they are meant
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")  # a phone number in E.164 can do nothing


def defused(cell: str) -> str:
    """The cell with an apostrophe in front when it begins like a formula and isn't just a number."""
    return f"'{cell}" if cell.startswith(_STARTS) and not _NUMBER.fullmatch(cell) else cell


def restored(cell: str) -> str:
    """The cell as it was before `defused`."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_STARTS) else cell
