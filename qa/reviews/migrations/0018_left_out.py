"""Blind readings that do not count in agreement, and the lock as a step."""

import django.db.models.deletion
from django.db import migrations, models

import qa.tenancy.base
from qa.tenancy.rls import protect


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0021_own_pages_walls"),
        ("reviews", "0017_words"),
    ]

    operations = [
        migrations.AlterField(
            model_name="reviewstep",
            name="kind",
            field=models.CharField(
                choices=[
                    ("moments", "decision"),
                    ("answers", "answer"),
                    ("note", "note"),
                    ("lock", "lock"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="LeftOut",
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
                ("reason", models.TextField(max_length=500)),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.membership",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
                (
                    "review",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="left_out",
                        to="reviews.review",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        *protect("reviews_leftout"),
    ]
