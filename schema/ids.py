"""Opaque global ids: a prefix for the kind, then the studio and the UUID in one number (base 32).

The studio is in the id so that a look-up goes straight to the studio's rows. One thing has one id: anything
that is not written exactly as `encode` writes it is malformed.
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from domain.faults import BadUserInput

_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"  # without i, l, o, u: read aloud, nothing is mistaken
_VALUES = {digit: value for value, digit in enumerate(_DIGITS)}
_UUID_BITS = 128
_LARGEST_STUDIO = 2**31 - 1
_LONGEST = 36
_OF_NO_STUDIO = 0


class Kind(StrEnum):
    ACCOUNT = "acc"
    STUDIO = "stu"
    STAFF = "stf"
    COURSE = "crs"
    SESSION = "ses"
    CLIENT = "cli"
    ENROLMENT = "enr"
    BOOKING = "bkg"
    CREDIT = "crd"
    ENTRY = "wle"
    INVITATION = "inv"
    EVENT = "evt"


_KINDS = frozenset(kind.value for kind in Kind)


@dataclass(frozen=True)
class Ref:
    """What an id names. `studio_id` is 0 for accounts; `key` is the nil UUID for studios."""

    kind: Kind
    studio_id: int
    key: UUID


def encode(kind: Kind, studio_id: int, key: UUID) -> str:
    return f"{kind}_{_in_base_32(studio_id << _UUID_BITS | key.int)}"


def studio_gid(studio_id: int) -> str:
    """A studio has no UUID: its number is its id, and public with its slug."""
    return f"{Kind.STUDIO}_{_in_base_32(studio_id)}"


def account_gid(account_id: UUID) -> str:
    return encode(Kind.ACCOUNT, _OF_NO_STUDIO, account_id)


def decode(text: str) -> Ref | None:
    """None for anything that `encode` did not write."""
    prefix, _, digits = text.partition("_")
    if prefix not in _KINDS or not digits or len(text) > _LONGEST or digits.startswith("0"):
        return None
    number = 0
    for digit in digits:
        if digit not in _VALUES:
            return None
        number = number * 32 + _VALUES[digit]
    kind = Kind(prefix)
    if kind is Kind.STUDIO:
        studio_id, key = number, UUID(int=0)
    else:
        studio_id, key = number >> _UUID_BITS, UUID(int=number % 2**_UUID_BITS)
    if studio_id > _LARGEST_STUDIO or (studio_id == _OF_NO_STUDIO) != (kind is Kind.ACCOUNT):
        return None
    return Ref(kind, studio_id, key)


def expect(kind: Kind, text: str, *path: str) -> Ref:
    """The id of an input field; `BadUserInput` where it is not one of this kind."""
    ref = decode(text)
    if ref is None or ref.kind is not kind:
        raise BadUserInput(f"This is not the id of a {_NOUNS[kind]}.", *path)
    return ref


def expect_in(studio_id: int, kind: Kind, text: str, *path: str) -> UUID:
    """Likewise, of something at this studio. One of another studio is a key that this studio does not have."""
    ref = expect(kind, text, *path)
    return ref.key if ref.studio_id == studio_id else UUID(int=0)


_NOUNS = {
    Kind.ACCOUNT: "account",
    Kind.STUDIO: "studio",
    Kind.STAFF: "staff member",
    Kind.COURSE: "course",
    Kind.SESSION: "session",
    Kind.CLIENT: "client",
    Kind.ENROLMENT: "enrolment",
    Kind.BOOKING: "booking",
    Kind.CREDIT: "make-up credit",
    Kind.ENTRY: "place on a waiting list",
    Kind.INVITATION: "invitation",
    Kind.EVENT: "line of the audit trail",
}


def _in_base_32(number: int) -> str:
    digits = ""
    while number:
        number, value = divmod(number, 32)
        digits = _DIGITS[value] + digits
    return digits
