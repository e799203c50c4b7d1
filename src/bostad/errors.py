"""Errors that a person can cause: a status, and a sentence fit to show."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from bostad.words import Sentence, say

_PROBLEMS = say("There is a problem with %(count)s of the answers.")


class BostadError(Exception):
    """What went wrong, in words for the person who can mend it."""

    status: ClassVar[int] = 400

    def __init__(self, msgid: str, **facts: object) -> None:
        """Keep the sentence; it is translated when it is shown."""
        self.sentence: Sentence = say(msgid, **facts)
        super().__init__(str(self.sentence))


class Missing(BostadError):
    """There is nothing here that this person may know about: absent and not yours look alike (S06)."""

    status = 404


class NotAllowed(BostadError):
    """The thing is known to this person, but this act is somebody else's."""

    status = 403


class NotSignedIn(BostadError):
    """The page is for people who have signed in; whoever asks is shown where."""

    status = 401


class ProofWanted(BostadError):
    """The second factor has to be proved, for the first time in this session or anew, before this can be done."""

    status = 401


class OutOfStep(BostadError):
    """Somebody or something was faster: what was asked for no longer applies (U28, F05)."""

    status = 409


class TooMany(BostadError):
    """Too many attempts in a short time; waiting helps."""

    status = 429


class Invalid(BostadError):
    """The answers in a form that need mending, by the name of the field."""

    status = 422

    def __init__(self, fields: Mapping[str, Sentence]) -> None:
        """Keep each field's own sentence beside the general one."""
        super().__init__(_PROBLEMS.msgid, count=len(fields))
        self.fields: dict[str, Sentence] = dict(fields)


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell of an imported file that needs mending: where it stands, why, and what was probably meant (U42)."""

    line: int
    column: str
    reason: Sentence
    suggestion: str = ""
