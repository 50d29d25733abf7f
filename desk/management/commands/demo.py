from django.core.management.base import BaseCommand, CommandError

from desk.demo import PASSWORD, NotEmpty, make_demo, send_first_digests
from partnerships.models import District


class Command(BaseCommand):
    help = "Fill an empty database with a demo district. Refuses where there is any data already."

    def add_arguments(self, parser):
        parser.add_argument(
            "--if-empty", action="store_true", help="say nothing where there is data already"
        )

    def handle(self, *args, if_empty, **options):
        try:
            make_demo()
        except NotEmpty as fault:
            if if_empty:
                return
            raise CommandError(
                "There is data in this database already. A demo would mix with it: "
                "use an empty database."
            ) from fault
        send_first_digests()
        district = District.objects.get()
        self.stdout.write(f"The demo district is in place: {district}. Password: {PASSWORD}")
