"""The key that signs access tokens: given, or made once beside a local database."""

import os
import secrets
from pathlib import Path

from api.settings import MIN_SIGNING_KEY_BYTES, PREFIX, Settings, SettingsError

_FILE_NAME = "signing-key"


def load_signing_key(settings: Settings) -> bytes:
    """The signing key as bytes, 32 or more. It must never be printed or logged.

    A local start without a key makes one, in a file that only its owner can read.
    Raises `SettingsError` when there is none, or when the file is damaged.
    """
    if settings.signing_key is not None:
        return settings.signing_key.get_secret_value().encode()
    if not settings.is_local or settings.sqlite_path is None:
        raise SettingsError(f"{PREFIX}SIGNING_KEY is required when the host is not loopback or for PostgreSQL.")
    return _read_or_make(settings.sqlite_path.parent / _FILE_NAME)


def _read_or_make(path: Path) -> bytes:
    if not path.exists():
        _make(path)
    key = path.read_bytes().strip()
    if len(key) < MIN_SIGNING_KEY_BYTES:
        raise SettingsError(f"The file {path} is damaged: delete it, and everyone has to sign in again.")
    return key


def _make(path: Path) -> None:
    """Makes the file whole or not at all: of two processes that start at once, both read the first one's key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(MIN_SIGNING_KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        # A link and not a rename: a rename would replace the key that another process has just begun to use.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
