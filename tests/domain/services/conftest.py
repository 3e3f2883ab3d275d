import pytest

from tests.domain.studio import StudioInMemory


@pytest.fixture
def studio() -> StudioInMemory:
    return StudioInMemory()
