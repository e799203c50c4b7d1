"""Every door of the application, from its own table of routes, and the addresses that lead to it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from bostad.accounts.access import Role
from bostad.agreements.states import AgreementMove
from bostad.needs.answers import FORMS
from bostad.placements.lifecycle import Move
from bostad.web.auth import RoleGuard
from bostad.web.needs import PLACES

LEAVING = frozenset({"/sign-out", "/me/sign-out-everywhere"})
"""Doors that end the session of whoever tries them."""
NOWHERE = "nothing"
WORDS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("/placements", "move"): (*(move.value for move in Move), NOWHERE),
    ("/agreements", "move"): (*(move.value for move in AgreementMove), NOWHERE),
    ("/cases", "part"): (*(PLACES[section] for section in FORMS), NOWHERE),
    ("/users", "act"): ("disable", "enable", "reset", "end-sessions", NOWHERE),
    ("/consents", "language"): ("sv", "en"),
    ("/decisions", "kind"): ("disclosure", "exclusion", "protection", NOWHERE),
    ("/keeping", "how"): ("approve", "refuse", NOWHERE),
    ("/joint-matching", "to"): ("on", "off", NOWHERE),
}
"""What may stand in an address in place of a word; a place that is not named here gets `nothing`."""
_PLACE = re.compile(r"\{([a-z_]+):([a-z]+)\}")


@dataclass(frozen=True, slots=True)
class Door:
    """A method and an address with places in it."""

    method: str
    path: str
    roles: frozenset[Role] | None = field(default=None, compare=False)
    """Whom its guards let through; None is everybody. For choosing what to ask, never for judging an answer."""

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def places(self) -> tuple[tuple[str, str], ...]:
        """Give the places of the address, as (name, kind)."""
        return tuple(_PLACE.findall(self.path))

    @property
    def ids(self) -> tuple[str, ...]:
        """Name what the address must name: home_id gives home."""
        return tuple(name.removesuffix("_id") for name, kind in self.places if kind == "uuid")

    @property
    def words(self) -> tuple[str, ...]:
        """Name the places that a word stands in."""
        return tuple(name for name, kind in self.places if kind != "uuid")

    def addresses(self, ids: Mapping[str, Iterable[object]]) -> Iterator[str]:
        """Fill every place with everything that may stand there."""
        choices = [self._choices(name, kind, ids) for name, kind in self.places]
        for chosen in product(*choices):
            filled = self.path
            for (name, kind), value in zip(self.places, chosen, strict=True):
                filled = filled.replace(f"{{{name}:{kind}}}", value)
            yield filled

    def _choices(self, name: str, kind: str, ids: Mapping[str, Iterable[object]]) -> list[str]:
        if kind == "uuid":
            return [str(one) for one in ids.get(name.removesuffix("_id"), ids["absent"])]
        return list(WORDS.get((f"/{self.path.split('/')[1]}", name), (NOWHERE,)))


def doors(app: Litestar) -> tuple[Door, ...]:
    """List every door, static files and Litestar's own OPTIONS apart."""
    found = {
        Door(str(method), route.path, _roles(handler))
        for route in app.routes
        for handler in getattr(route, "route_handlers", [])
        for method in handler.http_methods - {"OPTIONS"}
        if not route.path.startswith("/static")
    }
    return tuple(sorted(found, key=lambda door: (door.path, door.method)))


def _roles(handler: HTTPRouteHandler) -> frozenset[Role] | None:
    guards = [guard.roles for guard in handler.resolve_guards() if isinstance(guard, RoleGuard)]
    return frozenset.intersection(*guards) if guards else None
