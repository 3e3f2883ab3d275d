"""Connections: lists in pages, forwards and backwards, after the Relay specification."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

import strawberry

from domain.faults import BadUserInput
from persistence.pages import Listing, Window
from schema import cursors
from schema.context import Info

DEFAULT_PAGE = 20
LARGEST_PAGE = 100

N = TypeVar("N")
Row = TypeVar("Row")


@strawberry.type(description="Where a page lies in its list.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether anything comes after this page.")
    has_previous_page: bool = strawberry.field(description="Whether anything comes before this page.")
    start_cursor: str | None = strawberry.field(description="The cursor of the first edge; null on an empty page.")
    end_cursor: str | None = strawberry.field(description="The cursor of the last edge; null on an empty page.")


@strawberry.type(description="One thing in a list, and its place there.")
class Edge(Generic[N]):
    cursor: str = strawberry.field(description="Its place: pass it as `after` or `before` of the same list.")
    node: N = strawberry.field(description="The thing itself.")


@strawberry.type(description="One page of a list.")
class Connection(Generic[N]):
    edges: list[Edge[N]] = strawberry.field(description="The things on this page, each with its cursor.")
    nodes: list[N] = strawberry.field(description="The things on this page, without their cursors.")
    page_info: PageInfo = strawberry.field(description="Where this page lies.")
    counted: strawberry.Private[Callable[[], Any]]

    @strawberry.field(description="How many things the whole list has. Counted only when asked for.")
    async def total_count(self) -> int:
        return await self.counted()


async def connection(
    info: Info,
    listing: Listing[Row],
    name: str,
    to_node: Callable[[Row], N],
    first: int | None,
    last: int | None,
    after: str | None,
    before: str | None,
) -> Connection[N]:
    """A page of a listing. `name` tells it, and its filter, from every other."""
    window = _window(listing, name, first, last, after, before)
    database = info.context.database
    async with database.reading() as reading:
        page = await listing.page(reading, window)

    async def count() -> int:
        async with database.reading() as reading:
            return await listing.count(reading)

    nodes = [to_node(row) for row in page.items]
    places = [cursors.encode(name, position) for position in page.positions]
    return Connection(
        edges=[Edge(cursor=place, node=node) for place, node in zip(places, nodes, strict=True)],
        nodes=nodes,
        page_info=PageInfo(
            has_next_page=page.has_next,
            has_previous_page=page.has_previous,
            start_cursor=places[0] if places else None,
            end_cursor=places[-1] if places else None,
        ),
        counted=count,
    )


def _window(
    listing: Listing[Any],
    name: str,
    first: int | None,
    last: int | None,
    after: str | None,
    before: str | None,
) -> Window:
    if first is not None and last is not None:
        raise BadUserInput("Ask for the `first` or for the `last`, not for both.", "last")
    path, count = ("last", last) if last is not None else ("first", DEFAULT_PAGE if first is None else first)
    if not 1 <= count <= LARGEST_PAGE:
        raise BadUserInput(f"`{path}` must be from 1 to {LARGEST_PAGE}.", path)
    like = tuple(_python_type(column) for column in listing.order)
    return Window(
        count=count,
        backwards=last is not None,
        after=None if after is None else cursors.decode(name, after, like, "after"),
        before=None if before is None else cursors.decode(name, before, like, "before"),
    )


def _python_type(column: Any) -> type:
    found = cast(type, column.type.python_type)
    return found if found in (str, UUID, datetime) else int
