"""The school register, taken in by an administrator."""

from litestar import Controller, get, post
from litestar.response import Template

from bostad.accounts.access import Role
from bostad.adapters.school_register import SchoolList, read_schools
from bostad.answers import Answers
from bostad.errors import Invalid
from bostad.homes.schools import SchoolReport, import_schools
from bostad.web.auth import only, stepped_up
from bostad.web.doors import DB, LARGEST_FILE, At, SentWithFile
from bostad.web.forms import Form
from bostad.web.homes_import import sent_file
from bostad.web.rendering import WebRequest, page
from bostad.words import say


class RegisterFile(Answers):
    """A form that asks for a file and nothing else."""


class SchoolsController(Controller):
    """Distances to school are measured from this register; nothing is looked up outside."""

    path = "/imports/schools"
    guards = [only(Role.ADMINISTRATOR), stepped_up]

    @get("/", sync_to_thread=False)
    def ask(self, request: WebRequest) -> Template:
        """Ask for the file."""
        return _page(request, Form(RegisterFile))

    @post("/", status_code=200, sync_to_thread=True, request_max_body_size=LARGEST_FILE)
    def take_in(self, request: WebRequest, data: SentWithFile, sessions: DB, at: At) -> Template:
        """Take the register in when every row can be read."""
        content, form = sent_file(data), Form.read(RegisterFile, {})
        found = form.submit(lambda _: _read(content))
        if found is None or found.faults:
            return _page(request, form, found)
        report = import_schools(sessions, found.listed, by=request.user, at=at)
        return _page(request, form, found, report)


def _read(content: bytes) -> SchoolList:
    if not content:
        raise Invalid({"file": say("Choose a file.")})
    return read_schools(content)


def _page(
    request: WebRequest, form: Form[RegisterFile], found: SchoolList | None = None, report: SchoolReport | None = None
) -> Template:
    faults = found.faults if found else ()
    status = 422 if faults else form.status
    return page(request, "homes/schools.html", status=status, form=form, faults=faults, report=report)
