from django.db import migrations, models

from ublog.blog import triggers


class Migration(migrations.Migration):
    dependencies = [("blog", "0009_post_language")]

    operations = [
        # SQLite may rebuild the table, for which the triggers must make way.
        migrations.RunPython(triggers.drop, triggers.create),
        migrations.AddField(
            model_name="post",
            name="mentions",
            field=models.TextField(editable=False, null=True),
        ),
        migrations.RunPython(triggers.create, triggers.drop),
    ]
