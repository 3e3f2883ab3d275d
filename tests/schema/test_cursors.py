"""Cursors: opaque, of one list and filter, and refused when anything else is passed for one."""

import base64
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.faults import BadUserInput
from schema.cursors import decode, encode

LISTING = "sessions of 7"
KEY = UUID("01936b2c-0000-7000-8000-000000000001")
AT = datetime(2026, 11, 22, 17, tzinfo=UTC)
LIKE = (datetime, UUID)
CURSOR = encode(LISTING, (AT, KEY))

FIRST, LAST = (datetime(year, 1, 1, tzinfo=UTC).replace(tzinfo=None) for year in (1960, 3010))
years = st.datetimes(FIRST, LAST, timezones=st.just(UTC))
names = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=200)
big_integers = st.integers(-(2**63) + 1, 2**63 - 1)


def payload(cursor: str = CURSOR) -> list[Any]:
    """What stands in a cursor, for bending it."""
    return orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))


def pack(value: object) -> str:
    return packed(orjson.dumps(value))


def packed(text: bytes) -> str:
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def refused(cursor: str, listing: str = LISTING, like: tuple[type, ...] = LIKE) -> str:
    """Why it is refused; it names the argument at fault."""
    with pytest.raises(BadUserInput) as raised:
        decode(listing, cursor, like, "after")
    assert raised.value.path == ("after",)
    return raised.value.message


@given(years, st.uuids())
def test_a_cursor_by_time_tells_the_place_it_was_made_for(at: datetime, key: UUID) -> None:
    assert decode(LISTING, encode(LISTING, (at, key)), (datetime, UUID)) == (at, key)


@given(names, st.uuids())
@example("\N{GRINNING FACE}" * 200, KEY)
@example("\x1b" * 200, KEY)
@example('"' * 200, KEY)
def test_a_cursor_by_name_tells_the_place_it_was_made_for(name: str, key: UUID) -> None:
    assert decode(LISTING, encode(LISTING, (name, key)), (str, UUID)) == (name, key)


@given(big_integers, st.uuids())
@example(2**62, KEY)
def test_a_cursor_by_number_tells_the_place_it_was_made_for(number: int, key: UUID) -> None:
    assert decode(LISTING, encode(LISTING, (number, key)), (int, UUID)) == (number, key)


def test_a_cursor_can_stand_in_an_address() -> None:
    assert set(CURSOR) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_a_cursor_of_another_list_or_filter_is_refused() -> None:
    assert "another list or filter" in refused(CURSOR, listing="sessions of 8")


def test_a_cursor_of_another_version_is_refused() -> None:
    version, *rest = payload()
    assert "another version" in refused(pack([version + 1, *rest]))


@pytest.mark.parametrize("length", range(len(CURSOR)))
def test_a_truncated_cursor_is_refused(length: int) -> None:
    assert refused(CURSOR[:length])


@pytest.mark.parametrize(
    "place",
    [
        pytest.param([], id="nothing"),
        pytest.param([0], id="too little"),
        pytest.param([0, KEY.hex, 0], id="too much"),
        pytest.param([True, KEY.hex], id="a truth for an instant"),
        pytest.param([0.5, KEY.hex], id="half a microsecond"),
        pytest.param(["0", KEY.hex], id="a text for an instant"),
        pytest.param([None, KEY.hex], id="null for an instant"),
        pytest.param([2**63 - 1, KEY.hex], id="an instant that no calendar has"),
        pytest.param([-(2**63), KEY.hex], id="an instant before any calendar"),
        pytest.param([0, 7], id="a number for an id"),
        pytest.param([0, "7"], id="a short id"),
        pytest.param([0, None], id="null for an id"),
        pytest.param([0, [KEY.hex]], id="a list for an id"),
    ],
)
def test_a_place_of_another_shape_is_refused(place: list[Any]) -> None:
    assert refused(pack([*payload()[:2], *place]))


@pytest.mark.parametrize("number", ["9" * 30, "9" * 500, "-" + "9" * 30, "1e400", "-0", "9223372036854775808"])
def test_a_number_that_no_cursor_has_is_refused(number: str) -> None:
    version, mark, *_ = payload()
    text = f'[{version},"{mark}",{number},"{KEY.hex}"]'.encode()
    for like in ((int, UUID), (str, UUID), LIKE):
        assert refused(packed(text), like=like)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f'[true,"MARK",0,"{KEY.hex}"]', id="true for version 1"),
        pytest.param(f'[1, "MARK", 0, "{KEY.hex}"]', id="spaces"),
        pytest.param(f'[1,"MARK",0,"{KEY}"]', id="hyphens in the id"),
        pytest.param(f'[1,"MARK",0,"{KEY.hex.upper()}"]', id="an id in upper case"),
        pytest.param(f'[1,"MARK",0,"{KEY.urn}"]', id="an id as an address"),
    ],
)
def test_another_spelling_of_a_cursor_is_refused(text: str) -> None:
    assert refused(packed(text.replace("MARK", payload()[1]).encode())) == "This is not a cursor."


def test_a_nul_in_a_name_is_refused_for_no_database_can_compare_it() -> None:
    version, mark, *_ = payload()
    assert refused(pack([version, mark, "a\0b", KEY.hex]), like=(str, UUID))


@pytest.mark.parametrize(
    "cursor",
    [
        pytest.param("", id="nothing"),
        pytest.param("=", id="padding"),
        pytest.param("1", id="one letter"),
        pytest.param("null", id="null"),
        pytest.param("offset:20", id="an offset"),
        pytest.param(f"{CURSOR}=", id="padded"),
        pytest.param(f"{CURSOR}\n", id="with a line end"),
        pytest.param(f" {CURSOR}", id="with a space"),
        pytest.param(CURSOR + "é", id="with an accent"),
        pytest.param(CURSOR + "\0", id="with a NUL"),
        pytest.param(CURSOR * 100, id="a hundred of them"),
        pytest.param("A" * 1_000_000, id="a million letters"),
        pytest.param(packed(b"\xff\xfe"), id="bytes that are no text"),
        pytest.param(packed(b"[" * 700), id="deeply nested"),
        pytest.param(pack({}), id="an object"),
        pytest.param(pack("ab"), id="a text"),
        pytest.param(pack(None), id="a null"),
        pytest.param(pack(1), id="a number"),
        pytest.param(pack([]), id="an empty list"),
        pytest.param(pack([1]), id="only a version"),
        pytest.param(pack([None, None, 0, KEY.hex]), id="no version"),
        pytest.param(pack([1, None, 0, KEY.hex]), id="no list"),
        pytest.param(pack([1, ["x"], 0, KEY.hex]), id="a list for the list"),
    ],
)
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    assert refused(cursor)


@given(st.one_of(st.text(max_size=80), st.binary(max_size=80).map(packed)))
def test_whatever_is_passed_for_a_cursor_is_refused_and_never_a_crash(cursor: str) -> None:
    assert refused(cursor)
