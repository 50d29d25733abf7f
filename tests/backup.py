"""The database as it stood at one moment, brought back in an instant; and the files it tells of.

Tests that commit need it, since theirs cannot be rolled back; and a demo is made once, not for every journey.
"""

import atexit
import io
import sqlite3
from pathlib import Path

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction


class Backup:
    """What all tables hold now; `restore()` makes them hold it again, and nothing else.

    Files come back too: a test in between may have swept up what its own rows do not tell of.
    """

    def __init__(self):
        self.kept = copy_of_sqlite() if connection.vendor == "sqlite" else copy_of_postgres()
        self.files = {path: path.read_bytes() for path in uploads() if path.is_file()}

    def restore(self):
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            self.kept.backup(connection.connection)
        else:
            fill_postgres(self.kept)
        for path, content in self.files.items():
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        ContentType.objects.clear_cache()


def uploads():
    return Path(settings.MEDIA_ROOT).rglob("*")


def copy_of_sqlite() -> sqlite3.Connection:
    kept = sqlite3.connect(":memory:", check_same_thread=False)
    atexit.register(kept.close)
    connection.ensure_connection()
    connection.connection.backup(kept)
    return kept


def copy_of_postgres() -> dict[str, str]:
    tables = set(connection.introspection.table_names()) - {"django_migrations"}
    with connection.cursor() as cursor:
        return {table: rows_of(table, cursor) for table in sorted(tables)}


def rows_of(table, cursor) -> str:
    rows = io.StringIO()
    cursor.copy_expert(f'COPY "{table}" TO STDOUT', rows)
    return rows.getvalue()


@transaction.atomic
def fill_postgres(rows_by_table: dict[str, str]):
    """In any order: PostgreSQL looks at the keys between tables at the end. Sequences only ever go on."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE " + ", ".join(f'"{table}"' for table in rows_by_table))
        for table, rows in rows_by_table.items():
            if rows:
                cursor.copy_expert(f'COPY "{table}" FROM STDIN', io.StringIO(rows))
