"""Where the worker is put together: Celery, its limits, and the whole schedule."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from celery import Celery
from celery.schedules import crontab

from bostad import tasks
from bostad.adapters.database import connect, sessions_on
from bostad.adapters.key_file import keyring_from
from bostad.oversight.key_ages import Held
from bostad.records import Sessions
from bostad.settings import Settings
from bostad.zones.logins import Login

NONE_HELD: Held = {}
SECONDS_PER_TASK = 600
"""The hard limit; the outbox's lease is longer, so that no work is done twice at once."""


def create_worker(settings: Settings) -> Celery:
    """Make the Celery application on a database and a broker."""
    celery = Celery("bostad", broker=settings.redis_url)
    celery.conf.update(
        task_ignore_result=True,  # results are rows in PostgreSQL; Redis holds ids alone (S48)
        task_acks_late=True,  # a killed worker's task is delivered again
        task_reject_on_worker_lost=True,  # as above
        task_time_limit=SECONDS_PER_TASK,
        worker_prefetch_multiplier=1,  # a long run must not sit on short tasks
        worker_hijack_root_logger=False,
        broker_connection_retry_on_startup=True,
        broker_transport_options={"visibility_timeout": 2 * SECONDS_PER_TASK},  # longer than any task, or it runs twice
        beat_scheduler="celery.beat:Scheduler",  # in memory: every entry is short, or asked for again the next night
        timezone="Europe/Stockholm",
        enable_utc=True,
        task_serializer="json",
        accept_content=["json"],
    )
    keyring = keyring_from(file=settings.keys_file, written=settings.key)
    register(
        celery,
        sessions_on(connect(settings.databases[Login.WORKER]), keyring=keyring),
        settings.anchor_file,
        settings.held,
    )
    return celery


def register(celery: Celery, sessions: Sessions, anchor_file: str = "", held: Held = NONE_HELD) -> None:
    """Give Celery its tasks and its schedule."""

    @celery.task(name="bostad.handle")
    def handle(message_id: str) -> None:
        tasks.handle(sessions, UUID(message_id))

    def send(message_id: UUID) -> None:
        handle.delay(str(message_id))

    scheduled: dict[str, tuple[Callable[[], Any], Any]] = {
        "bostad.sweep": (partial(tasks.sweep, sessions, send), 1.0),
        "bostad.deadlines": (partial(tasks.act_on_deadlines, sessions), 10.0),
        "bostad.nightly": (partial(tasks.ask_for_nightly_runs, sessions), crontab(hour="3", minute="10")),
        "bostad.keeping": (partial(tasks.ask_for_nightly_reviews, sessions), crontab(hour="4", minute="40")),
        "bostad.anchor": (partial(tasks.anchor_log, sessions, anchor_file), crontab(minute="5")),
        "bostad.watch": (partial(tasks.watch, sessions), crontab(minute="*/10")),
        "bostad.reviews": (partial(tasks.draw_reviews, sessions), crontab(hour="2", minute="40")),
        "bostad.keys": (partial(tasks.tell_of_old_keys, sessions, held), crontab(hour="5", minute="20")),
        "bostad.tidy": (partial(tasks.tidy, sessions), crontab(hour="4", minute="20")),
    }
    for name, (work, when) in scheduled.items():
        celery.task(_calling(work), name=name, expires=60)
        celery.conf.beat_schedule[name] = {"task": name, "schedule": when, "options": {"expires": 60}}


def _calling(work: Callable[[], Any]) -> Callable[[], None]:
    """Make a task's function that calls and gives nothing back."""

    def call() -> None:
        work()

    return call
