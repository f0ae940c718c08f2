"""The deaths that are to happen at the commits of a scene, and those that have."""

from itertools import product
from pathlib import Path

AT_COMMITS = str(Path(__file__).with_name("dying_at_commits.py"))


class Deaths:
    """One just before and one just after each of a process's first commits."""

    def __init__(self, folder: Path, commits: int) -> None:
        self._folder = folder
        self._had = folder / "had"
        self._had.mkdir(parents=True)
        for number, moment in product(range(1, commits + 1), ("before", "after")):
            (folder / f"{number}-{moment}").touch()

    def program(self, name: str) -> tuple[str, ...]:
        """The arguments of a Python that runs one of our programs until such a commit."""
        return AT_COMMITS, str(self._folder), name

    def to_come(self) -> list[str]:
        return sorted(path.name for path in self._folder.iterdir() if path != self._had)

    def happened(self) -> int:
        return len(list(self._had.iterdir()))

    def written(self) -> set[str]:
        """The tables that the transactions had written whose process died."""
        return {table for path in self._had.iterdir() for table in path.read_text().split()}
