"""People who have just begun: a board and a company of their own, and nothing in them yet."""

from bostad.accounts.access import Role
from bostad.accounts.tables import User
from bostad.records import Sessions
from tests.browser.town import ADMIN, MANAGER, OFFICER, STAFF, WORKER
from tests.factories import BoardFactory, CompanyFactory, UnitFactory, UserFactory, writing_with


def newcomers(sessions: Sessions) -> dict[str, User]:
    """Let one person of each role in."""
    with sessions() as db, writing_with(db):
        board, company = BoardFactory(), CompanyFactory()
        unit = UnitFactory(board=board)
        return {
            WORKER: UserFactory(organisation=board, unit=unit),
            MANAGER: UserFactory(organisation=board, unit=unit, role=Role.UNIT_MANAGER),
            STAFF: UserFactory(organisation=company, role=Role.HOUSING_STAFF),
            ADMIN: UserFactory(organisation=board, role=Role.ADMINISTRATOR),
            OFFICER: UserFactory(organisation=board, role=Role.DATA_PROTECTION_OFFICER),
        }
