"""Third-party browser files: served straight from node_modules by an allow-list."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

NODE_MODULES = Path(settings.BASE_DIR) / "node_modules"
ALLOWED = {
    "vendor/modern-normalize.css": "modern-normalize/modern-normalize.css",
    "vendor/echarts.min.js": "echarts/dist/echarts.min.js",
    "vendor/fonts/source-sans-3.woff2": (
        "@fontsource-variable/source-sans-3/files/source-sans-3-latin-wght-normal.woff2"
    ),
    "vendor/fonts/source-sans-3-ext.woff2": (
        "@fontsource-variable/source-sans-3/files/source-sans-3-latin-ext-wght-normal.woff2"
    ),
}


class _AllowList(FileSystemStorage):
    """Opens the allowed names at the places where npm put them."""

    def path(self, name: str) -> str:
        return str(NODE_MODULES / ALLOWED[name])


class NpmFinder(BaseFinder):
    """Finds exactly the files in ALLOWED; node_modules is never served as a whole."""

    storage = _AllowList(location=NODE_MODULES)

    def find(  # type: ignore[override]  # the stubs' overloads, in one
        self, path: str, find_all: bool = False, **kwargs: object
    ) -> str | list[str]:
        found = [str(NODE_MODULES / ALLOWED[path])] if path in ALLOWED else []
        if find_all or kwargs.get("all"):
            return found
        return found[0] if found else []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        for name in ALLOWED:
            yield name, self.storage
