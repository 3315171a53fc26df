"""Texts that an organization offers for notes."""

import django.db.models.deletion
from django.db import migrations, models

import qa.tenancy.base
from qa.tenancy.rls import protect


class Migration(migrations.Migration):
    dependencies = [
        ("coaching", "0008_shared_with_each_agent"),
        ("organizations", "0021_own_pages_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name="NoteTemplate",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=qa.tenancy.base.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                (
                    "kind",
                    models.CharField(
                        choices=[("praise", "Praise"), ("suggestion", "Suggestion")], max_length=20
                    ),
                ),
                ("text", models.TextField(max_length=2000)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "name"), name="note_template_once"
                    )
                ],
            },
        ),
        *protect("coaching_notetemplate"),
    ]
