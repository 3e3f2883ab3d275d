"""Column types that are the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from domain.nouns.booking import EarnedNothing
from domain.nouns.policy import Choices
from domain.nouns.words import Word
from persistence import policies

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(instant: datetime) -> int:
    """Microseconds since 1970 in UTC; ValueError for a datetime without a zone."""
    if instant.tzinfo is None:
        raise ValueError(f"not an instant, it has no zone: {instant!r}")
    return (instant - _EPOCH) // _MICROSECOND


def from_microseconds(value: int) -> datetime:
    return _EPOCH + value * _MICROSECOND


class Instant(sa.types.TypeDecorator[datetime]):
    """Whole microseconds UTC: SQLite would drop the zone of a timestamp, and with it the truth."""

    impl = sa.BigInteger
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> int | None:
        return None if value is None else microseconds(value)

    def process_result_value(self, value: Any | None, dialect: sa.Dialect) -> datetime | None:
        return None if value is None else from_microseconds(value)


class ChoicesJson(sa.types.TypeDecorator[Choices]):
    """What a level has decided of the policy."""

    impl = sa.JSON
    cache_ok = True

    def process_bind_param(self, value: Choices | None, dialect: sa.Dialect) -> Any:
        return None if value is None else policies.dump(value)

    def process_result_value(self, value: Any | None, dialect: sa.Dialect) -> Choices | None:
        return None if value is None else policies.load(value)


class Reasons(sa.types.TypeDecorator[tuple[EarnedNothing, ...]]):
    """The codes why a cancellation earned nothing, in order."""

    impl = sa.JSON
    cache_ok = True

    def process_bind_param(self, value: tuple[EarnedNothing, ...] | None, dialect: sa.Dialect) -> Any:
        return None if value is None else [code.value for code in value]

    def process_result_value(self, value: Any | None, dialect: sa.Dialect) -> tuple[EarnedNothing, ...] | None:
        return None if value is None else tuple(EarnedNothing[code] for code in value)


def word(vocabulary: type[Word], name: str) -> sa.Enum:
    """A vocabulary as text, with a named CHECK of its members."""
    return sa.Enum(
        vocabulary,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=_values,
    )


def _values(vocabulary: type[Word]) -> list[str]:
    return [member.value for member in vocabulary]
