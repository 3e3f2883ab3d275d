"""Fixtures of the transport's tests."""

import pytest

from api.http import GraphQLEndpoint
from tests.api.support import endpoint


@pytest.fixture
def app() -> GraphQLEndpoint:
    return endpoint()
