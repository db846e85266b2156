from django.db import migrations, models

from ublog.blog import triggers


class Migration(migrations.Migration):

    dependencies = [
        ("blog", "0026_unpublished_posts"),
    ]

    operations = [
        # SQLite may rebuild the table, for which the triggers must make way.
        migrations.RunPython(triggers.drop, triggers.create),
        migrations.AddField(
            model_name="post",
            name="image_preview",
            field=models.ImageField(
                blank=True, db_default="", default="", editable=False, upload_to=""
            ),
        ),
        migrations.RunPython(triggers.create, triggers.drop),
    ]
