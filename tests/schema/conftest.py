"""Fixtures of the GraphQL tests."""

from typing import Any, cast

import httpx
import pytest
from graphql import GraphQLSchema

from schema import build_schema
from tests.schema.stage import Stage, set_up
from tests.world import Api


@pytest.fixture(scope="session")
def schema() -> GraphQLSchema:
    """The schema as graphql-core knows it."""
    return cast(Any, build_schema())._schema


@pytest.fixture(scope="session")
async def stage(http: httpx.AsyncClient) -> Stage:
    """One studio for all tests that only look at it, or bring what they act on."""
    return await set_up(Api(http))


@pytest.fixture(scope="session")
async def gallery(http: httpx.AsyncClient) -> Stage:
    """Another, on which nobody acts."""
    return await set_up(Api(http))
