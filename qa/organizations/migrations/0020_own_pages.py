"""An organization's own preferences and picture, people's own, and who asks to open one."""

import django.db.models.deletion
from django.db import migrations, models

import qa.tenancy.base


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0013_walls_around_merges"),
    ]

    operations = [
        migrations.CreateModel(
            name="Logo",
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
                ("image", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="SignUp",
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
                ("email", models.EmailField(max_length=254, unique=True)),
                ("link_hash", models.CharField(max_length=64, unique=True)),
                ("sent_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="organization",
            name="closed_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="organization",
            name="days_zone",
            field=models.CharField(db_default="UTC", default="UTC", editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name="organization",
            name="language",
            field=models.CharField(blank=True, db_default="", default="", max_length=8),
        ),
        migrations.AddField(
            model_name="organization",
            name="logo_version",
            field=models.CharField(blank=True, db_default="", default="", max_length=16),
        ),
        migrations.AddField(
            model_name="organization",
            name="time_zone",
            field=models.CharField(db_default="UTC", default="UTC", max_length=64),
        ),
        migrations.AddField(
            model_name="organization",
            name="week_start",
            field=models.PositiveSmallIntegerField(
                choices=[(0, "Monday"), (6, "Sunday"), (5, "Saturday")], db_default=0, default=0
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="language",
            field=models.CharField(blank=True, db_default="", default="", max_length=8),
        ),
        migrations.AddField(
            model_name="user",
            name="time_zone",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.AddConstraint(
            model_name="organization",
            constraint=models.CheckConstraint(
                condition=models.Q(("week_start__in", [0, 6, 5])),
                name="organization_week_start_known",
            ),
        ),
        migrations.AddField(
            model_name="logo",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="organizations.organization",
            ),
        ),
        migrations.AddIndex(
            model_name="signup",
            index=models.Index(fields=["sent_at"], name="sign_up_sent"),
        ),
        migrations.AddConstraint(
            model_name="logo",
            constraint=models.UniqueConstraint(fields=("organization",), name="logo_once"),
        ),
    ]
