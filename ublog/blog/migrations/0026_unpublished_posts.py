from django.db import migrations, models
from django.db.models import F

from ublog.core.db.migration_operations import AddIndexOnline


class Migration(migrations.Migration):

    atomic = False

    dependencies = [("blog", "0025_moderators_notifications")]

    operations = [
        AddIndexOnline(
            model_name="post",
            index=models.Index(
                F("created_by"),
                F("created_on").desc(),
                F("id").desc(),
                condition=models.Q(state__isnull=False),
                name="post_unpublished",
            ),
        ),
    ]
