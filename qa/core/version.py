"""Which version of Heard this is: the one in pyproject.toml, which the image holds as well.

Heard is run from its sources and never installed as a distribution, so it is read from there.
"""

import tomllib
from pathlib import Path
from typing import Final

_PROJECT: Final = Path(__file__).resolve().parents[2] / "pyproject.toml"

VERSION: Final[str] = tomllib.loads(_PROJECT.read_text(encoding="utf-8"))["project"]["version"]
