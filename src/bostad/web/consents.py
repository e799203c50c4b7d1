"""Consent: talked over, printed, recorded, renewed, and taken back at once."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Template

from bostad.accounts.access import Role
from bostad.needs import consent_pages, sharing
from bostad.needs.case_answers import ConsentTerms, NewConsent
from bostad.needs.consent import FieldGroup, GivenHow, Language
from bostad.needs.consent_text import consent_text, languages
from bostad.placements import endings
from bostad.records import Sessions
from bostad.web.auth import only, stepped_up
from bostad.web.doors import DB, At, Sent
from bostad.web.forms import Form
from bostad.web.needs import pairs
from bostad.web.rendering import WebRequest, go_to, page
from bostad.web.speech import day_in
from bostad.words import say


class NewConsentController(Controller):
    """Asking for consent in a case."""

    path = "/cases/{case_id:uuid}/consents"
    guards = [only(Role.SOCIAL_WORKER), stepped_up]

    @get("/new", sync_to_thread=True)
    def ask(self, request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At) -> Template:
        """Show the form, with what each tick would let a company see."""
        form = Form(NewConsent, {"given_on": at.date(), "language": Language.SWEDISH})
        return _ask(request, sessions, at, case_id, form)

    @post("/new", status_code=200, sync_to_thread=True)
    def give(
        self, request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At, data: Sent
    ) -> Template | Response[Any]:
        """Record the consent; or, by the other button, only print the text to talk over and sign."""
        form, me = Form.read(NewConsent, data), request.user
        if "print" in data and form.answers:
            return _text(request, sessions, at, case_id, form.answers)
        consent_id = form.submit(lambda given: sharing.give_consent(sessions, case_id, given, by=me, at=at))
        return go_to(request, f"/consents/{consent_id}") if consent_id else _ask(request, sessions, at, case_id, form)


class ConsentController(Controller):
    """One consent."""

    path = "/consents/{consent_id:uuid}"
    guards = [only(Role.SOCIAL_WORKER)]

    @get("/", sync_to_thread=True)
    def show(self, request: WebRequest, consent_id: FromPath[UUID], sessions: DB, at: At) -> Template:
        """Show it, and exactly what the company sees under it."""
        found = consent_pages.consent_page(sessions, consent_id, by=request.user, on=at.date())
        return page(request, "needs/consent.html", found=found, languages=languages())

    @get("/print/{language:str}", guards=[stepped_up], sync_to_thread=True)
    def print_one(
        self, request: WebRequest, consent_id: FromPath[UUID], language: FromPath[str], sessions: DB, at: At
    ) -> Template:
        """Show it as a paper for the household, in its language or the one nearest."""
        found = consent_pages.consent_page(sessions, consent_id, by=request.user, on=at.date())
        consent = found.consent
        language = _nearest(language)
        text = consent_text(
            language,
            groups=consent.groups,
            given_how=consent.given_how,
            interpreter=consent.interpreter,
            board=found.board,
            company=consent.company,
            ends_on=day_in(language, consent.ends_on),
        )
        return page(request, "needs/consent_print.html", text=text, back=f"/consents/{consent_id}")

    @get("/renew", guards=[stepped_up], sync_to_thread=True)
    def ask_renewal(self, request: WebRequest, consent_id: FromPath[UUID], sessions: DB, at: At) -> Template:
        """Ask how the consent was given anew."""
        return _renewal(request, sessions, at, consent_id, Form(ConsentTerms, {"given_on": at.date()}))

    @post("/renew", guards=[stepped_up], status_code=200, sync_to_thread=True)
    def renew(
        self, request: WebRequest, consent_id: FromPath[UUID], sessions: DB, at: At, data: Sent
    ) -> Template | Response[Any]:
        """Record it."""
        form, me = Form.read(ConsentTerms, data), request.user
        renewed = form.submit(lambda terms: sharing.renew_consent(sessions, consent_id, terms, by=me, at=at))
        return go_to(request, f"/consents/{renewed}") if renewed else _renewal(request, sessions, at, consent_id, form)

    @get("/withdraw", sync_to_thread=True)
    def ask_withdrawal(self, request: WebRequest, consent_id: FromPath[UUID], sessions: DB, at: At) -> Template:
        """Say what taking it back leads to (U26)."""
        found = consent_pages.consent_page(sessions, consent_id, by=request.user, on=at.date())
        return page(
            request,
            "confirm.html",
            title=say("Withdraw the consent to %(company)s", company=found.consent.company),
            consequences=[
                say("The company sees nothing more of the case from this moment on."),
                say("What is going on with a home of theirs stops, unless a contract is signed."),
                say("What they have seen already cannot be taken back. It stays on record that they saw it."),
            ],
            label=say("Withdraw the consent"),
            address=f"/consents/{consent_id}/withdraw",
            back=f"/consents/{consent_id}",
        )

    @post("/withdraw", status_code=200, sync_to_thread=True)
    def withdraw(self, request: WebRequest, consent_id: FromPath[UUID], sessions: DB, at: At) -> Response[Any]:
        """Take it back."""
        endings.revoke_consent(sessions, consent_id, by=request.user, at=at)
        return go_to(request, f"/consents/{consent_id}")


def _ask(request: WebRequest, sessions: Sessions, at: At, case_id: UUID, form: Form[NewConsent]) -> Template:
    found = consent_pages.new_consent_page(sessions, case_id, by=request.user, on=at.date())
    return page(
        request,
        "needs/consent_new.html",
        status=form.status,
        case_id=case_id,
        form=form,
        found=found,
        groups=pairs(FieldGroup),
        ways=pairs(GivenHow),
        spoken_languages=pairs(Language),
    )


def _renewal(request: WebRequest, sessions: Sessions, at: At, consent_id: UUID, form: Form[ConsentTerms]) -> Template:
    found = consent_pages.consent_page(sessions, consent_id, by=request.user, on=at.date())
    return page(
        request,
        "needs/consent_renew.html",
        status=form.status,
        form=form,
        found=found,
        ways=pairs(GivenHow),
        spoken_languages=pairs(Language),
    )


def _nearest(language: str) -> str:
    """Give a language that there is a text in: the one wanted, or Swedish."""
    return str(language) if language in languages() else "sv"


def _text(request: WebRequest, sessions: Sessions, at: At, case_id: UUID, given: NewConsent) -> Template:
    """Show the paper before anything is recorded."""
    found = consent_pages.new_consent_page(sessions, case_id, by=request.user, on=at.date())
    language = _nearest(given.language)
    text = consent_text(
        language,
        groups=given.field_groups,
        interpreter=given.interpreter,
        board=found.board,
        company=dict(found.companies).get(given.company_id, ""),
        ends_on=day_in(language, given.last_day),
    )
    return page(request, "needs/consent_print.html", text=text, back=f"/cases/{case_id}/consents/new")
