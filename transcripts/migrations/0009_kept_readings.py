import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

import qa.tenancy.base
from qa.tenancy.rls import protect


class Migration(migrations.Migration):
    dependencies = [("transcripts", "0008_find_by_external_id")]

    operations = [
        migrations.AlterField(
            model_name="uploadedfile",
            name="status",
            field=models.CharField(
                choices=[
                    ("accepted", "Imported"),
                    ("partly", "Partly imported"),
                    ("duplicate", "Already imported"),
                    ("refused", "Rejected"),
                    ("asks", "Needs your answer"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="uploadedfile",
            name="source",
            field=models.CharField(blank=True, default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="uploadedfile",
            name="left_out_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="uploadedfile",
            index=models.Index(
                condition=Q(status="asks"),
                fields=["organization", "source"],
                name="uploaded_file_asks",
            ),
        ),
        migrations.CreateModel(
            name="KeptReading",
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
                ("content", models.BinaryField()),
                ("kept_at", models.DateTimeField(auto_now_add=True)),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="kept",
                        to="transcripts.uploadedfile",
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
            options={"abstract": False},
        ),
        *protect("transcripts_keptreading"),
    ]
