"""Examples in the API's documentation."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, PolymorphicProxySerializer

from qa.api.prescore_serializers import PreScoreSerializer
from qa.api.serializers import ReceiptSerializer

ID = "019a2f6b-6b1e-7c53-9a55-0d3c2f1b8e44"
ANGER, SORRY = "This is the third time I've called and nobody helps me!", "I'm sorry about that."


def pushes() -> PolymorphicProxySerializer:
    """What a push that stores nothing new is answered with."""
    return PolymorphicProxySerializer(
        component_name="PushAnswer",
        serializers=[ReceiptSerializer, PreScoreSerializer],
        resource_type_field_name=None,
    )


def _mark(level: int, confidence: float, *evidence: list[int]) -> dict[str, Any]:
    return {"level": level, "confidence": confidence, "evidence": list(evidence)}


PUSHED = OpenApiExample(
    "A short call",
    request_only=True,
    value={
        "external_id": "c-1001",
        "source": "genesys",
        "channel": "call",
        "started_at": "2026-11-02T10:15:00Z",
        "agent": {"external_id": "a-7", "name": "Dana Reyes", "team": "Billing"},
        "metadata": {"queue": "billing"},
        "turns": [
            {"role": "customer", "text": ANGER, "started_s": 0.0, "ended_s": 3.4},
            {"role": "agent", "text": SORRY, "started_s": 3.9, "ended_s": 5.0},
        ],
    },
)
RECEIVED = OpenApiExample(
    "Kept", value={"id": ID, "status": "received"}, response_only=True, status_codes=["201"]
)
KNOWN = OpenApiExample(
    "Known already",
    value={"id": ID, "status": "prescored"},
    response_only=True,
    status_codes=["200"],
)
RESCORED = OpenApiExample(
    "Being scored anew",
    value={"id": ID, "status": "received"},
    response_only=True,
    status_codes=["200"],
)
PRESCORED = OpenApiExample(
    "A dry run",
    response_only=True,
    status_codes=["200"],
    value={
        "external_id": "c-1001",
        "channel": "call",
        "engine": {"name": "reader", "version": "2.1", "definitions": "codebook-1"},
        "fitness": {"scorable": True, "reasons": []},
        "turns": [
            {
                "index": 0,
                "role": "customer",
                "cue": {
                    "emotion": "anger",
                    "confidence": 0.81,
                    "presence": 0.9,
                    "kind_unsure": False,
                    "evidence": [[12, 32], [37, 54]],
                },
            },
            {
                "index": 1,
                "role": "agent",
                "response": {
                    "sympathy": _mark(1, 0.97, [0, 20]),
                    "empathy": _mark(0, 0.94),
                    "dismissal": _mark(0, 0.99),
                    "apology": "bare",
                    "apologies": [{"kind": "bare", "evidence": [[0, 20]]}],
                },
            },
        ],
        "moments": [
            {
                "cue_turn": 0,
                "emotion": "anger",
                "response_turns": [1],
                "outcome": "sympathy_only",
                "strength": 0,
                "apology_then_empathy": False,
                "confidence": 0.76,
                "presence": 0.9,
                "kind_unsure": False,
            }
        ],
        "volunteered": [],
        "apologies": {"bare": 1, "completed": 0, "repeated": 0},
        "score": {"value": 25.0, "moments": 1},
    },
)
UPLOADED = OpenApiExample(
    "Two files, one refused",
    response_only=True,
    value={
        "id": ID,
        "created_at": "2026-11-02T10:15:00Z",
        "status": "processing",
        "files": [
            {
                "name": "monday.vtt",
                "size": 3104,
                "status": "accepted",
                "format": "webvtt",
                "channels": ["video"],
                "turns": 21,
                "interactions": {
                    "received": 1,
                    "duplicates": 0,
                    "refused": 0,
                    "waiting": 1,
                    "failed": 0,
                },
                "interaction_ids": [ID],
                "redacted": {"EMAIL": 1},
                "errors": [],
                "notes": [],
            },
            {
                "name": "empty.txt",
                "size": 0,
                "status": "refused",
                "format": None,
                "channels": [],
                "turns": 0,
                "interactions": {
                    "received": 0,
                    "duplicates": 0,
                    "refused": 0,
                    "waiting": 0,
                    "failed": 0,
                },
                "interaction_ids": [],
                "redacted": {},
                "errors": [{"line": None, "path": "", "message": "is empty"}],
                "notes": [],
            },
        ],
    },
)
LINES = OpenApiExample(
    "Two lines",
    request_only=True,
    value='{"channel": "chat", "turns": [{"role": "customer", "text": "Hello?"}]}\n'
    '{"channel": "call", "turns": []}\n',
)
BULK_TAKEN = OpenApiExample(
    "One kept, one rejected",
    response_only=True,
    value={
        "accepted": 1,
        "duplicates": 0,
        "rejected": [
            {
                "line": 2,
                "errors": [{"path": "turns", "message": "is empty; expected at least one turn"}],
            }
        ],
    },
)
