"""Why a review was corrected, and for how long one can be taken back."""

import django.db.models.deletion
from django.db import migrations, models

import qa.tenancy.base
from qa.tenancy.rls import protect, refuse


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0021_own_pages_walls"),
        ("reviews", "0018_left_out"),
    ]

    operations = [
        migrations.AddField(
            model_name="reviewpolicy",
            name="recall_minutes",
            field=models.PositiveSmallIntegerField(db_default=10, default=10),
        ),
        migrations.CreateModel(
            name="Amendment",
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
                ("reason", models.TextField(max_length=2000)),
                ("changes", models.JSONField(default=list)),
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
                        related_name="amendment",
                        to="reviews.review",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        *protect("reviews_amendment"),
        refuse("reviews_amendment", changes="UPDATE"),
    ]
