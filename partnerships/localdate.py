"""What day it is, where a district is: asked of the database, one rule for every query."""

from datetime import timedelta

from django.db.models import DateField, F, Func, Value
from django.db.models.functions import Coalesce
from django.utils import timezone


class LocalDate(Func):
    """The date of an instant in the time zone that a column names, or so many `days` after it."""

    output_field = DateField()

    def __init__(self, instant, zone, days: int = 0):
        super().__init__(instant, zone, days=days)

    def as_sqlite(self, compiler, connection, **context):
        return super().as_sql(
            compiler,
            connection,
            function="django_datetime_cast_date",
            template="date(%(function)s(%(expressions)s, 'UTC'), '%(days)+d days')",
            **context,
        )

    def as_postgresql(self, compiler, connection, **context):
        return super().as_sql(
            compiler,
            connection,
            template="((%(expressions)s)::date + %(days)d)",
            arg_joiner=" AT TIME ZONE ",
            **context,
        )


def today_in(*zones: str, plus: timedelta = timedelta(0)) -> LocalDate:
    """Return the date now (or whole days after it) in the time zone at a path like `district__timezone`.

    Of several paths, the first that leads anywhere counts.
    """
    zone = Coalesce(*zones) if zones[1:] else F(zones[0])
    return LocalDate(Value(timezone.now()), zone, days=plus.days)
