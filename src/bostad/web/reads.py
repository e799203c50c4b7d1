"""The table: which address shows what of a household's, in which words the log says so, and which show nothing of any.

The names of fields are those of the page's own data, so that what is served and what is written down are one list. An
address of the case zone that is forgotten here is written down all the same, as a whole page; a test finds it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from bostad.accounts.access import Actor, Role
from bostad.audit.pages import LogRow
from bostad.audit.purposes import Purpose
from bostad.audit.reading import Reading
from bostad.keeping.extract import CaseKeeping
from bostad.monitoring.pages import Overview
from bostad.needs.answers import FORMS, Stay
from bostad.needs.check_pages import CheckPage
from bostad.needs.consent_pages import ConsentPage, NewConsentPage
from bostad.needs.pages import CasePage, MyCase, SectionPage
from bostad.needs.people_pages import PeoplePage
from bostad.needs.surroundings import AvoidPage, StayPage
from bostad.oversight.pages import ToLookAt
from bostad.oversight.readers import ReaderRow, ReadersPage
from bostad.oversight.sample_pages import SamplePage, SampleRow
from bostad.oversight.shown import cases_led, cases_worked_with
from bostad.placements.apart import ApartPage
from bostad.placements.asking import QuestionPage
from bostad.placements.lists import Candidate, Line, to_answer
from bostad.placements.outcomes import Outcome
from bostad.placements.pages import CardLines, OwnSide, PlacementPage
from bostad.protection.deciding import Decided, Decision
from bostad.protection.disclosures import CaseDisclosures, Disclosure
from bostad.records import Sessions
from bostad.web.needs import PLACES

NAMES_NOBODY = frozenset({"id", "need_id", "case_id", "version", "values", "parts", "social", "card"})
"""What a page's data holds that is no fact of a household, or stands for the fields within it."""
CASE_ZONE = ("/cases/", "/consents/", "/placements/", "/readers/{", "/review/{")


@dataclass(frozen=True, slots=True)
class Shows:
    """What an address shows: the action's name, the fields, whose, and for a list which cases."""

    action: str
    fields: tuple[str, ...]
    subject: str | None = None
    """The name of the part of the address that holds the id."""
    part: str | None = None
    """The name of the part of the address that says which section of a need."""
    purpose: Purpose | None = None
    listed: Callable[[Sessions, Actor, datetime], Sequence[UUID]] | None = None


def of(*kinds: type[Any]) -> tuple[str, ...]:
    """Give the fields of a page's data."""
    names = dict.fromkeys(field.name for kind in kinds for field in fields(kind))
    return tuple(name for name in names if name not in NAMES_NOBODY)


def _of_case(action: str, *kinds: type[Any], part: str | None = None) -> Shows:
    return Shows(action, of(*kinds), subject="case_id", part=part)


def _of_consent(action: str) -> Shows:
    return Shows(action, of(ConsentPage), subject="consent_id")


_PROPOSAL = Shows("proposal.read", of(PlacementPage, OwnSide), subject="placement_id")
_CARD = Shows("card.read", of(PlacementPage, CardLines), subject="placement_id")
_OF_A_PLACEMENT = {Role.SOCIAL_WORKER: _PROPOSAL, Role.HOUSING_STAFF: _CARD}
_CASE = _of_case("case.read", CasePage)
_WHOLE_CASE = _of_case("case.read", CasePage, PlacementPage, OwnSide, Outcome, Line)
_NEED = _of_case("need.read", SectionPage, part="part")
_EVERY_ANSWER = tuple(dict.fromkeys(name for form in FORMS.values() for name in form.model_fields))
_CANDIDATES = _of_case("candidates.read", Candidate)
_AREAS = _of_case("areas.read", AvoidPage)
_LIVING = Shows("living.read", (*of(StayPage), *Stay.model_fields), subject="case_id")
_PEOPLE = _of_case("people.read", PeoplePage)
_MY_CASES = Shows(
    "cases.listed",
    of(MyCase),
    purpose=Purpose.CASE_WORK,
    listed=lambda sessions, by, at: cases_worked_with(sessions, by=by, on=at.date()),
)

SHOWING: Mapping[str, Shows | Mapping[Role, Shows]] = {
    "/cases": _MY_CASES,
    "/cases/find": _MY_CASES,
    "/cases/{case_id}": _WHOLE_CASE,
    "/cases/{case_id}/pause": _CASE,
    "/cases/{case_id}/close": _CASE,
    "/cases/{case_id}/opened": _CASE,
    "/cases/{case_id}/check": Shows("need.read", (*of(CheckPage), *_EVERY_ANSWER), subject="case_id"),
    "/cases/{case_id}/answers/{part}": _NEED,
    "/cases/{case_id}/answers/living": _LIVING,
    "/cases/{case_id}/answers/living/move": _LIVING,
    "/cases/{case_id}/answers/areas": _AREAS,
    "/cases/{case_id}/answers/areas/named": _AREAS,
    "/cases/{case_id}/answers/areas/circle": _AREAS,
    "/cases/{case_id}/answers/areas/companies": _AREAS,
    "/cases/{case_id}/answers/areas/people": _AREAS,
    "/cases/{case_id}/disclosures": _of_case("disclosures.read", CaseDisclosures, Disclosure),
    "/cases/{case_id}/without-consent": _of_case("consent.read", NewConsentPage),
    "/cases/{case_id}/protection": _PEOPLE,
    "/cases/{case_id}/hand-over": _PEOPLE,
    "/cases/{case_id}/deputies": _PEOPLE,
    "/cases/{case_id}/consents/new": _of_case("consent.read", NewConsentPage),
    "/cases/{case_id}/keeping": _of_case("case.read", CaseKeeping),
    "/cases/{case_id}/what-if": _of_case("what_if.read", QuestionPage),
    "/cases/{case_id}/homes/{home_id}/what-if": _of_case("what_if.read", QuestionPage),
    "/consents/{consent_id}": _of_consent("consent.read"),
    "/consents/{consent_id}/renew": _of_consent("consent.read"),
    "/consents/{consent_id}/withdraw": _of_consent("consent.read"),
    "/consents/{consent_id}/print/{language}": _of_consent("consent.printed"),
    "/cases/{case_id}/apart": _of_case("apart.read", ApartPage),
    "/cases/{case_id}/homes": _CANDIDATES,
    "/cases/{case_id}/homes/{home_id}": _CANDIDATES,
    "/placements/{placement_id}": _OF_A_PLACEMENT,
    "/placements/{placement_id}/{move}": _OF_A_PLACEMENT,
    "/placements/{placement_id}/viewing": _OF_A_PLACEMENT,
    "/to-answer": Shows(
        "to_answer.read",
        of(Line),
        purpose=Purpose.ANSWERING,
        listed=lambda sessions, by, at: [line.id for line in to_answer(sessions, by=by, at=at).lines],
    ),
    "/overview": Shows(
        "overview.read",
        of(Overview, ToLookAt),
        purpose=Purpose.LEADING,
        listed=lambda sessions, by, _: cases_led(sessions, by=by),
    ),
    "/decisions": {
        Role.SOCIAL_WORKER: Shows("decisions.read", of(Decision), purpose=Purpose.CASE_WORK),
        Role.UNIT_MANAGER: Shows("decisions.read", of(Decision, Decided), purpose=Purpose.LEADING),
    },
    "/disclosures": Shows("disclosures.read", of(Disclosure), purpose=Purpose.OVERSIGHT),
    "/review/{sample_id}": Shows("review.read", of(SamplePage, SampleRow), purpose=Purpose.REVIEW),
    "/readers/{case_id}": _of_case("readers.read", ReadersPage, ReaderRow),
    "/readers/{case_id}/extract": _of_case("readers.read", ReadersPage, ReaderRow),
    "/what-if/{question_id}": Shows("what_if.read", of(QuestionPage), subject="question_id"),
    "/log": Shows("log.read", of(LogRow), purpose=Purpose.OVERSIGHT),
    "/log/check": Shows("log.read", of(LogRow), purpose=Purpose.OVERSIGHT),
}
"""By the address's form."""

SHOWS_NOTHING = frozenset(
    {
        "/cases/emergency",  # an empty form, and a way on
        "/cases/new",  # an empty form
        "/cases/import",  # what the person sends along herself
        "/cases/{case_id}/matching",  # answers with a way on
        "/cases/{case_id}/resume",  # as above
        "/cases/{case_id}/deputies/{user_id}/remove",  # as above
        "/cases/{case_id}/answers/areas/{area_id}/remove",  # as above
        "/cases/{case_id}/apart/{pair_id}/remove",  # as above
        "/cases/{case_id}/answers/areas/people/{exclusion_id}/lift",  # as above
        "/cases/{case_id}/protection/lift",  # as above
        "/placements/{placement_id}/acknowledge",  # as above
        "/review/{sample_id}/rest",  # as above
        "/review/rows/{row_id}",  # as above
        "/review/openings/{opening_id}",  # as above
        "/review/limits/{user_id}/lift",  # as above
        "/decisions/{kind}/{subject}",  # as above
        "/keeping/units/{unit_id}",  # as above
        "/keeping/deletions/{deletion_id}/{how}",  # a question that names no case
        "/keeping/decision",  # a board's decision for all its cases
        "/keeping",  # writes its own row, with the cases it listed
        "/cases/{case_id}/keeping/extract",  # writes its own row: an extract of the whole case
        "/cases/{case_id}/keeping/extract/file",  # as above
        "/readers",  # an empty form
        "/readers/find",  # a form, and a way on; the search writes its own row
        "/what-if",  # a form about homes
        "/cases/{case_id}/run",  # whether a run is on its way, and nothing else; it asks by itself
    }
)
"""Addresses of the case zone that show nothing of any household, each with its reason."""


def declares(template: str) -> bool:
    """Tell whether an address shows something that is to be written down."""
    return template in SHOWING or (template.startswith(CASE_ZONE) and template not in SHOWS_NOTHING)


def reading_of(
    template: str, named: Mapping[str, object], sessions: Sessions, *, by: Actor, at: datetime
) -> Reading | None:
    """Give what was read at an address; None where it shows this role nothing."""
    found = SHOWING.get(template) or _whole_page(template, named)
    shows = found.get(by.role) if isinstance(found, Mapping) else found
    if shows is None:
        return None
    subject = named.get(shows.subject) if shows.subject else None
    return Reading(
        action=shows.action,
        fields=(*shows.fields, *_of_part(named.get(shows.part))) if shows.part else shows.fields,
        subject=subject if isinstance(subject, UUID) else None,
        purpose=shows.purpose,
        listed=shows.listed(sessions, by, at) if shows.listed else None,
    )


def _whole_page(template: str, named: Mapping[str, object]) -> Shows:
    """Write down a page that nobody has described, by its address's form."""
    return Shows("page.read", (template,), subject=next((one for one in named if one.endswith("_id")), None))


def _of_part(part: object) -> Iterable[str]:
    """Give the fields of one section of a need, by its place in the address."""
    return next((tuple(FORMS[section].model_fields) for section in FORMS if PLACES[section] == part), ())
