from django.db import migrations, models


class Migration(migrations.Migration):
    """Another name in the code for the medium rendition; the column stays as it is."""

    dependencies = [("blog", "0006_post_image_bytes_index")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameField("post", "feed", "image_medium"),
                migrations.AlterField(
                    "post",
                    "image_medium",
                    models.ImageField(
                        blank=True, db_column="feed", editable=False, upload_to=""
                    ),
                ),
            ]
        )
    ]
