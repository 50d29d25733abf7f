import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models

import accounts.text


class Migration(migrations.Migration):

    dependencies = [
        ('partnerships', '0015_wins_and_the_public'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='district',
            name='slug',
            field=models.SlugField(editable=False, max_length=80, null=True),
        ),
        migrations.RenameField(
            model_name='publicpage',
            old_name='about',
            new_name='about_en',
        ),
        migrations.AlterField(
            model_name='publicpage',
            name='about_en',
            field=accounts.text.NFCTextField(blank=True, max_length=2000, verbose_name='what it is, in English'),
        ),
        migrations.AddField(
            model_name='publicpage',
            name='about_vi',
            field=accounts.text.NFCTextField(blank=True, default='', max_length=2000, verbose_name='what it is, in Vietnamese'),
            preserve_default=False,
        ),
        migrations.RemoveField(
            model_name='release',
            name='seen_version',
        ),
        migrations.AddField(
            model_name='release',
            name='fingerprint',
            field=models.CharField(default='', editable=False, max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='release',
            name='goal',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='partnerships.goal'),
        ),
        migrations.AddField(
            model_name='release',
            name='how',
            field=models.CharField(choices=[('here', 'in Alongside'), ('paper', 'on paper'), ('phone', 'by phone')], default='here', max_length=10),
        ),
        migrations.AddField(
            model_name='release',
            name='replaced_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='release',
            name='said',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='release',
            name='speaker',
            field=accounts.text.NFCCharField(blank=True, default='', max_length=120),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name='release',
            name='part',
            field=models.CharField(choices=[('about', 'What it is'), ('goals', 'A goal and how it stands'), ('win', 'A small win'), ('voice', 'The form for the community')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='publicpage',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('about_en', ''), _negated=True), models.Q(('about_vi', ''), _negated=True), _connector='OR'), name='public_page_says_what_it_is'),
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('goal__isnull', False), ('part', 'goals')), models.Q(models.Q(('part', 'goals'), _negated=True), ('goal', None)), _connector='OR'), name='release_of_a_goal_names_it'),
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.UniqueConstraint(models.F('page'), models.F('party'), models.F('fingerprint'), models.F('part'), django.db.models.functions.comparison.Coalesce('goal', 0), django.db.models.functions.comparison.Coalesce('win', 0), condition=models.Q(('replaced_at', None), ('withdrawn_at', None)), name='one_standing_release_per_version'),
        ),
    ]
