"""`make bench`: ratios of two things measured in one run; timings alone mean nothing elsewhere.

`python benchmarks` measures everything at full size, `python benchmarks emails latency` what is named, and
`--quick` only shows whether all runs.
"""

import argparse
import contextlib
import json
import signal
import sys
import tempfile
import traceback
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from figures import HEADING, Figure
from loopback import refuse_missing
from sizes import QUICK, Sizes

# A section is a module with measure(sizes, folder), which yields its figures as they come.
_SECTIONS = (
    *(
        "emails",
        "latency",
        "domain",
        "texts",
        "audience",
        "segments",
        "growth",
        "startup",
        "imports",
        "parts",
        "callbacks",
    ),
)


def main() -> None:
    """Measure, print a table, and end with 1 when a section failed or, at full size, missed a target."""
    parser = argparse.ArgumentParser(
        prog="benchmarks", description="Ratios of two things measured in one run."
    )
    parser.add_argument("sections", nargs="*", type=_known, default=_SECTIONS, help=", ".join(_SECTIONS))
    parser.add_argument("--quick", action="store_true", help="small sizes: the figures mean little")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    chosen = parser.parse_args()
    refuse_missing()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the servers are stopped then, too
    kept = chosen.json and chosen.json.resolve()
    figures: list[Figure] = []
    failed = False
    print(HEADING, flush=True)
    for section in chosen.sections:
        try:
            for figure in _measured(section, QUICK if chosen.quick else Sizes()):
                figures.append(figure)
                print(figure.as_line(), flush=True)
                if kept:
                    kept.write_text(json.dumps([one.as_json() for one in figures], indent=1) + "\n")
        except Exception:  # noqa: BLE001 - the other sections are worth having
            failed = True
            traceback.print_exc()
    missed = [figure for figure in figures if figure.met is False]
    sys.exit(1 if failed or (missed and not chosen.quick) else 0)


def _known(section: str) -> str:
    if section not in _SECTIONS:
        raise argparse.ArgumentTypeError(f"there is no {section!r}; there are {', '.join(_SECTIONS)}")
    return section


def _measured(section: str, sizes: Sizes) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix=f"bench-{section}-") as folder, contextlib.chdir(folder):
        yield from import_module(section).measure(sizes, Path(folder))


if __name__ == "__main__":
    main()
