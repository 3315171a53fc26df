"""Print precision and recall of redaction on labelled turns."""

import argparse
from pathlib import Path
from pkgutil import resolve_name

from transcripts.redaction.measure import LABELLED, measure, read, report


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m transcripts.redaction.measure")
    parser.add_argument("file", nargs="?", type=Path, default=LABELLED, metavar="FILE")
    parser.add_argument("--faults", action="store_true", help="list the items that went wrong")
    parser.add_argument(
        "--names",
        metavar="MODULE:FUNCTION",
        help="what returns a finder of names, such as transcripts.names_model:load",
    )
    given = parser.parse_args()
    finder = resolve_name(given.names)() if given.names else None
    if finder:
        finder(["Loaded before the clock starts."])
    measured = measure(read(given.file), finder)
    print(report(measured))
    if given.faults:
        print("\n".join(["", *measured.faults]))


if __name__ == "__main__":
    main()
