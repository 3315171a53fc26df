from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("transcripts", "0002_walls")]

    operations = [
        migrations.AddField(
            model_name="uploadedfile",
            name="summary",
            field=models.JSONField(default=dict),
        ),
        migrations.AddIndex(
            model_name="interaction",
            index=models.Index(fields=["organization", "-id"], name="interaction_latest"),
        ),
        migrations.AddIndex(
            model_name="uploadedfile",
            index=models.Index(fields=["organization", "-id"], name="uploaded_file_newest"),
        ),
    ]
