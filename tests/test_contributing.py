"""CONTRIBUTING.md is true: its paths exist, and acts pass the rooms that it names, in their order."""

import re
import sys
import tomllib
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from tests.world import World

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
NOW = "2026-11-22T17:00:00Z"

_HEADING, *_ROOMS = [
    [cell.strip() for cell in row.strip("|").split("|")]
    for row in re.findall(r"^\| (?:room|.*\.py: ).*\|$", PAGE, re.MULTILINE)
]
ACTS = [cell.strip("`") for cell in _HEADING[1:]]


async def book_with_make_up(world: World) -> Callable[[], Awaitable[Any]]:
    person, client = await world.person()
    target = await world.session(None, "2026-12-20T17:00:00Z")
    (credit,) = await world.granted(client)
    return lambda: person.do("bookWithMakeUp", NOW, sessionId=target, creditId=credit)


async def cancel_booking(world: World) -> Callable[[], Awaitable[Any]]:
    person, client = await world.person()
    booking = await world.booked(await world.session(await world.course(), "2026-12-13T17:00:00Z"), client)
    return lambda: person.do("cancelBooking", NOW, bookingId=booking)


async def swap_session(world: World) -> Callable[[], Awaitable[Any]]:
    person, client = await world.person()
    course, target = await world.course(), await world.session(None, "2026-12-20T17:00:00Z")
    booking = await world.booked(await world.session(course, "2026-12-13T17:00:00Z"), client)
    return lambda: person.do("swapSession", NOW, bookingId=booking, sessionId=target)


PREPARED = {"bookWithMakeUp": book_with_make_up, "cancelBooking": cancel_booking, "swapSession": swap_session}


def test_the_page_lists_every_folder_of_the_domain_from_the_top_as_the_contract_has_them() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (layers,) = [each["layers"] for each in project["tool"]["importlinter"]["contracts"] if "chapter" in each["name"]]
    listed = re.findall(r"^\| `domain/(\w+)` \|", PAGE, re.MULTILINE)
    assert [f"domain.{folder}" for folder in listed] == [layer for layer in layers if layer != "domain.ports"]
    assert set(listed) == {folder.parent.name for folder in (ROOT / "domain").glob("*/__init__.py")}


def test_the_page_tells_the_way_of_three_acts_in_six_rooms_or_fewer() -> None:
    assert set(ACTS) == set(PREPARED)
    assert 1 < len(_ROOMS) <= 6


@pytest.mark.parametrize("act", ACTS)
async def test_an_act_passes_the_rooms_in_their_order(world: World, act: str) -> None:
    perform = await PREPARED[act](world)
    entered: list[str] = []

    def notice(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(str(ROOT)):
            entered.append(f"{Path(code.co_filename).relative_to(ROOT)}: {code.co_qualname}")

    sys.setprofile(notice)
    try:
        await perform()
    finally:
        sys.setprofile(None)
    rooms = [row[ACTS.index(act) + 1].strip("`") for row in _ROOMS]
    assert sorted(set(rooms), key=entered.index) == rooms


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:api|schema|domain|persistence|tests)/[\w/.]*)", PAGE))))
def test_a_path_that_the_page_names_is_there(path: str) -> None:
    assert (ROOT / path).exists()
