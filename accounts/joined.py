"""A short list of keys or words, fetched within another query as one text: both databases can do that."""

from django.db.models import OuterRef, QuerySet, StringAgg, Subquery, TextField, Value
from django.db.models.functions import Cast

MARK = ","


def joined(rows: QuerySet, owner: str, name: str, *, of: str = "pk") -> Subquery:
    """What a field says in all the rows that belong to a row of the query around it, in no order."""
    mine = rows.filter(**{owner: OuterRef(of)}).order_by()
    text = StringAgg(Cast(name, TextField()), Value(MARK))
    return Subquery(mine.values(owner).values(joined=text))


def parted(text: str | None) -> list[str]:
    return text.split(MARK) if text else []
