"""The proofs' own way into the database: the same rows and the same roles, with fewer statements between."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from bostad.records import Sessions
from tests.keys import KEYRING
from tests.lightly import light


@pytest.fixture
def sessions(engine: Engine) -> Iterator[Sessions]:
    """Sessions inside one outer transaction, whose statements are planned once, as the web's are."""
    with engine.connect() as connection:
        outer = connection.begin()
        connection.execute(text("set local plan_cache_mode = force_generic_plan"))
        yield light(connection, {"keyring": KEYRING})
        outer.rollback()
