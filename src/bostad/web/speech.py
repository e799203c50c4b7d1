"""The language of this request: sentences, dates and numbers as its reader writes them."""

from contextvars import ContextVar
from datetime import date, datetime
from functools import cache

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations

from bostad.here import HERE
from bostad.resources import resource
from bostad.words import Sentence, Word

LOCALES = ("sv", "en")
_locale: ContextVar[str] = ContextVar("locale", default="sv")


def speak(locale: str) -> None:
    """Set the language for the rest of this request."""
    _locale.set(locale if locale in LOCALES else "sv")


def spoken() -> str:
    """Give the language of this request."""
    return _locale.get()


@cache
def _catalogue(locale: str) -> NullTranslations:
    """Load a language once. English is the language of the msgids and needs no catalogue."""
    if locale == "en":
        return NullTranslations()
    return Translations.load(resource("locale"), [locale], domain="bostad")


def gettext(msgid: str) -> str:
    """Translate a sentence."""
    return _catalogue(_locale.get()).ugettext(msgid)


def ngettext(one: str, many: str, count: int) -> str:
    """Translate a sentence with a number in it."""
    return _catalogue(_locale.get()).ungettext(one, many, count)


def said(thing: Sentence | Word | str | None) -> str:
    """Say a sentence or a word's label in the language of this request; plain text stays as it is."""
    if thing is None:
        return ""
    if isinstance(thing, Word):
        thing = thing.label
    if isinstance(thing, Sentence):
        return gettext(thing.msgid) % {name: _fact(fact) for name, fact in thing.facts.items()}
    return str(thing)


def _fact(fact: object) -> object:
    """Say what goes into a sentence: words, days and numbers each in their own way."""
    if isinstance(fact, Sentence | Word):
        return said(fact)
    if isinstance(fact, date):
        return day(fact)
    return number(fact) if isinstance(fact, int) else fact


def day(on: date | None) -> str:
    """Write a day with its month's name."""
    return format_date(on, "d MMMM y", locale=_locale.get()) if on else ""


def day_in(language: str, on: date) -> str:
    """Write a day in another language than the page's, as a paper for the household needs."""
    return format_date(on, "d MMMM y", locale=language)


def moment(at: datetime | None) -> str:
    """Write a moment in Swedish time, to the minute."""
    return format_datetime(at.astimezone(HERE), "d MMMM y HH:mm", locale=_locale.get()) if at else ""


def month(on: date | None) -> str:
    """Write a month and its year."""
    return format_date(on, "LLLL y", locale=_locale.get()) if on else ""


def number(value: float | None) -> str:
    """Write a number with its thousands apart."""
    return "" if value is None else format_decimal(value, locale=_locale.get())
