"""Who the demo's story is about: organisations, users with their pass-phrase, and the registers that are imported."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlmodel import select

from bostad.accounts import pages, service, signing_in
from bostad.accounts.access import Actor, OrganisationKind, Role
from bostad.accounts.answers import ChoosePassword, NewOrganisation, NewUser
from bostad.accounts.passwords import Passwords
from bostad.accounts.proving import sealed_as
from bostad.accounts.sealing import seal
from bostad.accounts.sessions import actor_of
from bostad.accounts.tables import Authenticator, Organisation, User
from bostad.accounts.tokens import CODE_BYTES, written_code
from bostad.cli.demo_code import EVERYBODYS_APP
from bostad.cli.demo_example import Example, Row
from bostad.homes.schools import ListedSchool, import_schools
from bostad.needs.stays import PlaceKind
from bostad.needs.tables import Place, ShelterPlace
from bostad.records import Sessions


@dataclass(frozen=True)
class Cast:
    """Everybody and everything there is so far, by the names that the files have for them."""

    sessions: Sessions
    organisations: dict[str, UUID] = field(default_factory=dict)
    people: dict[str, Actor] = field(default_factory=dict)
    lines: dict[str, UUID] = field(default_factory=dict)
    cases: dict[str, UUID] = field(default_factory=dict)
    homes: dict[str, UUID] = field(default_factory=dict)

    @property
    def board_id(self) -> UUID:
        """Give the one social board."""
        return self.first(Role.UNIT_MANAGER).organisation_id

    def first(self, role: Role, organisation: str | None = None) -> Actor:
        """Give the first person who has a role, in an organisation if one is named."""
        places = {self.organisations[organisation]} if organisation else set(self.organisations.values())
        return next(one for one in self.people.values() if one.role is role and one.organisation_id in places)


def set_up(
    sessions: Sessions, example: Example, *, words: str, passwords: Passwords, secret: str, at: datetime
) -> Cast:
    """Let everybody in and take in the registers."""
    cast = Cast(sessions)
    for row in example.table("organisations"):
        new = NewOrganisation(
            code=row["organisation"],
            name=row["name"],
            kind=OrganisationKind(row["kind"]),
            municipality=row["municipality"],
            private_landlord=row["publicly_owned"] == "no",
            units=[row["unit"]],
        )
        cast.organisations[row["organisation"]] = service.add_organisation(sessions, new, by=None, at=at)
    for row in example.table("users"):
        _let_in(cast, row, words=words, passwords=passwords, secret=secret, at=at)
    _take_in_places(cast, example)
    _take_in_schools(cast, example, at=at)
    return cast


def _let_in(cast: Cast, row: Row, *, words: str, passwords: Passwords, secret: str, at: datetime) -> None:
    """Invite a user, spend her code at once on the pass-phrase that the demo prints, and give her everybody's app."""
    sessions, organisation_id = cast.sessions, cast.organisations[row["organisation"]]
    unit = pages.unit_named(sessions, organisation_id, row["unit"]) if row["unit"] else None
    new = NewUser(username=row["username"], name=row["title"], role=Role(row["role"]), unit=unit)
    code = written_code(secrets.token_bytes(CODE_BYTES))
    user_id = service.add_user(sessions, organisation_id, new, code=code, by=None, at=at)
    chosen = ChoosePassword(username=new.username, code=code, new_password=words)
    signing_in.choose_password(sessions, chosen, passwords, address=new.username, at=at)
    with sessions.begin() as db:
        sealed = seal(EVERYBODYS_APP, secret, sealed_as(user_id))
        db.add(Authenticator(user_id=user_id, sealed=sealed, added_at=at))
        db.get_one(User, user_id).entered_at = at
    with sessions() as db:
        found = select(User, Organisation).join(Organisation).where(User.id == user_id)
        cast.people[new.username] = actor_of(*db.exec(found).one())


def _take_in_places(cast: Cast, example: Example) -> None:
    """Add what a circle can be drawn around, and the shelter's places."""
    with cast.sessions.begin() as db:
        for row in example.table("places"):
            lat, lon = float(row["lat"]), float(row["lon"])
            db.add(Place(municipality=row["municipality"], name=row["place"], lat=lat, lon=lon))
        for row in example.table("shelter"):
            db.add(ShelterPlace(board_id=cast.board_id, kind=PlaceKind(row["place_kind"]), code=row["place"]))


def _take_in_schools(cast: Cast, example: Example, *, at: datetime) -> None:
    schools = [
        ListedSchool(
            code=row["school_unit_code"],
            municipality=row["municipality"],
            name=row["name"],
            active=row["status"] == "AKTIV",
            lat=float(row["lat"]),
            lon=float(row["lon"]),
        )
        for row in example.table("schools")
    ]
    import_schools(cast.sessions, schools, by=cast.first(Role.ADMINISTRATOR), at=at)
