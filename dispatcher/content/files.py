"""Reading what people wrote: UTF-8, with or without a byte order mark, any line ends."""

from pathlib import Path

from dispatcher.errors import BrokenCampaign


def read_text(path: Path) -> str:
    """A file's text with LF line ends; BrokenCampaign, with the line, when it isn't UTF-8 text."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BrokenCampaign(
            file=shown(path), place="", problem=f"can't be read: {error.strerror}."
        ) from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        place = "" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else f":{line}"  # UTF-16 has no such lines
        problem = "isn't UTF-8. Save it again with the encoding UTF-8."
        raise BrokenCampaign(file=shown(path), place=place, problem=problem) from None
    if "\0" in text:
        raise BrokenCampaign(
            file=shown(path), place="", problem="isn't a text file: it has NUL characters in it."
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def shown(path: Path) -> str:
    """A path as staff know it: from the working folder on, where it lies below it."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
