import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('partnerships', '0009_goals'),
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
        migrations.RemoveConstraint(
            model_name='activity',
            name='what_repeats_has_a_last_date',
        ),
        migrations.RemoveConstraint(
            model_name='activity',
            name='activity_ends_after_it_begins',
        ),
        migrations.AddConstraint(
            model_name='activity',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('rhythm', 'once'), ('until', None)), models.Q(models.Q(('rhythm', 'once'), _negated=True), ('until__gte', models.F('on')), ('until__isnull', False)), _connector='OR'), name='what_repeats_has_a_last_date'),
        ),
        migrations.AddConstraint(
            model_name='activity',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at', None), models.Q(('begins_at__isnull', False), ('ends_at__gt', models.F('begins_at'))), _connector='OR'), name='activity_ends_after_it_begins'),
        ),
    ]
