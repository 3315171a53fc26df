"""Does another processor give the same pre-scores, to the last byte?

    make same-everywhere

Pre-scores the demo's interactions and the short ones of the engine's golden file with
`manage.py prescore --json`, on this processor as it is and, by QEMU, as processors see it that have
no AVX (Nehalem) and no VNNI (Haswell), and compares what they print. Needs x86-64 and qemu-user.
On any other machine tests/empathy/test_golden.py says whether its answers are these.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
QEMU = "qemu-x86_64"
PROCESSORS = ("Nehalem", "Haswell")
MISSING = f"{QEMU} is not here: install qemu-user (Debian, Ubuntu: apt-get install qemu-user)."
ROLES = {"customer", "agent"}


def short() -> Iterator[str]:
    """The interactions of the golden file that the shipped reader has answered, as JSON lines."""
    golden = ROOT / "tests" / "empathy" / "golden.jsonl"
    for number, line in enumerate(golden.read_text(encoding="utf-8").splitlines(), start=1):
        case = json.loads(line)
        said = all(text.strip() for _, text in case["turns"])  # the command takes no empty turns
        roles = {role for role, _ in case["turns"]}
        if case["engine"].startswith("reader") and said and roles >= ROLES:
            turns = [{"role": role, "text": text} for role, text in case["turns"]]
            yield json.dumps({"external_id": f"g-{number}", "channel": "chat", "turns": turns})


def long() -> list[str]:
    """The interactions of the demo."""
    demo = ROOT / "qa" / "demo" / "interactions.jsonl"
    return demo.read_text(encoding="utf-8").splitlines()


def prescored(lines: Sequence[str], processor: str | None = None) -> list[bytes]:
    """What `manage.py prescore --json` prints of these interactions, on a processor if named."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        file.write("\n".join(lines))
        file.flush()
        emulated = [QEMU, "-cpu", processor] if processor else []
        command = [*emulated, sys.executable, "manage.py", "prescore", "--json", file.name]
        done = subprocess.run(
            command, cwd=ROOT, env={"PATH": os.environ["PATH"]}, stdout=subprocess.PIPE, check=True
        )
    return done.stdout.splitlines()


def differing(lines: Sequence[str], found: Sequence[bytes], expected: Sequence[bytes]) -> list[str]:
    """The ids of interactions whose pre-score is another."""
    ids = [str(json.loads(line)["external_id"]) for line in lines]
    return [pk for pk, a, b in zip(ids, found, expected, strict=True) if a != b]


def main() -> int:
    """The command; 1 where a processor gives another answer or none could be tried."""
    argparse.ArgumentParser(description=__doc__.partition("\n")[0]).parse_args()
    if shutil.which(QEMU) is None:
        print(MISSING, file=sys.stderr)
        return 1
    lines = [*short(), *long()]
    expected = prescored(lines)
    print(f"{len(lines)} interactions, {sum(map(len, expected)):,} bytes of JSON on this processor")
    wrong = 0
    for processor in PROCESSORS:
        print(f"{processor}: some minutes …", flush=True)
        found = differing(lines, prescored(lines, processor), expected)
        wrong += len(found)
        print(f"{processor}: {'differs in ' + ', '.join(found) if found else 'the same bytes'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
