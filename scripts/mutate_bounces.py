"""Read thousands of damaged mails: `python scripts/mutate_bounces.py FILE.jsonl.gz [--number N] [--seed N]`.

The file has a mail a line as JSON, base64 under "b64", such as ../shared/data/bounces.jsonl.gz.
"""

import argparse
import base64
import gzip
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from mutated_mails import mutants

from dispatcher.bounces.reading import read_bounce


def main() -> None:
    """Read them all; an error ends it with its traceback."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file")
    parser.add_argument("--number", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with gzip.open(given.file, "rt") as lines:
        mails = [base64.b64decode(json.loads(line)["b64"]) for line in lines]
    slowest, events = 0.0, 0
    for raw in mutants(mails, given.number, given.seed):
        begun = time.process_time()
        events += len(read_bounce(raw))
        slowest = max(slowest, time.process_time() - begun)
    print(f"{given.number:,} damaged mails read, {events:,} events, the slowest in {slowest:.2f} s of CPU")


if __name__ == "__main__":
    main()
