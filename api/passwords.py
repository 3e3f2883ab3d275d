"""Passwords: hashed and checked with argon2, away from the event loop, a few at a time."""

import secrets
import unicodedata

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from domain.faults import BadUserInput

MIN_LENGTH = 8
MAX_LENGTH = 256
_AT_ONCE = 2


class Passwords:
    """Hashes and verifies passwords in worker threads.

    One hash takes 64 MiB, so at most `at_once` run together and a burst waits. `hasher` sets the cost.
    """

    def __init__(self, hasher: PasswordHasher | None = None, at_once: int = _AT_ONCE) -> None:
        self._hasher = hasher or PasswordHasher()
        self._limiter = CapacityLimiter(at_once)
        self._nobodys_hash = self._hasher.hash(secrets.token_hex())

    async def hash(self, password: str) -> str:
        """An argon2id string to store. Raises `BadUserInput` unless the password has 8 to 256 characters."""
        password = _normal(password)
        if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
            raise BadUserInput(f"A password has {MIN_LENGTH} to {MAX_LENGTH} characters.", "password")
        return await run_sync(self._hasher.hash, password, limiter=self._limiter)

    async def verify(self, password: str, stored_hash: str | None) -> bool:
        """Whether the password belongs to the stored hash; None stands for an account that does not exist.

        Both take the same work, so that the time of an answer does not tell which accounts exist.
        """
        password = _normal(password)
        if len(password) > MAX_LENGTH:
            return False
        expected = self._nobodys_hash if stored_hash is None else stored_hash
        matches = await run_sync(self._matches, expected, password, limiter=self._limiter)
        return matches and stored_hash is not None

    def _matches(self, stored_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored_hash, password)
        except VerifyMismatchError:
            return False


def _normal(password: str) -> str:
    """One spelling of each text: keyboards differ in how they compose accents (RFC 8265)."""
    return unicodedata.normalize("NFC", password)
