from django.db import migrations

import ublog.blog.fields
from ublog.blog import triggers


class Migration(migrations.Migration):

    dependencies = [
        ("blog", "0008_postbookmark"),
    ]

    operations = [
        # SQLite may rebuild the table, for which the triggers must make way.
        migrations.RunPython(triggers.drop, triggers.create),
        migrations.AddField(
            model_name="post",
            name="language",
            field=ublog.blog.fields.LanguageTagField(),
        ),
        migrations.RunPython(triggers.create, triggers.drop),
    ]
