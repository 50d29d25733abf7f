from django.core.management.base import BaseCommand

from desk.seeding import seed


class Command(BaseCommand):
    help = (
        "Bring in the stage texts, the checklist and the question sets, in both languages. "
        "Run it again after an update: it keeps what an admin has changed."
    )

    def handle(self, *args, **options):
        seed()
        self.stdout.write("The content is in place.")
