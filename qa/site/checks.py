"""Start-up checks: what would be dangerous to run with is refused."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

from qa.organizations.models import Organization
from qa.tenancy.base import System, TenantModel, TenantQuerySet
from qa.tenancy.context import directory
from scorecards.in_use import DefinitionsUnusable, engine_in_use
from scorecards.models import EngineInUse
from transcripts import names_model

DEFINITIONS = "definitions"


@register(Tags.database)
def database_role_cannot_bypass_row_security(
    databases: Any = None, **kwargs: Any
) -> list[CheckMessage]:
    """The role of DATABASE_URL must be neither superuser nor BYPASSRLS."""
    if not databases or connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        superuser, bypasses = cursor.fetchone()
    if superuser or bypasses:
        return [
            Error(
                "The database role could read every organization's rows.",
                hint="Connect with a role that is NOSUPERUSER NOBYPASSRLS (see README.md).",
                id="heard.E001",
            )
        ]
    return []


@register(Tags.database)
def tenant_tables_are_walled(databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Every table with an organization has row-level security, forced."""
    if not databases or connection.vendor != "postgresql":
        return []
    tables = [Organization._meta.db_table, *(model._meta.db_table for model in tenant_models())]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND relkind IN ('r', 'p') "
            "AND NOT (relrowsecurity AND relforcerowsecurity)",
            [tables],
        )
        bare = [name for (name,) in cursor.fetchall()]
    return [
        Error(f"The table {name} has no forced row-level security.", id="heard.E002")
        for name in bare
    ]


@register(DEFINITIONS)
def definitions_in_use_can_be_used(databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """An upgrade may leave an organization with an engine or a pack that can't be used any more.

    `migrate` says so, and `check --database default`. Each pack takes a second to compile, so it is
    not asked when web and worker start.
    """
    if not databases or connection.vendor != "postgresql" or not _is_migrated():
        return []
    with directory():  # no other columns: this runs before those of an upgrade are there
        organizations = list(Organization.objects.order_by("id").values_list("pk", "slug"))
    faults: list[CheckMessage] = []
    for pk, slug in organizations:
        try:
            engine_in_use(System(pk))
        except DefinitionsUnusable as error:
            command = f"manage.py rescore --organization {slug}"
            hint = (
                f"Until then nothing of theirs is scored, and nothing is lost. `{command} --pack "
                f"FILE` puts a corrected pack to use, which needs a new id; `{command}` goes back "
                "to Heard's own."
            )
            told = f"What {slug} is scored by can't be used: {error.reason}"
            faults.append(checks.Warning(told, hint=hint, id="heard.W002"))
    return faults


def _is_migrated() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [EngineInUse._meta.db_table])
        return cursor.fetchone()[0] is not None


@register()
def tenant_models_start_with_visible_to(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Every tenant model is read through a TenantQuerySet."""
    return [
        Error(f"{model._meta.label} needs a TenantQuerySet.", id="heard.E003")
        for model in tenant_models()
        if issubclass(model, TenantModel)
        and not isinstance(model._default_manager.all(), TenantQuerySet)
    ]


@register()
def time_limits_agree(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A message may come again only after the task that had it is dead."""
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    if options["visibility_timeout"] > settings.CELERY_TASK_TIME_LIMIT:
        return []
    return [Error("visibility_timeout must exceed the task time limit.", id="heard.E004")]


@register()
def environment_is_complete(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Commands on files need nothing; web and worker need all three."""
    key = settings._wrapped.SECRET_KEY  # type: ignore[misc]  # Django's way raises on an empty one
    missing = [
        name
        for name, there in (
            ("SECRET_KEY", bool(key)),
            ("DATABASE_URL", connection.vendor == "postgresql"),
            ("REDIS_URL", bool(settings.REDIS_URL)),
        )
        if not there
    ]
    return [
        checks.Warning(f"{name} is not set.", hint="See .env.example.", id="heard.W001")
        for name in missing
    ]


@register()
def names_model_is_installed(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Names would stay in transcripts that an operator believes are taken out."""
    if not settings.NAMES_MODEL or names_model.is_installed():
        return []
    return [
        Error(
            "NAMES_MODEL is on, but the packages that find names are not installed.",
            hint="Install requirements/names.txt (docs/redaction.md), or set NAMES_MODEL=false.",
            id="heard.E005",
        )
    ]


def tenant_models() -> list[type[Any]]:
    """Every model whose rows belong to an organization."""
    return [
        model
        for model in apps.get_models()
        if any(field.name == "organization" for field in model._meta.concrete_fields)
    ]
