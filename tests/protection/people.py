"""The second persons of a world: a colleague of the worker's, and the unit's manager."""

from bostad.accounts.access import Actor, Role
from tests import factories
from tests.factories import actor
from tests.worlds import World


def of_the_unit(world: World, role: Role = Role.SOCIAL_WORKER) -> Actor:
    """Let one more person work in the world's unit."""
    with world.writing():
        user = factories.UserFactory(organisation=world.board, unit=None, unit_id=world.unit_id, role=role)
    return actor(user, world.board)
