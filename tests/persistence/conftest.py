import pytest

from persistence.database import Database
from tests.persistence.crowds import Crowd
from tests.world import World


@pytest.fixture
def crowd(world: World, database: Database) -> Crowd:
    return Crowd(world, database)
