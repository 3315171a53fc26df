"""Who did what, when: append-only, each event chained to the one before by its hash."""

from django.db import models

from qa.tenancy.base import TenantModel


class AuditEvent(TenantModel):
    """One event. A database trigger refuses UPDATE and DELETE."""

    number = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    action = models.CharField(max_length=60)
    target_type = models.CharField(max_length=60)
    target_id = models.CharField(max_length=160)
    data = models.JSONField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="audit_number_unique")
        ]
        indexes = [
            models.Index(
                fields=["organization", "target_type", "target_id", "number"], name="audit_target"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)
