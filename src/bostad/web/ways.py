"""Which way into the database a request takes: by the side of the person who asks, known there by her session."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import Request

from bostad.accounts.access import OrganisationKind
from bostad.adapters.database import Databases, known_as
from bostad.errors import NotAllowed, NotSignedIn
from bostad.records import Sessions, clock
from bostad.web.auth import holder

UNCHANGING = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Ways:
    """The choices, as dependencies of handlers: `sessions`, `door` and `reports`; and `at`, by the database's clock."""

    databases: Databases

    def of_her_side(self, request: Request[Any, Any, Any]) -> Sessions:
        """Give the way of the person's own side. The housing role has no grant on the case zone (S02)."""
        if request.user is None:
            raise NotSignedIn("Sign in to see this page.")
        company = request.user.kind is OrganisationKind.HOUSING_COMPANY
        return _known(self.databases.housing if company else self.databases.social, request)

    def at_the_door(self, request: Request[Any, Any, Any]) -> Sessions:
        """Give the way to accounts and sessions; who is signed in reaches her own organisation there and no other.

        The ways in are for everybody and know nobody, since whoever is signed in may sign in there as somebody else.
        """
        known = request.auth is not None and not request.route_handler.opt.get("public")
        return known_as(self.databases.door, request.auth.token_hash) if known else self.databases.door

    def to_reports(self, request: Request[Any, Any, Any]) -> Sessions:
        """Give the way that reads figures and changes nothing."""
        if request.user is None:
            raise NotSignedIn("Sign in to see this page.")
        return _known(self.databases.report, request)

    def moment(self, request: Request[Any, Any, Any]) -> datetime:
        """Give the moment that an answer is of: a page's is when its session was looked up.

        A change's is read when all of it has arrived: whoever sends it slowly is not earlier for that.
        """
        known = holder(request)
        return known[1].at if known and request.method in UNCHANGING else clock(self.databases.door)


def _known(way: Sessions | None, request: Request[Any, Any, Any]) -> Sessions:
    if way is None:
        raise NotAllowed("Your pages are at another address. Ask whoever gave you this one.")
    return known_as(way, request.auth.token_hash)
