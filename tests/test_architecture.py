"""What keeps the code easy to change: layers, small files, one way to read, nothing hidden."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("devstack", "qa", "scorecards", "transcripts")

# From the ground up: every module stands in exactly one of these. A module may import from its
# own layer and from those below it.
LAYERS: tuple[tuple[str, ...], ...] = (
    (
        "qa.core",
        "scorecards.empathy",
        "scorecards.boilerplate",
        "scorecards.card",
        "transcripts.formats",
        "transcripts.redaction",
    ),
    ("qa.celery",),
    ("qa.dispatch",),
    ("qa.heartbeat",),
    ("qa.tenancy",),
    ("qa.audit",),
    ("qa.outbox",),
    ("qa.organizations",),
    ("qa.notices",),
    ("transcripts",),
    ("scorecards",),
    ("qa.sampling",),
    ("qa.reviews",),
    ("qa.coaching",),
    ("qa.disputes",),
    ("qa.agreement",),
    ("qa.calibration",),
    ("qa.dashboards",),
    ("qa.inbox", "qa.trail", "qa.removing"),
    ("qa.drawing", "qa.pipeline"),
    ("qa.handovers",),
    ("qa.tasks", "qa.intake", "qa.rescoring"),
    ("qa.first_steps",),
    ("qa.review_page", "qa.agent_pages"),
    ("qa.interactions",),
    ("qa.api",),
    ("qa.templatetags",),
    ("qa.site",),
    ("qa.demo",),
    ("qa.management",),
    ("qa", "qa.apps", "qa.asgi", "qa.formats", "qa.settings", "qa.urls", "qa.wsgi"),
    ("devstack",),
)
DOORS = re.compile(
    r"(^|\.)(views|\w+_views|api|\w+_api|urls|\w+_urls|tasks|forms|management|demo)(\.|$)"
)
PURE = (
    "qa.core.errors",
    "qa.core.rates",
    "qa.core.reactions",
    "qa.core.texts",
    "scorecards.boilerplate",
    "scorecards.card",
    "scorecards.empathy",
    "transcripts.formats",
    "transcripts.redaction",
)


def files() -> Iterator[Path]:
    """Every Python file of the project but migrations."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def module(path: Path) -> str:
    """The dotted name of a file."""
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"


def imports(path: Path) -> Iterator[tuple[str, ast.stmt]]:
    """The project's modules that a file imports, wherever in the file it does so."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [_module_or_owner(f"{node.module}.{alias.name}") for alias in node.names]
        else:
            continue
        for name in names:
            if name.partition(".")[0] in PACKAGES:
                yield name, node


def _module_or_owner(name: str) -> str:
    """`a.b.c` if that is a module, else the module `a.b` in which `c` stands."""
    path = ROOT.joinpath(*name.split("."))
    return name if path.is_dir() or path.with_suffix(".py").exists() else name.rpartition(".")[0]


def layer(name: str) -> int:
    """How far up a module stands. Raises LookupError for one that LAYERS does not name."""
    found = [
        (len(package), number)
        for number, packages in enumerate(LAYERS)
        for package in packages
        if name == package or (package != "qa" and name.startswith(f"{package}."))
    ]
    if not found:
        raise LookupError(name)
    return max(found)[1]


def may_call_the_pipeline(name: str, imported: str) -> bool:
    """A view may hand a use case of several apps to where they are: the one way up there is."""
    return imported in {"qa.drawing", "qa.pipeline"} and bool(re.search(r"\.(\w+_)?views$", name))


def is_door(name: str) -> bool:
    return DOORS.search(name) is not None


def test_every_module_has_its_place() -> None:
    stray = []
    for path in files():
        try:
            layer(module(path))
        except LookupError:
            stray.append(str(path.relative_to(ROOT)))
    assert not stray, f"Give these a layer in LAYERS (tests/test_architecture.py): {stray}"


def test_imports_look_down_only() -> None:
    upward = [
        f"{place(path, node)} imports {imported}"
        for path in files()
        for imported, node in imports(path)
        if layer(imported) > layer(module(path))
        if not may_call_the_pipeline(module(path), imported)
    ]
    assert not upward, "\n".join(["Imports look down only:", *upward])


def test_nothing_else_calls_a_door() -> None:
    wrong = [
        f"{place(path, node)} imports {imported}"
        for path in files()
        if not is_door(module(path)) and not module(path).startswith(("qa.urls", "qa.templatetags"))
        for imported, node in imports(path)
        if is_door(imported)
        if not imported.startswith(f"{module(path).rpartition('.')[0]}.")
    ]
    assert not wrong, "\n".join(["Views, API, commands and forms are called by nobody:", *wrong])


def test_only_doors_of_the_same_app_and_the_site_share_views() -> None:
    wrong = [
        f"{place(path, node)} imports {imported}"
        for path in files()
        for imported, node in imports(path)
        if re.search(r"\.(\w+_)?views\b", imported)
        and not imported.startswith(module(path).rpartition(".")[0])
    ]
    assert not wrong, "\n".join(["One app's views are no business of another's:", *wrong])


@pytest.mark.parametrize("package", PURE)
def test_what_is_pure_loads_no_django_and_nothing_above_it(package: str) -> None:
    script = (
        f"import {package}, pkgutil, importlib, sys\n"
        f"for found in pkgutil.walk_packages(getattr({package}, '__path__', []), '{package}.'):\n"
        "    if '.train.' not in found.name:\n"  # training needs packages that running does not
        "        importlib.import_module(found.name)\n"
        "heavy = ('django', 'rest_framework', 'celery', 'kombu', 'redis', 'psycopg2')\n"
        "loaded = sorted({name.partition('.')[0] for name in sys.modules} & set(heavy))\n"
        f"own = {PURE!r} + ('qa', 'scorecards', 'transcripts')\n"
        "loaded += [name for name in sys.modules\n"
        "    if name.startswith(('qa.', 'scorecards.', 'transcripts.'))\n"
        "    and not any(name == one or name.startswith(one + '.') or one.startswith(name + '.')\n"
        f"        for one in own[:{len(PURE)}])]\n"
        "print(*loaded)\n"
    )
    loaded = subprocess.check_output([sys.executable, "-c", script], cwd=ROOT, text=True)
    assert loaded.split() == []


# Rows that are read without visible_to, in the module that may, each with its reason. Row-level
# security stands behind these as behind all.
READ_OTHERWISE: dict[tuple[str, str], str] = {
    ("qa.calibration.actions", "Review"): "who begins one may not see other calibrations' readings",
    ("qa.calibration.models", "Assignment"): "part of visible_to itself",
    ("qa.coaching.models", "Review"): "of the outer row's organization; the agent may not",
    ("qa.disputes.reminding", "Notice"): "of the same member as the outer row",
    ("qa.notices.actions", "Notice"): "who tells may not see what others were told",
    ("qa.organizations.access", "Membership"): "a person's own, before any organization is chosen",
    ("qa.organizations.departures", "Membership"): "a person's own, in every organization",
    ("qa.organizations.authentication", "ApiKey"): "the key says which organization it is",
    ("qa.organizations.closing", "log"): "a sign-in is noted for no organization",
    ("qa.organizations.closing", "model"): "every table's rows of one closed organization",
    ("qa.organizations.sign_up", "SignUp"): "whoever asks belongs to no organization yet",
    ("qa.organizations.invitations", "Invitation"): "the link, or the address, says which rows",
    ("qa.organizations.sign_in", "Organization"): "the name of the one an account is good in",
    ("qa.sampling.queries", "Rule"): "of the outer row's organization",
    ("qa.reviews.actions", "Review"): "who changes it may not see that others read it",
    (
        "qa.dashboards.management.commands.rebuild_dashboards",
        "Organization",
    ): "an operator's command",
    ("qa.demo.load", "Organization"): "whether the demo is there",
    ("transcripts.models", "Agent"): "of the outer rows' organization",
    ("transcripts.models", "Interaction"): "part of visible_to itself",
    ("transcripts.models", "Participation"): "part of visible_to itself",
    ("qa.management.commands.demo", "Organization"): "whether there is any organization",
    ("qa.management.commands.invite_admin", "Organization"): "an operator's command",
    ("qa.management.organization", "Organization"): "an operator names it",
    ("qa.outbox.actions", "Mail"): "a mail belongs to no organization",
    ("qa.site.checks", "Organization"): "a check goes through all organizations",
    ("qa.site.checks", "model"): "looks at the manager, not at rows",
    ("qa.tasks", "Organization"): "a task goes through all organizations, one tenant at a time",
}
WRITES = {"as_manager", "bulk_create", "bulk_update", "create"}
MANAGERS = {"objects", "_base_manager", "_default_manager"}
FINDS_OR_MAKES = {"get_or_create", "update_or_create"}


def reads_otherwise(path: Path) -> Iterator[tuple[str, ast.Attribute]]:
    """Each model whose manager a file uses without visible_to, and not to write one row of it."""
    nodes = list(ast.walk(tree(path)))
    good = {
        id(node.value)
        for node in nodes
        if isinstance(node, ast.Attribute) and node.attr in {"visible_to", "none"} | WRITES
    }
    good |= {
        id(node.func.value)
        for node in nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if node.func.attr in FINDS_OR_MAKES
        if "organization_id" in {keyword.arg for keyword in node.keywords}
    }
    for node in nodes:
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS and id(node) not in good:
            yield ast.unparse(node.value), node


def test_rows_are_read_by_visible_to() -> None:
    found = {
        (module(path), model): place(path, node)
        for path in files()
        for model, node in reads_otherwise(path)
        if model != "User"  # a person is not a row of one organization
    }
    wrong = [where for key, where in found.items() if key not in READ_OTHERWISE]
    assert not wrong, f"After .objects comes .visible_to(…), and nothing else: {wrong}"
    assert found.keys() == READ_OTHERWISE.keys(), "Mended; strike it off READ_OTHERWISE"


def test_no_raw_sql_in_doors() -> None:
    wrong = [
        place(path, node)
        for path in files()
        if is_door(module(path))
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if node.func.attr in {"cursor", "raw", "extra"}
    ]
    assert not wrong, f"SQL belongs into actions and queries: {wrong}"


def test_files_stay_small() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for path in [*files(), *sorted((ROOT / "tests").rglob("*.py"))]
        if (count := len(path.read_text().splitlines())) > 400
    }
    assert not long, f"Over 400 lines: {long}"


def test_functions_stay_small() -> None:
    long = [
        f"{place(path, node)} {node.name}: {length} lines"
        for path in files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (length := (node.end_lineno or 0) - node.lineno + 1) > 40
    ]
    assert not long, "\n".join(["Over 40 lines:", *long])


def test_views_stay_thin() -> None:
    long = [
        f"{place(path, node)} {node.name}: {length} lines"
        for path in files()
        if re.search(r"(^|_)views$", path.stem)
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef)
        if (length := (node.end_lineno or 0) - node.body[0].lineno + 1) > 20
    ]
    assert not long, "\n".join(["A view translates, in some 15 lines:", *long])


def test_public_functions_say_what_they_do() -> None:
    bare = [
        f"{place(path, node)} {node.name}"
        for path in files()
        if path.stem in {"actions", "queries", "pipeline"}
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef)
        if not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert not bare, "\n".join(["Public functions have docstrings:", *bare])


def test_no_file_is_a_drawer_for_everything() -> None:
    drawers = [
        str(path.relative_to(ROOT))
        for path in files()
        if path.stem in {"utils", "util", "helpers", "helper", "common", "misc", "signals"}
    ]
    assert not drawers, f"Name these after what they do: {drawers}"


def test_nothing_happens_behind_ones_back() -> None:
    wrong = [
        f"{place(path, node)} {name}"
        for path in files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and "signals" in (node.module or "").split(".")
        for name in (alias.name for alias in node.names)
        if (path.name, name) != ("worker.py", "worker_init")
    ]
    assert not wrong, f"No signals: {wrong}"


def test_importing_the_scorecards_package_loads_nothing() -> None:
    for name in ("scorecards", "transcripts", "qa"):
        assert (ROOT / name / "__init__.py").read_text() == "", f"{name}/__init__.py stays empty"


@cache
def templates() -> list[tuple[str, str]]:
    found = [*(ROOT / "templates").rglob("*"), *ROOT.glob("*/templates/**/*")]
    return [(str(path.relative_to(ROOT)), path.read_text()) for path in found if path.is_file()]


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("scripts in the page", r"<script(?![^>]*\bsrc=)[^>]*>"),
        ("styles in the page", r"<style\b"),
        ("style attributes", r"<[^>]*\sstyle\s*="),
        ("event attributes", r"<[^>]*\son\w+\s*="),
        ("addresses of scripts", r"javascript:"),
        ("htmx attributes that evaluate code", r"\bhx-on[:\w-]*\s*=|\bhx-vals\s*=\s*[\"']js:"),
        (
            "files from other servers",
            r"<(?:script|link|img|iframe)[^>]*(?:src|href)=[\"']https?://",
        ),
        ("unescaped text", r"(?<!help_text)\|\s*safe\b|\{%\s*autoescape\s+off"),
    ],
)
def test_templates_need_no_exception_from_the_security_policy(what: str, pattern: str) -> None:
    # Data for scripts is inert and allowed: {{ …|json_script:"id" }} writes it.
    wrong = [
        f"{name}:{text[: match.start()].count(chr(10)) + 1}"
        for name, text in templates()
        if name.endswith(".html") and not name.endswith("_email.html")
        for match in re.finditer(pattern, text)
    ]
    assert not wrong, f"No {what}: {wrong}"


def test_every_form_that_changes_something_has_its_token() -> None:
    wrong = [
        name
        for name, text in templates()
        for form in re.findall(r"<form[^>]*>.*?</form>", text, re.DOTALL)
        if re.search(r"<form[^>]*method=[\"']post", form, re.IGNORECASE)
        if "csrf_token" not in form and "_form.html" not in form
    ]
    assert not wrong, f"Put {{% csrf_token %}} into the forms of {wrong}"
