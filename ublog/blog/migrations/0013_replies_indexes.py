from django.conf import settings
from django.db import migrations, models
from django.db.models import F, OrderBy

from ublog.core.db.migration_operations import AddIndexOnline

NEWEST_FIRST = (OrderBy(F("created_on"), descending=True), OrderBy(F("id"), descending=True))
STARTS = models.Q(("in_reply_to__isnull", True), ("state__isnull", True))


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("blog", "0012_replies"),
    ]

    operations = [
        AddIndexOnline(
            model_name="post",
            index=models.Index(
                condition=models.Q(("in_reply_to__isnull", False)),
                fields=["in_reply_to", "created_on", "id"],
                name="post_replies",
            ),
        ),
        AddIndexOnline(
            model_name="post",
            index=models.Index(*NEWEST_FIRST, condition=STARTS, name="post_starts"),
        ),
        AddIndexOnline(
            model_name="post",
            index=models.Index(
                F("created_by"), *NEWEST_FIRST, condition=STARTS, name="post_starts_by_author"
            ),
        ),
    ]
