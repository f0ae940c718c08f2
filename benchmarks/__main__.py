"""`make bench`: ratios of two things measured in one run; timings alone mean nothing elsewhere."""

import argparse
import tempfile
from pathlib import Path

from emails import end_to_end, smtp_source


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description="Ratios of two things measured in one run.")
    parser.add_argument("--emails", type=int, default=50_000)
    chosen = parser.parse_args()
    limit = smtp_source(chosen.emails)
    with tempfile.TemporaryDirectory() as folder:
        ours = end_to_end(chosen.emails, Path(folder))
    print(f"emails end to end       {ours:8,.0f}/s")
    print(f"smtp-source -d -s 16    {limit:8,.0f}/s")
    print(f"ratio                   {ours / limit:8.2f}")


if __name__ == "__main__":
    main()
