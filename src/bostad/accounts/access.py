"""Roles, and the person who acts."""

from dataclasses import dataclass
from uuid import UUID

from bostad.words import Word, say


class Role(Word):
    """What a user may do; one role to a user."""

    SOCIAL_WORKER = "social_worker", say("Social worker")
    UNIT_MANAGER = "unit_manager", say("Unit manager")
    HOUSING_STAFF = "housing_staff", say("Housing staff")
    ADMINISTRATOR = "administrator", say("Administrator")
    DATA_PROTECTION_OFFICER = "data_protection_officer", say("Data-protection officer")


class OrganisationKind(Word):
    """The two sides of an agreement."""

    SOCIAL_BOARD = "social_board", say("Social board")
    HOUSING_COMPANY = "housing_company", say("Housing company")


SOCIAL_ROLES = frozenset({Role.SOCIAL_WORKER, Role.UNIT_MANAGER})
ROLES_OF = {
    OrganisationKind.SOCIAL_BOARD: frozenset(Role) - {Role.HOUSING_STAFF},
    OrganisationKind.HOUSING_COMPANY: frozenset({Role.HOUSING_STAFF, Role.ADMINISTRATOR}),
}


KEYED_ROLES = frozenset(Role) - {Role.HOUSING_STAFF}
"""Whom nothing but a passkey proves: who reads cases, or says who may. It answers on the right site alone (S18)."""


@dataclass(frozen=True, slots=True)
class Actor:
    """The signed-in person, as every service function knows her."""

    id: UUID
    name: str
    role: Role
    organisation_id: UUID
    organisation_name: str
    unit_id: UUID | None = None
    kind: OrganisationKind = OrganisationKind.SOCIAL_BOARD

    @property
    def on_social_side(self) -> bool:
        """Tell whether she works for the social board's own cases."""
        return self.role in SOCIAL_ROLES
