from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = (
        "Make this installation ready to run: tables, cache, content, styles and scripts. "
        "Run it at first and after each update; it keeps all data."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--demo", action="store_true", help="also fill an empty database with the demo district"
        )

    def handle(self, *args, demo, **options):
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("seed")
        if demo:
            call_command("demo", if_empty=True)
        call_command("collectstatic", interactive=False, verbosity=0)
