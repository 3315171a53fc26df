"""Rows beside an organization's own: its picture, and the addresses that ask to open one."""

from django.db import models

from qa.tenancy.base import TenantModel, new_id


class Logo(TenantModel):
    """The organization's picture, drawn anew from what was sent: a PNG of some kilobytes."""

    image = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization"], name="logo_once")]

    def __str__(self) -> str:
        return str(self.id)


class SignUp(models.Model):
    """An address that asked to open an organization, and the link that was mailed to it.

    It belongs to no organization: there is none yet. Gone once one is open, or after its time.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(unique=True)  # as `addresses.fold` writes it
    link_hash = models.CharField(max_length=64, unique=True)  # SHA-256 of what the link ends in
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["sent_at"], name="sign_up_sent")]

    def __str__(self) -> str:
        return str(self.id)
