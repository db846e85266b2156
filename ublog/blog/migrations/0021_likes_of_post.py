from django.db import migrations, models

from ublog.core.db.migration_operations import AddIndexOnline


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ("blog", "0020_reports"),
    ]

    operations = [
        AddIndexOnline(
            model_name="postlike",
            index=models.Index(fields=["post", "id"], name="likes_of_post"),
        ),
    ]
