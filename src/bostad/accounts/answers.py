"""What is asked when people are let in, and when organisations and units are added."""

import re
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from bostad.accounts.access import OrganisationKind, Role
from bostad.answers import Answers, Line, asked, unfit

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,59}")


def folded(username: object) -> object:
    """Give a user name as it is kept: case and surrounding spaces do not matter (U19)."""
    return username.strip().lower() if isinstance(username, str) else username


def _looks_like_a_username(username: str) -> str:
    if not _USERNAME.fullmatch(username):
        raise unfit("Use letters a to z, digits, dots, hyphens and @: between 2 and 60 characters.")
    return username


Username = Annotated[Line, BeforeValidator(folded)]
NewUsername = Annotated[Username, AfterValidator(_looks_like_a_username)]
Password = Annotated[str, StringConstraints(strip_whitespace=False)]
"""A password is taken to the letter: spaces at its ends are part of it."""


class SignIn(Answers):
    """Who signs in."""

    username: Username = Field(title=asked("User name"))
    password: Password = Field(title=asked("Password"))


class ChoosePassword(Answers):
    """A one-time code, and the password that it buys."""

    username: Username = Field(
        title=asked("User name"), description=asked("It stands on the note that you were given with the code.")
    )
    code: str = Field(
        title=asked("One-time code"), description=asked("Spaces, hyphens and capital letters do not matter.")
    )
    new_password: Password = Field(
        title=asked("New password"),
        description=asked(
            "At least 12 characters, 15 or more is better. Let your password manager make one, or use words."
        ),
    )


class SecondStep(Answers):
    """The second factor, typed."""

    code: Line = Field(
        title=asked("Code"),
        description=asked("Six digits from your authenticator app. If you do not have it with you: a recovery code."),
        max_length=60,
    )


class NewAuthenticator(Answers):
    """A code that shows that an app has taken a new secret in."""

    code: Line = Field(
        title=asked("Code from the app"),
        description=asked("Six digits. The app shows new ones every half minute."),
        max_length=20,
    )


class NewPasskey(Answers):
    """What a passkey is called in one's own list."""

    name: Line = Field(
        default="", title=asked("Name of the passkey"), description=asked("For your own list."), max_length=60
    )


class ChangePassword(Answers):
    """A new password for somebody who knows the old one."""

    password: Password = Field(title=asked("Your password now"))
    new_password: Password = Field(
        title=asked("New password"),
        description=asked(
            "At least 12 characters, 15 or more is better. Let your password manager make one, or use words."
        ),
    )


class ChooseLanguage(Answers):
    """The language of the pages."""

    locale: Literal["sv", "en"] = Field(title=asked("Language"))


class NewUser(Answers):
    """Somebody to let in."""

    name: Line = Field(
        title=asked("Name"), description=asked("Colleagues see it beside what this person has done."), max_length=120
    )
    username: NewUsername = Field(
        title=asked("User name"), description=asked("This person signs in with it. It cannot be changed later.")
    )
    role: Role = Field(title=asked("Role"), description=asked("It decides which pages this person can see."))
    unit: UUID | None = Field(
        default=None,
        title=asked("Unit"),
        description=asked("The unit whose cases this person works with."),
    )


def _looks_like_a_code(code: str) -> str:
    if not re.fullmatch(r"[a-z0-9-]+", code):
        raise unfit("Use letters a to z, digits and hyphens.")
    return code


def _municipality(code: str) -> str:
    if not re.fullmatch(r"[0-9]{4}", code):
        raise unfit("Write the municipality's code, four digits.")
    return code


class NewOrganisation(Answers):
    """A social board or a housing company to add."""

    code: Annotated[Line, BeforeValidator(folded), AfterValidator(_looks_like_a_code)] = Field(
        title=asked("Code"), max_length=40
    )
    name: Line = Field(title=asked("Name"), max_length=120)
    kind: OrganisationKind = Field(title=asked("Kind"))
    municipality: Annotated[str, AfterValidator(_municipality)] = Field(title=asked("Municipality"))
    private_landlord: bool = False
    units: list[Line] = Field(default_factory=list, title=asked("Units"))


class NewUnit(Answers):
    """A unit to add."""

    name: Line = Field(title=asked("The unit's name"), max_length=120)
