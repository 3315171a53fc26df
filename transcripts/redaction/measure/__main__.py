"""Print precision and recall of redaction on labelled turns."""

import argparse
from pathlib import Path

from transcripts.redaction.measure import LABELLED, measure, read, report


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m transcripts.redaction.measure")
    parser.add_argument("file", nargs="?", type=Path, default=LABELLED, metavar="FILE")
    parser.add_argument("--faults", action="store_true", help="list the turns that went wrong")
    given = parser.parse_args()
    measured = measure(read(given.file))
    print(report(measured))
    if given.faults:
        print("\n".join(["", *measured.faults]))


if __name__ == "__main__":
    main()
