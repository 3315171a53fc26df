"""Which engine and which definitions an organization's interactions are scored by.

    config = engine_in_use(by)          # before computing, never within the write's transaction
    put_to_use(config, by=by)           # from now on, for all that comes in

Never two definitions in one figure: whoever writes a pre-score holds the lock of the definitions
together with others (`refuse_others`) and looks once more, whoever puts others to use holds it
alone. So a pre-score that was computed under what was in use before is never written after it.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy

from qa.audit import actions as audit
from qa.core.errors import Conflict, DomainError, Refused
from qa.organizations.models import Organization
from qa.tenancy import locks
from qa.tenancy.base import Actor, System
from qa.tenancy.context import tenant
from scorecards import empathy
from scorecards.choices import Emotion
from scorecards.models import DefinitionPack, EngineInUse

LOCK = "definitions"
LONGEST_ID = 60
PACKS_KEPT = 64  # compiled, in a process
OURS = re.compile(r"codebook-\d+")  # the ids of Heard's own packs, those to come included
UNUSABLE = gettext_lazy(
    "This version of Heard doesn't support the engine or definitions that your organization uses. "
    "Nothing is lost, but scoring is paused until your operator changes them."
)
Version: TypeAlias = dict[str, str]  # engine_version and definitions, as pre-scores have them


class DefinitionsUnusable(DomainError):  # noqa: N818
    """What the organization uses can't be used by this version of Heard: nothing is scored.

    `reason` may quote the pack: it is for whoever runs Heard, and stays out of logs and pages.
    """

    default_code = "definitions_unusable"

    def __init__(self, reason: str) -> None:
        super().__init__(str(UNUSABLE))
        self.reason = reason


class OtherDefinitions(Conflict):
    """Another engine or other definitions were put to use meanwhile."""

    default_code = "other_definitions"


@dataclass(frozen=True, slots=True)
class EngineConfig:
    """What makes pre-scores: an engine under a definition pack."""

    engine: str = empathy.DEFAULT_ENGINE
    pack: empathy.Pack = field(default_factory=empathy.load_pack)

    @property
    def version_key(self) -> Version:
        """Return the engine's name and versions, by which its pre-scores are known."""
        return {"engine_version": self.engine, "definitions": self.pack.id}

    @property
    def own(self) -> bool:
        """True under a pack of the organization's own."""
        return self.pack.id not in empathy.shipped()


def engine_in_use(by: Actor) -> EngineConfig:
    """What this organization's interactions are scored by. Raises DefinitionsUnusable.

    In short transactions of its own: call it outside any.
    """
    with tenant(by.organization_id):
        engine, definitions = _in_use(by)
    try:
        if engine not in empathy.ENGINES:
            known = ", ".join(sorted(empathy.ENGINES))
            raise DefinitionsUnusable(f"There is no engine {engine} any more. Known: {known}.")
        if not definitions:
            return EngineConfig(engine)
        return EngineConfig(engine, _compiled(by.organization_id, definitions))
    except empathy.PackError as error:
        raise DefinitionsUnusable(f"The pack can't be used any more. {error}.") from None


def version_in_use(by: Actor) -> Version:
    """Engine and definitions in use, by their names, which cost no compiling."""
    engine, definitions = _in_use(by)
    return {"engine_version": engine, "definitions": definitions or empathy.load_pack().id}


def refuse_others(version: Version, *, by: Actor) -> None:
    """Refuse a pre-score by anything but what is in use, until the transaction ends."""
    locks.acquire(LOCK, by=by, shared=True)
    if version_in_use(by) != version:
        raise OtherDefinitions("Another engine or other definitions were put to use meanwhile.")


def refuse_unfit(config: EngineConfig, *, by: Actor) -> None:
    """Refuse what this organization can't put to use, with the way out."""
    pack, source = config.pack, config.pack.source
    if len(pack.id) > LONGEST_ID or not pack.id.isprintable() or pack.id != pack.id.strip():
        raise Refused(f"pack.id: must be at most {LONGEST_ID} printable characters.")
    unknown = [emotion.value for emotion in pack.emotions if emotion.value not in Emotion.values]
    if unknown:
        known = ", ".join(Emotion.values)
        raise Refused(f"emotions: {', '.join(unknown)} can't be counted. Known: {known}.")
    if pack == empathy.load_pack():
        return
    if OURS.fullmatch(pack.id) or pack.id in empathy.shipped():
        raise Refused(
            f"pack.id: {pack.id} is an id of Heard's own definitions, and these are others (the "
            "calibration table beside the file is part of them). Give your pack a new id."
        )
    if (kept := _kept(pack.id, by)) and (kept.text, kept.calibration) != _texts(source):
        raise Refused(
            f"pack.id: {pack.id} was put to use before with other content (the calibration table "
            "beside the file is part of it). Pre-scores are told apart by it: give the pack a new "
            "id."
        )


@transaction.atomic
def put_to_use(config: EngineConfig, *, by: Actor) -> Version | None:
    """Score by this from now on; what was in use before, or None if it is in use already.

    What is there keeps its pre-scores until qa/rescoring.py makes new ones.
    """
    locks.acquire(LOCK, by=by)
    refuse_unfit(config, by=by)
    before = version_in_use(by)
    engine = "" if config.engine == empathy.DEFAULT_ENGINE else config.engine
    pack = _keep(config.pack, by)
    row = EngineInUse.objects.visible_to(by).first()
    if (row.engine, row.pack_id) == (engine, pack and pack.pk) if row else not (engine or pack):
        return None
    if not engine and pack is None:
        EngineInUse.objects.visible_to(by).delete()
    else:
        EngineInUse.objects.update_or_create(
            organization_id=by.organization_id, defaults={"engine": engine, "pack": pack}
        )
    told = {f"{name}_before": value for name, value in before.items()} | config.version_key
    audit.record(by, "definitions.put_to_use", Organization.objects.visible_to(by).get(), told)
    return before


def scale_of(definitions: str, *, by: Actor) -> empathy.Scale:
    """The points and feelings of the definitions that a pre-score was made under.

    Where nothing is known of them (an organization's own, from before they were kept) Heard's own.
    """
    if definitions in empathy.shipped():
        return empathy.load_pack(empathy.PACKS / f"{definitions}.toml").scale
    try:
        return _scale(by.organization_id, definitions)
    except DefinitionPack.DoesNotExist:
        return empathy.load_pack().scale


def scale_in_use(by: Actor) -> empathy.Scale:
    """The points and feelings of the definitions in use."""
    return scale_of(version_in_use(by)["definitions"], by=by)


def good_feelings(by: Actor) -> frozenset[str]:
    """Those of the definitions in use; of feelings that these don't name, as Heard has them."""
    scale = scale_in_use(by)
    return scale.positive | (empathy.load_pack().positive - scale.negative)


def _in_use(by: Actor) -> tuple[str, str]:
    """The engine, and the id of the organization's own pack; empty under Heard's own."""
    rows = EngineInUse.objects.visible_to(by).values_list("engine", "pack__definitions")
    engine, definitions = rows.order_by().first() or ("", None)
    return engine or empathy.DEFAULT_ENGINE, definitions or ""


# What was kept never changes, so it is read once in a process; what fails is read again.
@lru_cache(maxsize=PACKS_KEPT)
def _compiled(organization_id: UUID, definitions: str) -> empathy.Pack:
    kept = _read(organization_id, definitions)
    return empathy.parse_pack(kept.text, kept.calibration, definitions)


@lru_cache(maxsize=PACKS_KEPT * 16)
def _scale(organization_id: UUID, definitions: str) -> empathy.Scale:
    return empathy.parse_scale(_read(organization_id, definitions).text, definitions)


def _read(organization_id: UUID, definitions: str) -> DefinitionPack:
    with tenant(organization_id):
        rows = DefinitionPack.objects.visible_to(System(organization_id))
        return rows.get(definitions=definitions)


def _kept(definitions: str, by: Actor) -> DefinitionPack | None:
    return DefinitionPack.objects.visible_to(by).filter(definitions=definitions).first()


def _keep(pack: empathy.Pack, by: Actor) -> DefinitionPack | None:
    """The row of a pack; None for Heard's own."""
    if pack == empathy.load_pack():
        return None
    text, calibration = _texts(pack.source)
    return _kept(pack.id, by) or DefinitionPack.objects.create(
        organization_id=by.organization_id,
        definitions=pack.id,
        text=text,
        calibration=calibration,
    )


def _texts(source: empathy.Source | None) -> tuple[str, str]:
    if source is None:
        raise TypeError("Only a pack that was read from text can be put to use.")
    return source.text, source.calibration
