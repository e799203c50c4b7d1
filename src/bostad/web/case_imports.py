"""Taking in files: the unit's spreadsheet as cases of one's own, and the places that circles are drawn around."""

from typing import Any

from litestar import Controller, get, post
from litestar.datastructures import UploadFile
from litestar.response import Template

from bostad.accounts.access import Role
from bostad.adapters import need_sheets, place_lists
from bostad.errors import Fault
from bostad.needs import importing, places
from bostad.needs.case_answers import Upload
from bostad.taking_in import Report
from bostad.web.auth import only, stepped_up
from bostad.web.doors import DB, LARGEST_FILE, At, SentWithFile
from bostad.web.forms import Form
from bostad.web.rendering import WebRequest, page
from bostad.words import say

Faults = tuple[Fault, ...]


@get("/imports", guards=[only(Role.ADMINISTRATOR)], sync_to_thread=False)
def imports(request: WebRequest) -> Template:
    """Show what an administrator can take in."""
    return page(request, "needs/imports.html")


class CaseImportController(Controller):
    """The spreadsheet that the unit keeps today."""

    path = "/cases/import"
    guards = [only(Role.SOCIAL_WORKER), stepped_up]

    @get("/", sync_to_thread=False)
    def ask(self, request: WebRequest) -> Template:
        """Ask for the file."""
        return page(request, "needs/import.html", form=Form(Upload), report=None, faults=())

    @post("/", status_code=200, sync_to_thread=True, request_max_body_size=LARGEST_FILE)
    def take(self, request: WebRequest, sessions: DB, at: At, data: SentWithFile) -> Template:
        """Take it in, or say what is wrong with every row."""
        form, me = _read(data), request.user

        def act(upload: Upload) -> tuple[importing.CasesReport, Faults]:
            found = need_sheets.read_cases(upload.file, on=at.date())
            report = importing.import_cases(
                sessions, found.listed, found.faults, keep_good=upload.keep_good, by=me, at=at
            )
            return report, need_sheets.in_columns(report, found.headers)

        report, faults = form.submit(act) or (None, ())
        status = 422 if faults else form.status
        return page(request, "needs/import.html", status=status, form=form, report=report, faults=faults)


class PlaceImportController(Controller):
    """The places of the municipalities."""

    path = "/imports/places"
    guards = [only(Role.ADMINISTRATOR, Role.UNIT_MANAGER), stepped_up]

    @get("/", sync_to_thread=False)
    def ask(self, request: WebRequest) -> Template:
        """Ask for the file."""
        return page(request, "needs/places.html", form=Form(Upload), report=None)

    @post("/", status_code=200, sync_to_thread=True, request_max_body_size=LARGEST_FILE)
    def take(self, request: WebRequest, sessions: DB, at: At, data: SentWithFile) -> Template:
        """Take it in, or say what is wrong with every row."""
        form, me = _read(data), request.user

        def act(upload: Upload) -> Report:
            found = place_lists.read_places(upload.file)
            return places.import_places(sessions, found.listed, found.faults, keep_good=upload.keep_good, by=me, at=at)

        report = form.submit(act)
        status = 422 if report and report.faults else form.status
        return page(request, "needs/places.html", status=status, form=form, report=report)


def _read(data: SentWithFile) -> Form[Upload]:
    """Read the form; no file chosen is said as at the other imports."""
    file = data.get("file")
    content = file.file.read() if isinstance(file, UploadFile) else b""
    answers: dict[str, Any] = {"keep_good": data.get("keep_good", "")}
    form = Form.read(Upload, answers | ({"file": content} if content else {}))
    if not content:
        form.errors["file"] = say("Choose a file.")
    return form
