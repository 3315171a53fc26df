"""Dates of birth and addresses may be kept too; an organization has words of its own."""

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
    ("DOB", "Dates of birth"),
    ("ADDRESS", "Postal addresses and postcodes"),
    ("SSN", "US social security numbers"),
    ("NINO", "UK national insurance numbers"),
    ("NATIONAL_ID", "Other government numbers, such as NHS, SIN, TFN, Aadhaar, Steuer-ID"),
]


def words() -> models.Field:
    return django.contrib.postgres.fields.ArrayField(
        base_field=models.CharField(max_length=80), db_default=[], default=list, size=None
    )


class Migration(migrations.Migration):
    dependencies = [("organizations", "0008_links_die_elsewhere")]

    operations = [
        migrations.RemoveConstraint(
            model_name="organization", name="organization_unredacted_known"
        ),
        migrations.AlterField(
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
        migrations.AddField(model_name="organization", name="removed_words", field=words()),
        migrations.AddField(model_name="organization", name="kept_words", field=words()),
    ]
