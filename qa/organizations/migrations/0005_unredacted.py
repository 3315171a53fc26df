"""An organization chooses which kinds of personal data it keeps; card numbers never."""

import django.contrib.postgres.fields
from django.db import migrations, models

KINDS = [
    ("NAME", "Names of customers and of people they mention"),
    ("PHONE", "Phone numbers"),
    ("EMAIL", "E-mail addresses"),
    ("SECRET", "Passwords, PINs, security codes and keys"),
    ("URL", "Web addresses with a password or token in them"),
    ("IBAN", "Bank account numbers (IBAN)"),
    ("BANK", "Bank accounts by sort code or routing number"),
    ("SSN", "US social security numbers"),
    ("NINO", "UK national insurance numbers"),
    ("NATIONAL_ID", "Other government numbers, such as NHS, SIN, TFN, Aadhaar, Steuer-ID"),
]


class Migration(migrations.Migration):
    dependencies = [("organizations", "0004_email_domains")]

    operations = [
        migrations.AddField(
            model_name="organization",
            name="unredacted",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(choices=KINDS, max_length=20),
                db_default=[],
                default=list,
                size=None,
            ),
        ),
        migrations.AddConstraint(
            model_name="organization",
            constraint=models.CheckConstraint(
                condition=models.Q(("unredacted__contained_by", [kind for kind, _ in KINDS])),
                name="organization_unredacted_known",
            ),
        ),
    ]
