"""Connections: lists in pages, forwards and backwards, after the Relay specification.

A resolver of a list answers which list it is, as `Listed`; the four page arguments and the page itself are added here.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.extensions import FieldExtension
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from domain.faults import BadUserInput
from persistence.reads.pages import Listing, Window
from schema import cursors
from schema.context import Info

DEFAULT_PAGE = 20
LARGEST_PAGE = 100

N = TypeVar("N")


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


@dataclass(frozen=True)
class Listed(Generic[N]):
    """A list to show pages of. `name` tells it, and its filter, from every other: cursors of one are no other's."""

    listing: Listing[Any]
    to_node: Callable[[Any], N]
    name: str


def paged(description: str, of: Any) -> Any:
    """A field that is a connection. `of` is the type of its nodes; its resolver answers a `Listed` of them."""
    return strawberry.field(description=description, graphql_type=Connection[of] | None, extensions=[_Paged()])


class _Paged(FieldExtension):
    def apply(self, field: StrawberryField) -> None:
        field.arguments = [*field.arguments, *_page_arguments()]

    async def resolve_async(
        self,
        next_: Callable[..., Awaitable[Listed[Any]]],
        source: Any,
        info: Info,
        *,
        first: int | None = None,
        last: int | None = None,
        after: str | None = None,
        before: str | None = None,
        **given: Any,
    ) -> Connection[Any]:
        listed = await next_(source, info, **given)
        return await _page(info, listed, _window(listed, first, last, after, before))


def _page_arguments() -> list[StrawberryArgument]:
    def argument(name: str, kind: type, description: str) -> StrawberryArgument:
        annotation = StrawberryAnnotation(kind | None)
        return StrawberryArgument(name, None, annotation, description=description, default=None)

    place = "cursor of the same list."
    return [
        argument("first", int, "How many things from the beginning, 1 to 100; 20 where neither is given."),
        argument("last", int, "How many things from the end, 1 to 100."),
        argument("after", str, f"Only what comes after this {place}"),
        argument("before", str, f"Only what comes before this {place}"),
    ]


async def _page(info: Info, listed: Listed[N], window: Window) -> Connection[N]:
    database, listing = info.context.database, listed.listing
    async with database.reading() as reading:
        page = await listing.page(reading, window)

    async def count() -> int:
        async with database.reading() as reading:
            return await listing.count(reading)

    nodes = [listed.to_node(row) for row in page.items]
    places = [cursors.encode(listed.name, position) for position in page.positions]
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


def _window(listed: Listed[Any], first: int | None, last: int | None, after: str | None, before: str | None) -> Window:
    if first is not None and last is not None:
        raise BadUserInput("Ask for the `first` or for the `last`, not for both.", "last")
    path, count = ("last", last) if last is not None else ("first", DEFAULT_PAGE if first is None else first)
    if not 1 <= count <= LARGEST_PAGE:
        raise BadUserInput(f"`{path}` must be from 1 to {LARGEST_PAGE}.", path)
    like = tuple(_python_type(column) for column in listed.listing.order)
    return Window(
        count=count,
        backwards=last is not None,
        after=None if after is None else cursors.decode(listed.name, after, like, "after"),
        before=None if before is None else cursors.decode(listed.name, before, like, "before"),
    )


def _python_type(column: Any) -> type:
    found = cast(type, column.type.python_type)
    return found if found in (str, UUID, datetime) else int
