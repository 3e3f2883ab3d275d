"""The base of every vocabulary: an enum whose members say what they mean."""

from enum import StrEnum
from typing import Self


class Word(StrEnum):
    """A string enum; each member carries the description that the API shows to strangers."""

    description: str

    def __new__(cls, value: str, description: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.description = description
        return member
