"""What an id of the API stands for inside."""

from uuid import UUID

from schema.ids import Ref, decode


def ref(text: str) -> Ref:
    found = decode(text)
    assert found is not None
    return found


def key_of(text: str) -> UUID:
    return ref(text).key
