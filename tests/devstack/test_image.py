"""What the image is built from: static files that need neither servers nor sources to serve."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VARIABLES = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")


@pytest.fixture(scope="module")
def collected(checkout: Path) -> Path:
    """The directory that the Dockerfile's collectstatic fills."""
    environment = {key: value for key, value in os.environ.items() if key not in VARIABLES}
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"],
        cwd=checkout,
        env={**environment, "SECRET_KEY": "only-for-the-build", "STATIC_COLLECTED": "true"},
        check=True,
    )
    return checkout / ".data" / "static"


def test_every_static_file_of_a_template_is_there_under_its_hashed_name(collected: Path) -> None:
    paths: dict[str, str] = json.loads((collected / "staticfiles.json").read_text())["paths"]
    wanted = {
        name
        for template in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r"{%\s*static [\"']([^\"']+)[\"']", template.read_text())
    }
    assert len(wanted) > 5
    for name in wanted:
        assert re.search(r"\.[0-9a-f]{12}\.", paths[name]), name
        assert (collected / paths[name]).is_file()


def test_text_files_are_compressed_once_at_build_time(collected: Path) -> None:
    for kind in ("css", "js"):
        for path in (collected / kind).glob(f"*.{kind}"):
            small = path.stat().st_size < 300  # whitenoise leaves out what does not get smaller
            assert small or path.with_name(f"{path.name}.gz").is_file(), path.name


def test_image_asks_for_collected_files_and_runs_without_root() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    build, final = dockerfile.rsplit("\nFROM ", maxsplit=1)
    assert "STATIC_COLLECTED=true \\\n    /venv/bin/python manage.py collectstatic" in build
    assert "STATIC_COLLECTED=true" in final
    assert "\nUSER heard\n" in final
    assert "--no-control-socket" in final
    assert "pip install" not in final
