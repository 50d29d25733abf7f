import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('partnerships', '0007_goals_and_activities'),
    ]

    operations = [
        migrations.AddField(
            model_name='activity',
            name='changed_at',
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        migrations.AddField(
            model_name='activity',
            name='unreported_from',
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name='activity',
            index=models.Index(condition=models.Q(('called_off_at', None), ('unreported_from__isnull', False)), fields=['unreported_from'], name='activities_to_report'),
        ),
    ]
