"""Everything that Encore holds about an account, as JSON: each row as it stands, in the words of the schema."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from strawberry.utils.str_converters import to_camel_case

from domain.nouns.history import EventKind
from domain.nouns.words import Word
from persistence.reads.holdings import AtStudio, Row
from schema.ids import Kind, account_gid, encode, studio_gid
from schema.scalars import format_instant

_WITH_ITS_CLIENT = "It stands with its client."
LEFT_OUT: dict[str, str] = {
    "accounts.password_hash": "It is of no use but to whoever wants to guess the password.",
    "accounts.deleted_at": "Nobody asks for the data of an account that is deleted.",
    "staff.account_id": "It is the account itself, which stands once.",
    "staff_invitations.id": "It opens nothing any more.",
    "staff_invitations.email": "It is gone once accepted; until then nobody has proved whose it is.",
    "staff_invitations.staff_id": "The invitation stands with whom it made one of the staff.",
    "clients.erased_at": "A client of an account that is deleted is nobody's.",
    "enrolments.client_id": _WITH_ITS_CLIENT,
    "bookings.client_id": _WITH_ITS_CLIENT,
    "bookings.marked_by": "It is about somebody else: who of the staff marked it.",
    "make_up_credits.client_id": _WITH_ITS_CLIENT,
    "make_up_credits.missed_paid_with": "It stands with the missed booking.",
    "make_up_credits.expiry_written": "It is about the work of a job, and says nothing that `expiresAt` does not.",
    "waitlist_entries.client_id": _WITH_ITS_CLIENT,
    "events.id": "It tells no more than their order, in which they stand.",
    "events.client_id": _WITH_ITS_CLIENT,
    "events.actor_id": "It may be about somebody else: `by` tells whether it was the holder.",
}
"""By table and column: why it is not in the export. That all stands at one studio is told once: no `studio_id`."""

_MONEY = frozenset({"price", "worth"})
_IDS = {
    "course_id": Kind.COURSE,
    "session_id": Kind.SESSION,
    "missed_session_id": Kind.SESSION,
    "enrolment_id": Kind.ENROLMENT,
    "booking_id": Kind.BOOKING,
    "missed_booking_id": Kind.BOOKING,
    "credit_id": Kind.CREDIT,
}
_OWN_IDS = {
    "staff": Kind.STAFF,
    "clients": Kind.CLIENT,
    "enrolments": Kind.ENROLMENT,
    "bookings": Kind.BOOKING,
    "make_up_credits": Kind.CREDIT,
    "waitlist_entries": Kind.ENTRY,
}
_OF_CLIENT = {
    "enrolments": "enrolments",
    "bookings": "bookings",
    "make_up_credits": "makeUpCredits",
    "waitlist_entries": "waitlistEntries",
    "events": "history",
}
_OF_OTHERS = {EventKind.CLIENT_LINKED.value: {"before", "after"}}
"""By kind of event: what its data tells of other accounts."""
_INSTANTS = frozenset({"expiresAt", "heldUntil", "archivedAt"})


def export(account: Row, studios: Sequence[AtStudio], now: datetime) -> dict[str, Any]:
    """Instants are RFC 3339 in UTC, dates those of the studio, money an amount in minor units and its currency."""
    told = {to_camel_case(name): _value(value) for name, value in account.items() if _is_told("accounts", name)}
    return {
        "exportedAt": format_instant(now),
        "account": told | {"id": account_gid(account["id"])},
        "studios": [_At(held, account["id"]).told() for held in studios],
    }


@dataclass(frozen=True)
class _At:
    held: AtStudio
    account_id: UUID

    def told(self) -> dict[str, Any]:
        studio = self.held.studio
        return {
            "id": studio_gid(studio["id"]),
            **{name: studio[name] for name in ("slug", "name", "currency")},
            "timeZone": studio["time_zone"],
            "staff": [self._member(row) for row in self.held.rows["staff"]],
            "clients": [self._client(row) for row in self.held.rows["clients"]],
        }

    def _member(self, row: Row) -> dict[str, Any]:
        joined_with = (each for each in self.held.rows["staff_invitations"] if each["staff_id"] == row["id"])
        return {
            **self._row("staff", row),
            "invitations": [self._row("staff_invitations", each) for each in joined_with],
        }

    def _client(self, row: Row) -> dict[str, Any]:
        parts = {
            name: [self._part(table, each) for each in self.held.rows[table] if each["client_id"] == row["id"]]
            for table, name in _OF_CLIENT.items()
        }
        return {**self._row("clients", row), **parts}

    def _part(self, table: str, row: Row) -> dict[str, Any]:
        told = self._row(table, row)
        match table:
            case "bookings" | "waitlist_entries":
                return told | {"session": self._session(row["session_id"])}
            case "enrolments":
                return told | {"course": self._course(row["course_id"])}
            case "events":
                return told | {"data": self._data(row), "by": self._by(row["actor_id"])}
            case _:
                return told

    def _data(self, row: Row) -> dict[str, Any]:
        own = {key: each for key, each in row["data"].items() if key not in _OF_OTHERS.get(row["kind"], ())}
        return {key: self._in_words(key, each) for key, each in own.items()}

    def _in_words(self, key: str, value: Any) -> Any:
        """As the schema tells it: what is kept as text is an id or an instant by its name."""
        match value:
            case dict():
                return {each: self._in_words(each, inner) for each, inner in value.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] - JSON
            case str() if key == "entryId":
                return self._id(Kind.ENTRY, UUID(value))
            case str() if key in _INSTANTS:
                return format_instant(datetime.fromisoformat(value))
            case _:
                return value

    def _by(self, actor_id: UUID) -> str:
        return "YOU" if actor_id == self.account_id else "ANOTHER"

    def _session(self, key: UUID) -> dict[str, Any]:
        row = self.held.sessions[key]
        times = {to_camel_case(name): _value(row[name]) for name in ("starts_at", "ends_at", "status")}
        course = {"course": self._course(row["course_id"])} if row["course_id"] is not None else {}
        return {"name": row["name"], **times, **course}

    def _course(self, key: UUID) -> dict[str, Any]:
        return {"id": self._id(Kind.COURSE, key), "name": self.held.courses[key]["name"]}

    def _row(self, table: str, row: Row) -> dict[str, Any]:
        return {
            to_camel_case(name): self._cell(table, name, value) for name, value in row.items() if _is_told(table, name)
        }

    def _cell(self, table: str, name: str, value: Any) -> Any:
        kind = _OWN_IDS.get(table) if name == "id" else _IDS.get(name)
        if kind is not None:
            return None if value is None else self._id(kind, value)
        if name in _MONEY and value is not None:
            return {"amount": value, "currency": self.held.studio["currency"]}
        return _value(value)

    def _id(self, kind: Kind, key: UUID) -> str:
        return encode(kind, self.held.studio["id"], key)


def _is_told(table: str, name: str) -> bool:
    return name != "studio_id" and f"{table}.{name}" not in LEFT_OUT


def _value(value: Any) -> Any:
    match value:
        case datetime():
            return format_instant(value)
        case date():
            return value.isoformat()
        case Word():
            return value.value
        case tuple():
            return [_value(each) for each in value]  # pyright: ignore[reportUnknownVariableType] - of words
        case _:
            return value
