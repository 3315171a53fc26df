"""Typed readers of the environment: a bad value stops the program and names the variable.

A secret may also stand in a file named by `NAME_FILE` (Docker and Kubernetes secrets).
While `make run` is up it leaves its addresses in `.data/stack.env`, so that
`python manage.py …` in a second terminal reaches the same database.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
CONNECT_SECONDS = 10
FALSE = {"0", "false", "no", "off"}


def load_file(path: Path) -> None:
    """Read KEY=VALUE lines into the environment; a variable that is set already wins."""
    if not path.is_file():
        return
    for line in path.read_text().splitlines():
        key, equals, value = line.partition("=")
        if equals and not key.lstrip().startswith("#"):
            os.environ.setdefault(key.strip(), value.strip())


def text(name: str, default: str = "") -> str:
    """The variable, else the content of the file in `NAME_FILE`, else the default."""
    if name in os.environ:
        return os.environ[name]
    if f"{name}_FILE" in os.environ:
        path = Path(os.environ[f"{name}_FILE"])
        try:
            return path.read_text().strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error.strerror}") from error
        except UnicodeDecodeError:
            raise ImproperlyConfigured(f"{name}_FILE must hold UTF-8 text") from None
    return default


def boolean(name: str, default: bool) -> bool:
    """true/false in the usual spellings; anything else is an error, never a guess."""
    value = text(name).strip().lower()
    if not value:
        return default
    if value in TRUE | FALSE:
        return value in TRUE
    raise ImproperlyConfigured(f"{name} must be true or false")


def integer(name: str, default: int, *, low: int, high: int) -> int:
    """A whole number within limits."""
    value = text(name).strip()
    try:
        number = int(value) if value else default
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number") from None
    if not low <= number <= high:
        raise ImproperlyConfigured(f"{name} must lie between {low} and {high}")
    return number


def choice(name: str, default: str, *choices: str) -> str:
    """One of a few words, in capitals."""
    value = text(name).strip().upper() or default
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}")
    return value


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def database(name: str, **limits: int) -> dict[str, object]:
    """Django's settings for the PostgreSQL address in the variable, with limits in seconds.

    Each limit is a setting of PostgreSQL that holds for the connection: `statement_timeout=30`;
    0 is none. Without an address the backend is Django's dummy one: commands that need no
    database run, everything else says at once that none is configured.
    """
    url = text(name)
    if not url:
        return {"ENGINE": "django.db.backends.dummy"}
    parts = _parts(name, url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured(f"{name} must look like postgres://user:password@host:port/name")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": CONNECT_SECONDS,
            "options": " ".join(f"-c {name}={value}s" for name, value in limits.items()),
        },
    }


def redis(name: str) -> str:
    """A Redis address; empty where none is configured."""
    url = text(name)
    if url and _parts(name, url).scheme not in {"redis", "rediss", "unix"}:
        raise ImproperlyConfigured(f"{name} must look like redis://host:port/0")
    return url


def mail_server(name: str) -> dict[str, Any]:
    """Host, port, user, password and kind of encryption of a mail server; empty for none.

    `smtps://` is encrypted from the start, `smtp+starttls://` asks for it, `smtp://` goes without.
    """
    url = text(name)
    if not url:
        return {}
    parts = _parts(name, url)
    ports = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
    if parts.scheme not in ports or not parts.hostname:
        raise ImproperlyConfigured(
            f"{name} must look like smtps://user:password@host:465, smtp+starttls://… or smtp://…"
        )
    return {
        "host": parts.hostname,
        "port": parts.port or ports[parts.scheme],
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "starttls": parts.scheme == "smtp+starttls",
        "tls": parts.scheme == "smtps",
    }


def site(name: str) -> str:
    """The address under which people reach the site, without a slash at the end; may be empty."""
    url = text(name).strip().rstrip("/")
    if not url:
        return ""
    parts = _parts(name, url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise ImproperlyConfigured(f"{name} must look like https://heard.example.com")
    return url


def _parts(name: str, url: str) -> SplitResult:
    """The parts of an address. A message never quotes it: it holds a password."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise ImproperlyConfigured(f"{name} has no valid host and port") from None
    return parts
