"""Every door of the house in one list: a new controller gets its line here."""

from bostad.web.accounts import UnitsController, UsersController
from bostad.web.agreements import AgreementsController
from bostad.web.agreements_lines import LineController, LinesController
from bostad.web.apart import ApartController
from bostad.web.areas import AreasController
from bostad.web.case_imports import CaseImportController, PlaceImportController, imports
from bostad.web.cases import CasesController
from bostad.web.consents import ConsentController, NewConsentController
from bostad.web.contact import ContactController
from bostad.web.counties import CountyController
from bostad.web.decisions import DecisionsController, board_disclosures
from bostad.web.emergency import EmergencyController
from bostad.web.extracts import CaseKeepingController
from bostad.web.homes import HomesController
from bostad.web.homes_import import HomesImportController
from bostad.web.homes_schools import SchoolsController
from bostad.web.joint import JointController
from bostad.web.keeping import KeepingController, KeepingDecisionController
from bostad.web.living import LivingController
from bostad.web.log import LogController
from bostad.web.me import MeController
from bostad.web.needs import NeedController
from bostad.web.overview import overview
from bostad.web.people import PeopleController
from bostad.web.placements import ByHandController, PlacementController, waiting_for_the_company
from bostad.web.policy_reports import hear_report
from bostad.web.protection import NecessityController, ProtectionController, case_disclosures
from bostad.web.readers import ReadersController
from bostad.web.reports import empty_homes, households
from bostad.web.review import ReviewController
from bostad.web.runs import run_news
from bostad.web.second_step import NewsController, SecondStepController
from bostad.web.sign_in import SignInController
from bostad.web.start import accessibility, front_door, how_matching_works, live, ready
from bostad.web.start_overs import StartOversController
from bostad.web.what_if import MoreHomesController, OtherAnswerController

CONTROLLERS = (
    front_door,
    accessibility,
    how_matching_works,
    live,
    ready,
    hear_report,
    SignInController,
    SecondStepController,
    NewsController,
    MeController,
    StartOversController,
    UnitsController,
    UsersController,
    ContactController,
    CasesController,
    NeedController,
    LivingController,
    AreasController,
    NewConsentController,
    ConsentController,
    PeopleController,
    EmergencyController,
    ReviewController,
    ReadersController,
    NecessityController,
    ProtectionController,
    case_disclosures,
    DecisionsController,
    board_disclosures,
    CountyController,
    CaseImportController,
    PlaceImportController,
    imports,
    PlacementController,
    ByHandController,
    ApartController,
    waiting_for_the_company,
    run_news,
    MoreHomesController,
    OtherAnswerController,
    empty_homes,
    households,
    HomesController,
    HomesImportController,
    SchoolsController,
    AgreementsController,
    LinesController,
    LineController,
    JointController,
    overview,
    KeepingController,
    KeepingDecisionController,
    CaseKeepingController,
    LogController,
)
