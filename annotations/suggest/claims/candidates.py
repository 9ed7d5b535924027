"""The clauses that a person would call claims."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from annotations.suggest.claims.breaks import is_heading
from annotations.suggest.claims.cues import SUBJECTS, WHO_ASKS
from annotations.suggest.claims.extents import AUXILIARY, extent, verb_over
from annotations.suggest.claims.lexicon import Predicate, predicates
from annotations.suggest.claims.rules import Rules
from annotations.suggest.claims.tree import Tree
from annotations.suggest.claims.value import Value

_FINITE: Final = frozenset({"VBD", "VBZ", "VBP", "MD"})
_SHARED: Final = frozenset({"implicative", "hedge", "plan"})
_ADVERBIAL: Final = frozenset(
    {
        "because",
        "although",
        "though",
        "while",
        "whereas",
        "since",
        "if",
        "unless",
        "but",
        "as",
        "whether",
    }
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A clause that can be true or false.

    Attributes:
        place: its predicate.
        first: the first of its tokens.
        end: the token behind its last.
        value: what the rules say of it.
        kind: `content` under a predicate, `main`, `joined`, or `adverbial`.
    """

    place: int
    first: int
    end: int
    value: Value
    kind: str


def candidates(tree: Tree, rules: Rules) -> list[Candidate]:
    """The claims of a text, in its order."""
    made: list[Candidate] = []
    covered: set[int] = set()
    chosen: list[tuple[int, str, tuple[int, Predicate] | None]] = []
    for first, end in tree.sentences:
        if is_heading(tree, first, end):
            continue
        for place in range(end - 1, first - 1, -1):
            if tree.tags[place][:2] not in ("VB", "MD") or tree.deps[place] in AUXILIARY:
                continue
            kind, over = _kind(tree, rules, place)
            if rules.introduces(place):
                teller = rules.over(place)
                if teller is not None and teller[1].kind == "report":
                    covered.add(teller[0])  # "…,” she said, Reuters reported"
            if not kind:
                continue
            chosen.append((place, kind, over))
    # A clause's predicate is no claim of its own where its clause is one.
    for _, kind, over in chosen:
        if kind != "content" or over is None:
            continue
        head, known = over
        if tree.tags[head].startswith("NN"):
            verb = tree.heads[head]
            if (
                known.kind in ("hedge",)
                or (tree.lemmas[verb] == "be" and known.kind != "factive")
                or rules.environment(head).author == "rejected"
            ):
                covered.add(verb)
            continue
        if (
            known.lemma in ("convince", "persuade", "force", "compel", "help")
            and known.kind != "implicative"
        ):
            continue
        covered.add(head)
        if tree.deps[head] == "pcomp" and tree.words[tree.heads[head]] == "as":
            covered.add(tree.heads[tree.heads[head]])  # "quoted her as saying that"
        if not tree.tags[head].startswith("VB"):
            covered.update(verb_over(tree, head))
    chosen = [one for one in chosen if one[0] not in covered]
    places = {place for place, _, _ in chosen}
    for place, kind, over in sorted(chosen):
        value = rules.value(place)
        span = extent(tree, rules, place, kind, over, places, covered, value)
        if span is not None:
            made.append(Candidate(place, *span, value, kind))
    return made


def _kind(tree: Tree, rules: Rules, place: int) -> tuple[str, tuple[int, Predicate] | None]:
    """What kind of candidate a verb is, if it is one, and the predicate over it."""
    dep = tree.deps[place]
    if (
        rules.introduces(place)
        or _is_compared(tree, place)
        or any(one.first <= place < one.end for one in rules.phrases(place))
    ):
        return "", None
    over = rules.over(place)
    finite = _is_finite(tree, place)
    if over is not None:
        known = over[1]
        if not finite and known.table == "nouns" and known.kind != "plan":
            return "", None
        if finite and known.kind != "question" and _asks(tree, place):
            return "", None
        mark = tree.child(over[0], "mark")
        if mark is not None and tree.words[mark] == "as" and len(tree.below(place)) < 4:
            return "", None  # "as everybody had said it would be"
        if dep == "xcomp" and known.kind == "directive" and _is_told(tree, over[0]):
            return "", None  # "was not asked to come": whether they asked can be true
        if not finite and known.lemma in ("have",) and tree.deps[place] != "xcomp":
            return "", None
        if len(tree.below(place)) < 2 and known.kind not in _SHARED | {"plan", "wish", "directive"}:
            return "", None
        return "content", over
    if not finite:
        is_order = (
            dep == "ROOT"
            and tree.tags[place] == "VB"
            and tree.child(place, "aux", *SUBJECTS) is None
            and len(tree.below(place)) > 2
        )
        return ("main", None) if is_order else ("", None)
    subject = _subject(tree, place)
    if dep in ("ROOT", "conj") and _is_named(tree, place):
        return "", None
    if dep == "ROOT":
        return ("main", None) if subject is not None else ("", None)
    if dep == "ccomp" or dep == "parataxis":
        # "X, the companies said": the parser may hang either under the other.
        return (
            ("joined", None) if subject is not None and len(tree.below(place)) > 2 else ("", None)
        )
    if dep == "conj":
        if tree.deps[tree.heads[place]] in ("relcl", "pcomp") or len(tree.below(place)) < 3:
            return "", None
        if not tree.tags[tree.heads[place]].startswith(("VB", "MD")):
            return "", None
        return "joined", None
    if dep == "advcl" and subject is not None:
        opener = next(
            (
                tree.words[one]
                for one in tree.children[place]
                if tree.deps[one] in ("mark", "advmod")
                and one < place
                and tree.words[one] in _ADVERBIAL
                and tree.words[one + 1] != "or"
            ),
            "",
        )
        if rules.value(place).frame == "condition":
            return "adverbial", None
        if opener and not (opener == "as" and _is_comparing(tree, place)):
            return "adverbial", None
    return "", None


def _is_told(tree: Tree, verb: int) -> bool:
    """Whether a verb is a finite passive without its agent."""
    passive = tree.child(verb, "auxpass") is not None
    return passive and tree.child(verb, "agent") is None and _is_finite(tree, verb)


def _is_compared(tree: Tree, place: int) -> bool:
    """Whether a clause is only what something is more than: "more than agree to meet"."""
    return any(
        tree.words[each] == "than" and each < one
        for one in (place, *tree.above(place))
        for each in tree.children[one]
        if each < place
    )


def _is_named(tree: Tree, place: int) -> bool:
    """Whether a clause only names something by what is said of it: "what would change our mind"."""
    asks = any(
        tree.tags[one] == "WP" and one < place and tree.deps[one] in SUBJECTS | {"dobj", "attr"}
        for one in tree.children[place]
    )
    first, end = tree.sentences[tree.sentence_of[place]]
    return asks and "?" not in tree.words[first:end]


def _is_comparing(tree: Tree, place: int) -> bool:
    """Whether "as" measures, quotes or refers: "as long as it lasts", "as I had feared"."""
    mark = tree.below(place)[0]
    known = predicates("clauses").get(tree.lemmas[place])
    if known is not None and known.kind in ("report", "belief", "denial"):
        return True
    if tree.words[mark + 1] in ("“", "‘", '"', "«"):
        return True
    return bool({"as", "so", "such", "same"} & set(tree.words[max(0, mark - 2) : mark]))


def _asks(tree: Tree, place: int) -> bool:
    """Whether a clause says who, what or where: what is said of it is its verb's claim."""
    first = tree.below(place)[0]
    return (
        tree.tags[first] in WHO_ASKS
        and first < place
        and tree.words[first] not in ("whether", "that")
    )


def _is_finite(tree: Tree, place: int) -> bool:
    if tree.tags[place] in _FINITE:
        return True
    auxiliaries = [one for one in tree.children[place] if tree.deps[one] in AUXILIARY]
    if any(tree.tags[one] in _FINITE for one in auxiliaries):
        return True
    if any(tree.words[one] == "to" for one in auxiliaries):
        return False
    head = tree.heads[place]
    if tree.deps[place] == "conj" and tree.tags[head] == tree.tags[place] and head != place:
        return _is_finite(tree, head)
    # "demanded that he resign"
    return (
        tree.tags[place] == "VB"
        and tree.deps[place] == "ccomp"
        and tree.child(place, "nsubj", "nsubjpass") is not None
        and tree.child(place, "mark") is not None
    )


def _subject(tree: Tree, place: int) -> int | None:
    subject = tree.child(place, *SUBJECTS)
    if subject is None and tree.deps[place] == "conj":
        return _subject(tree, tree.heads[place])
    if subject is None and tree.words[place - 1 : place] == ["there"]:
        return place - 1
    return subject
