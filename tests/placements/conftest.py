"""The worlds that placement tests stand on."""

import pytest

from bostad.records import Sessions
from tests.worlds import World, make_world


@pytest.fixture
def world(sessions: Sessions) -> World:
    return make_world(sessions)


@pytest.fixture
def real_world(real_sessions: Sessions) -> World:
    return make_world(real_sessions)
