import django.db.models.deletion
from django.db import migrations, models

import qa.tenancy.base
from qa.tenancy.rls import protect


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0004_email_domains"),
        ("transcripts", "0003_upload_summaries"),
    ]

    operations = [
        migrations.AddField(
            model_name="interaction",
            name="revision",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AlterField(
            model_name="uploadedfile",
            name="status",
            field=models.CharField(
                choices=[
                    ("accepted", "Accepted"),
                    ("partly", "Partly accepted"),
                    ("duplicate", "Here already"),
                    ("refused", "Refused"),
                    ("asks", "Waits for an answer"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="RememberedAnswer",
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
                ("question", models.CharField(max_length=20)),
                ("fingerprint", models.CharField(max_length=64)),
                ("value", models.JSONField()),
                ("words", models.CharField(max_length=300)),
                ("answered_at", models.DateTimeField()),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "question", "fingerprint"),
                        name="answer_once_a_source",
                    )
                ],
            },
        ),
        *protect("transcripts_rememberedanswer"),
    ]
