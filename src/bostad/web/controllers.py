"""Every door of the house in one list: a new controller gets its line here."""

from bostad.web.accounts import MeController, UnitsController, UsersController
from bostad.web.areas import AreasController
from bostad.web.case_imports import CaseImportController, PlaceImportController
from bostad.web.cases import CasesController
from bostad.web.consents import ConsentController, NewConsentController
from bostad.web.living import LivingController
from bostad.web.needs import NeedController
from bostad.web.people import PeopleController
from bostad.web.placements import ByHandController, PlacementController, waiting_for_the_company
from bostad.web.sign_in import SignInController
from bostad.web.start import accessibility, front_door, how_matching_works, live, ready

CONTROLLERS = (
    front_door,
    accessibility,
    how_matching_works,
    live,
    ready,
    SignInController,
    MeController,
    UnitsController,
    UsersController,
    CasesController,
    NeedController,
    LivingController,
    AreasController,
    NewConsentController,
    ConsentController,
    PeopleController,
    CaseImportController,
    PlaceImportController,
    PlacementController,
    ByHandController,
    waiting_for_the_company,
)
