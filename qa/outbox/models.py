"""Mails that somebody waits for, until the mail server has them. The row is the job."""

from django.db import models

from qa.tenancy.base import new_id


class Mail(models.Model):
    """One mail to be sent, and what it is about.

    No text, no link and no token: whoever sends it writes it then. It belongs to no organization,
    and no row-level security holds here: a password is asked for before anybody knows whose it
    is, and workers look for what is due in all of them at once.
    """

    class Kind(models.TextChoices):
        """What is sent: each has its writer in qa/organizations/mails.py."""

        PASSWORD = "password", "A link to set a password"  # about: the address that was typed
        INVITATION = "invitation", "An invitation to join"  # about: ORGANIZATION_ID/INVITATION_ID
        SIGN_UP = "sign_up", "A link to open an organization"  # about: the folded address
        OWN_ADDRESS = "own_address", "A new address, to confirm"  # about: USER_ID/ADDRESS
        # about: ORGANIZATION_ID/MEMBERSHIP_ID/ADDRESS
        MEMBER_ADDRESS = "member_address", "A new address, to confirm, as an admin asks"
        REACTIVATED = "reactivated", "Access is back"  # about: ORGANIZATION_ID/MEMBERSHIP_ID
        OLD_ADDRESS = "old_address", "The address has changed"  # about: user / the old address

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=20)  # a Kind
    about = models.CharField(max_length=320)  # an address or ids, as the kind has it
    site = models.CharField(max_length=300)  # where its links lead: https://heard.example.com
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            # Asked for again while it waits: one mail is enough.
            models.UniqueConstraint(fields=["kind", "about"], name="mail_waits_once")
        ]
        indexes = [models.Index(fields=["due_at"], name="mail_due")]

    def __str__(self) -> str:
        return str(self.id)
