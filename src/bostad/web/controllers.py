"""Every door of the house in one list: a new controller gets its line here."""

from bostad.web.accounts import MeController, UnitsController, UsersController
from bostad.web.areas import AreasController
from bostad.web.cases import CasesController
from bostad.web.consents import ConsentController, NewConsentController
from bostad.web.living import LivingController
from bostad.web.needs import NeedController
from bostad.web.people import PeopleController
from bostad.web.sign_in import SIGN_IN
from bostad.web.start import accessibility, front_door, live, ready

CONTROLLERS = (
    front_door,
    accessibility,
    live,
    ready,
    *SIGN_IN,
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
)
