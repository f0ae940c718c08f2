"""Files shipped with us, found alike in a checkout and an installed wheel, and the folder of our state."""

from pathlib import Path

from dispatcher.errors import ShippedFileMissing

_PACKAGE = Path(__file__).resolve().parent


def shipped(*parts: str) -> Path:
    """A file or folder under `templates/` or `migrations/`, wherever this installation keeps them."""
    for root in (_PACKAGE / "shipped", _PACKAGE.parent):
        candidate = root.joinpath(*parts)
        if candidate.exists():
            return candidate
    raise ShippedFileMissing(path="/".join(parts))


def campaign_folders() -> list[Path]:
    """Where campaigns are looked for, first wins: the working folder's own, then the shipped ones."""
    own = Path.cwd() / "templates" / "campaigns"
    ours = shipped("templates", "campaigns")
    return [own, ours] if own.is_dir() and own.resolve() != ours.resolve() else [ours]


def state_folder() -> Path:
    """`var/` in the working folder: the embedded database, outbox, keys and locks; made on demand."""
    return Path.cwd() / "var"


def make_private(folder: Path) -> Path:
    """Create a folder that only this user may enter."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder
