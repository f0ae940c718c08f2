"""Files of rejected rows that imports have left here: addresses in the clear, which nobody needs for long.

They are staff's own, so they are named and not deleted.
"""

from pathlib import Path

from dispatcher.paths import state_folder
from dispatcher.usecases.importing.rejecting import COLUMNS

_HEADER = ",".join(COLUMNS)


def rejected_rows_here() -> list[Path]:
    """Such files in the working folder and in our state's, by name."""
    folders = (Path.cwd(), state_folder())
    found = [path for folder in folders if folder.is_dir() for path in folder.glob("*.csv")]
    return sorted(path for path in found if _is_ours(path))


def _is_ours(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            return file.read(len(_HEADER)) == _HEADER
    except OSError:  # not ours to read, so not ours
        return False
