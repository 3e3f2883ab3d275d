"""Keys of rows: every one begins with its studio."""

from collections.abc import Iterable
from uuid import UUID

Key = tuple[int, UUID]


def by_studio(keys: Iterable[Key]) -> dict[int, list[UUID]]:
    """The keys of each studio: a statement asks one studio only."""
    studios: dict[int, list[UUID]] = {}
    for studio_id, key in keys:
        studios.setdefault(studio_id, []).append(key)
    return studios
