from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0010_joining_on_approval'),
    ]

    operations = [
        migrations.AddField(
            model_name='sitesettings',
            name='first_posts',
            field=models.CharField(choices=[('on', 'New members post as others do'), ('held', 'Moderators approve the posts of a new member, until one is published')], db_default='on', default='on', max_length=20, verbose_name='posts of new members'),
        ),
    ]
