"""The second step of signing in, and its proof anew before what is sensitive: app, passkey or recovery code."""

import secrets
from typing import Any
from urllib.parse import urlencode

from litestar import Controller, Response, get, post
from litestar.response import Redirect, Template

from bostad.accounts import enrolling, my_pages, news, proving
from bostad.accounts.access import Actor
from bostad.accounts.answers import NewAuthenticator, NewPasskey, SecondStep
from bostad.accounts.challenges import set_challenge
from bostad.accounts.passkeys import Site, ask_for_new, ask_for_use
from bostad.accounts.proofs import RECOVERY_CODES, Purpose
from bostad.accounts.sessions import SessionNow
from bostad.accounts.totp import SECRET_BYTES, new_key
from bostad.answers import Answers
from bostad.errors import NotSignedIn
from bostad.records import Sessions
from bostad.web.auth import halfway, holder, new_code, new_token, signed_in
from bostad.web.doors import AT_THE_DOOR, DB, At, Sent
from bostad.web.forms import Form
from bostad.web.rendering import WebRequest, go_to, page
from bostad.web.returning import local_path
from bostad.web.sign_in import CookieJar, Secret

CHALLENGE_BYTES = 32
ENROL = "/second-step/new"


class SecondStepController(Controller):
    """Known here is also who has proved her password alone; she is known nowhere else."""

    path = "/second-step"
    dependencies = AT_THE_DOOR
    guards = [halfway]

    @get("/", sync_to_thread=True)
    def ask(self, request: WebRequest, sessions: DB, at: At, cookie: CookieJar) -> Template | Redirect:
        """Ask for the second factor; at the first sign-in, lead to where one is set up."""
        to = _to(request.query_params.get("next"))
        me, now = _known(request)
        if now.fresh:
            return Redirect(to, status_code=303)
        if now.by_code and not my_pages.factors_of(sessions, by=me).passkeys:
            return Redirect(_enrol(to), status_code=303)
        return self._ask(request, sessions, at, cookie, Form(SecondStep), to)

    @post("/", sync_to_thread=True)
    def prove(
        self, request: WebRequest, sessions: DB, at: At, cookie: CookieJar, secret: Secret, data: Sent
    ) -> Response[Any]:
        """Prove it with a code."""
        form, to = Form.read(SecondStep, data), _to(data.get("next"))
        me, now = _known(request)
        proof = proving.Proof(now, new_token())
        form.submit(lambda it: proving.prove_with_code(sessions, it, secret=secret, proof=proof, by=me, at=at))
        if form.errors:
            return self._ask(request, sessions, at, cookie, form, to)
        return _go_on(sessions, cookie, proof, _enrol(to) if now.keyed else to, me)

    @post("/passkey", sync_to_thread=True)
    def prove_by_key(self, request: WebRequest, sessions: DB, at: At, cookie: CookieJar, data: Sent) -> Response[Any]:
        """Prove it with a passkey."""
        form, to = Form(SecondStep), _to(data.get("next"))
        form.answers = SecondStep.model_construct(code="")  # the key is the answer; nothing was typed
        me, now = _known(request)
        proof, site = proving.Proof(now, new_token()), site_of(request, cookie)
        answer = data.get("answer")
        form.submit(lambda _: proving.prove_with_passkey(sessions, answer, site=site, proof=proof, by=me, at=at))
        if form.errors:
            return self._ask(request, sessions, at, cookie, form, to)
        return _go_on(sessions, cookie, proof, to, me)

    @get("/new", sync_to_thread=True)
    def offer(self, request: WebRequest, sessions: DB, at: At, cookie: CookieJar, secret: Secret) -> Template:
        """Show how a second factor is set up: an app's secret, and what a passkey is made of."""
        to = _to(request.query_params.get("next"))
        return self._offer(request, sessions, at, cookie, secret, Form(NewAuthenticator), to)

    @post("/new/app", sync_to_thread=True)
    def add_app(
        self, request: WebRequest, sessions: DB, at: At, cookie: CookieJar, secret: Secret, data: Sent
    ) -> Response[Any]:
        """Keep the app that shows the right code."""
        form, to = Form.read(NewAuthenticator, data), _to(data.get("next"))
        me, now = _known(request)
        proof, codes = proving.Proof(now, new_token()), new_codes()
        made = form.submit(
            lambda it: enrolling.add_authenticator(sessions, it, codes, secret=secret, proof=proof, by=me, at=at)
        )
        if made is None:
            return self._offer(request, sessions, at, cookie, secret, form, to)
        return _added(request, sessions, cookie, proof, to, me, codes if made else ())

    @post("/new/passkey", sync_to_thread=True)
    def add_key(
        self, request: WebRequest, sessions: DB, at: At, cookie: CookieJar, secret: Secret, data: Sent
    ) -> Response[Any]:
        """Keep the passkey that the browser has made."""
        form, to = Form.read(NewPasskey, data), _to(data.get("next"))
        me, now = _known(request)
        proof, codes, site = proving.Proof(now, new_token()), new_codes(), site_of(request, cookie)
        answer = data.get("answer")
        made = form.submit(
            lambda it: enrolling.add_passkey(sessions, answer, it, codes, site=site, proof=proof, by=me, at=at)
        )
        if made is None:
            return self._offer(request, sessions, at, cookie, secret, form, to)
        return _added(request, sessions, cookie, proof, to, me, codes if made else ())

    def _ask(
        self, request: WebRequest, sessions: Sessions, at: At, cookie: CookieJar, form: Form[SecondStep], to: str
    ) -> Template | Redirect:
        me, now = _known(request)
        mine = my_pages.factors_of(sessions, by=me)
        if not mine.any:
            return Redirect(_enrol(to), status_code=303)
        options = ""
        if mine.passkeys:
            challenge = _challenge(sessions, now, Purpose.PASSKEY, at)
            options = ask_for_use(site_of(request, cookie), challenge, known=mine.key_ids)
        return page(
            request,
            "accounts/second_step.html",
            status=form.status,
            form=form,
            to=to,
            mine=mine,
            options=options,
            again=now.proved,
            keyed=now.keyed,
            alone=not cookie.secure,
        )

    def _offer(
        self,
        request: WebRequest,
        sessions: Sessions,
        at: At,
        cookie: CookieJar,
        secret: str,
        form: Form[Any],
        to: str,
    ) -> Template:
        me, now = _known(request)
        drawn = secrets.token_bytes(SECRET_BYTES)
        waiting = enrolling.new_secret(sessions, drawn, secret=secret, session=now, by=me, at=at)
        mine = my_pages.factors_of(sessions, by=me)
        challenge, site = _challenge(sessions, now, Purpose.NEW_PASSKEY, at), site_of(request, cookie)
        shown: dict[type[Answers], Form[Any]] = {one: Form(one) for one in (NewAuthenticator, NewPasskey)}
        shown[form.model] = form
        return page(
            request,
            "accounts/second_step_new.html",
            status=form.status,
            form=form,
            app=shown[NewAuthenticator],
            key=shown[NewPasskey],
            to=to,
            mine=mine,
            keyed=now.keyed,
            proved=now.proved,
            new_key=None if now.keyed else new_key(waiting, mine.username),
            options=ask_for_new(site, challenge, user_id=me.id, username=mine.username, known=mine.key_ids),
        )


class NewsController(Controller):
    """What others did to one's account, told before one goes on."""

    path = "/news"
    dependencies = AT_THE_DOOR
    guards = [signed_in]

    @get("/", sync_to_thread=True)
    def show(self, request: WebRequest, sessions: DB) -> Template:
        """Tell it."""
        to = _to(request.query_params.get("next"))
        return page(request, "accounts/news.html", news=news.news_of(sessions, by=request.user), to=to)

    @post("/", sync_to_thread=True)
    def seen(self, request: WebRequest, sessions: DB, at: At, data: Sent) -> Response[Any]:
        """Note that she has read it."""
        news.mark_seen(sessions, by=request.user, at=at)
        return go_to(request, _to(data.get("next")))


def new_codes() -> list[str]:
    """Draw recovery codes."""
    return [new_code() for _ in range(RECOVERY_CODES)]


def site_of(request: WebRequest, cookie: CookieJar) -> Site:
    """Give the site that passkeys are for, by the name it was reached by: the list of hosts let it through (S57)."""
    host = request.headers["host"]
    return Site(host.partition(":")[0], f"{'https' if cookie.secure else 'http'}://{host}")


def _known(request: WebRequest) -> tuple[Actor, SessionNow]:
    known = holder(request)
    if known is None:
        raise NotSignedIn("Sign in to see this page.")
    return known


def _to(address: object) -> str:
    """Give where to go on to; the second step itself is nowhere to go on to."""
    to = local_path(address)
    return "/" if to.partition("?")[0].rstrip("/") == "/second-step" else to


def _enrol(to: str) -> str:
    return f"{ENROL}?" + urlencode({"next": to}, safe="/")


def _challenge(sessions: Sessions, now: SessionNow, purpose: Purpose, at: At) -> bytes:
    drawn = secrets.token_bytes(CHALLENGE_BYTES)
    set_challenge(sessions, now.token_hash, purpose, drawn, at=at)
    return drawn


def _go_on(sessions: Sessions, cookie: CookieJar, proof: proving.Proof, to: str, me: Actor) -> Response[Any]:
    """Go on where one was going, over what one has to be told; the browser gets its new token."""
    told = f"/news?{urlencode({'next': to}, safe='/')}" if news.has_news(sessions, by=me) else to
    answer: Response[Any] = Redirect(told, status_code=303)
    cookie.put(answer, proof.token)
    return answer


def _added(
    request: WebRequest,
    sessions: Sessions,
    cookie: CookieJar,
    proof: proving.Proof,
    to: str,
    me: Actor,
    codes: list[str] | tuple[()],
) -> Response[Any]:
    """Show the recovery codes, once, or go on when there are some already."""
    if not codes:
        return _go_on(sessions, cookie, proof, to, me)
    answer = page(request, "accounts/recovery_codes.html", codes=codes, to=to)
    cookie.put(answer, proof.token)
    return answer
