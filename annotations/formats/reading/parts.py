"""The parts of a document in another program's file, each by itself: a broken one is listed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

from annotations.errors import InputError
from annotations.formats.reading.intake import Intake

_Part = TypeVar("_Part")
_BROKEN: Final = (KeyError, TypeError, ValueError, AttributeError, IndexError, InputError)


def items(values: Any, what: str, where: str, intake: Intake) -> list[Any]:
    """What stands in a field for a list; where it is none, that is listed.

    Args:
        values: the field; None for one that is not there.
        what: what it should be a list of, in the plural.
        where: the file and place, for messages.
        intake: where it is listed.
    """
    if isinstance(values, list):
        return values
    if values:
        intake.unplaced.append(f"{where}: left out: its {what} are no list")
    return []


def parts(
    values: Any, read: Callable[[Any], _Part], what: str, where: str, intake: Intake
) -> list[_Part]:
    """What `read` makes of each of a list; one that it cannot read is listed, with its number.

    Args:
        values: the field; None for one that is not there.
        read: may raise `InputError`, or what a field raises that is missing or of another type.
        what: what one is called; with an s, several.
        where: the file and place, for messages.
        intake: where those are listed.
    """
    made: list[_Part] = []
    for number, value in enumerate(items(values, f"{what}s", where, intake), 1):
        try:
            made.append(read(value))
        except _BROKEN as error:
            intake.unplaced.append(f"{where}: {what} {number} is left out: {_reason(value, error)}")
    return made


def tell(values: Any, what: str, where: str, intake: Intake) -> None:
    """Count what a field holds that no annotation can be, be it a list or one."""
    for one in values if isinstance(values, list) else [values] if values else ():
        number = one.get("id") if isinstance(one, dict) else None
        intake.omissions.add(what, f"{where}: {number}" if number is not None else where)


def word(value: Any, what: str) -> str:
    """A field as the word that it has to be; a number will do.

    Raises:
        InputError: it is something else, or nothing.
    """
    if isinstance(value, str) and value.strip():
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise InputError(f"it has no {what}" if not value else f"its {what} {value!r:.60} is no word")


def words(value: Any) -> str | None:
    """The words that an annotation says it covers; None where it does not say.

    Raises:
        InputError: they are no text.
    """
    if value is None or isinstance(value, str):
        return value
    raise InputError(f"its text {value!r:.60} is no text")


def score(value: Any) -> float | None:
    """A model's number, if it is one."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def told(values: Any) -> Iterator[str]:
    """The texts in a field that has one or a list of them."""
    for one in values if isinstance(values, list) else [values]:
        if isinstance(one, str):
            yield one


def _reason(value: Any, error: Exception) -> str:
    if isinstance(error, InputError):
        return str(error)
    if not isinstance(value, dict):
        return f"{value!r:.60} is no annotation"
    return f"it has no {error.args[0]!r}" if isinstance(error, KeyError) else str(error)
