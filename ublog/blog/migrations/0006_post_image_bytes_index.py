from django.conf import settings
from django.db import migrations, models

from ublog.core.db.migration_operations import AddIndexOnline


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("blog", "0005_post_image_bytes"),
    ]

    operations = [
        AddIndexOnline(
            model_name="post",
            index=models.Index(
                condition=models.Q(("image_bytes__isnull", False)),
                fields=["created_by", "image_bytes", "id"],
                name="post_image_bytes",
            ),
        ),
    ]
