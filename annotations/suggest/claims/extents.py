"""Where a claim begins and ends: the smallest clause, without who says it and what joins it."""

from __future__ import annotations

from typing import Final

from annotations.suggest.claims.cues import SUBJECTS
from annotations.suggest.claims.lexicon import Predicate
from annotations.suggest.claims.rules import Rules
from annotations.suggest.claims.tree import Tree
from annotations.suggest.claims.value import Value

AUXILIARY: Final = frozenset({"aux", "auxpass"})

_EDGE: Final = frozenset("\"'“”‘’„«».,;:!?-–—()[]…*`#|•") | {"--", "...", "''", "``"}
_PAIRS: Final = {"”": "“", "’": "‘", "»": "«", ")": "(", "]": "[", '"': '"'}
_JOINS: Final = frozenset(
    [
        "that",
        "and",
        "but",
        "or",
        "whether",
        "if",
        "because",
        "although",
        "though",
        "while",
        "whereas",
        "since",
        "unless",
        "so",
        "yet",
        "nor",
        "as",
        "then",
        "however",
        "meanwhile",
        "instead",
        "also",
        "still",
        "therefore",
        "thus",
        "moreover",
        "furthermore",
        "nevertheless",
        "too",
    ]
)


def verb_over(tree: Tree, place: int) -> set[int]:
    """The nearest verb over a token, as a set of one; empty where there is none."""
    for one in tree.above(place):
        if tree.tags[one].startswith("VB"):
            return {one}
    return set()


def extent(
    tree: Tree,
    rules: Rules,
    place: int,
    kind: str,
    over: tuple[int, Predicate] | None,
    places: set[int],
    covered: set[int],
    value: Value,
) -> tuple[int, int] | None:
    """The clause's tokens: attribution, joining words and clauses that are claims left out."""
    top = place
    step = over
    while step is not None and _is_shared(tree, top, step):
        top = step[0]
        if not tree.tags[top].startswith("VB"):
            found = verb_over(tree, top)
            if not found:
                break
            top = found.pop()
        step = rules.over(top)
    drop: set[int] = set()
    for one in tree.below(top):
        if one in (place, top):
            continue
        if one in places and not _holds(tree, one, place):
            drop.add(one)
            above = tree.heads[one]
            if tree.deps[one] == "pcomp":
                drop.add(above)
            while (
                tree.heads[above] != above
                and above in covered
                and above != top
                and not _holds(tree, above, place)
            ):
                # What only introduces that clause goes with it: ", and he believes that".
                drop.add(above)
                above = tree.heads[above]
    drop |= _attribution(rules, top, value)
    tokens = tree.below(top, drop)
    if place not in tokens:
        tokens = tree.below(place, drop)
    while tokens and tokens[-1] > place and _is_loose(tree, tokens[-1]):
        tokens.pop()
    tokens = _one_sentence(tree, tokens, place)
    first, end = _run(tree, tokens, place)
    mark = tree.child(place, "mark")
    if (
        over is not None
        and mark is not None
        and first < mark < place
        and tree.words[mark] == "that"
    ):
        first = mark  # "told them, before she left, that …"
    if (
        over is not None
        and top == place
        and over[1].kind
        in ("implicative", "denial", "belief", "directive", "wish", "plan", "report")
    ):
        thing = next(
            (
                one
                for one in tree.children[over[0]]
                if tree.deps[one] in ("dobj", "dative") and over[0] < one < place
            ),
            None,
        )
        if thing is not None and over[1].kind in ("implicative", "belief", "wish"):
            first = min(first, tree.below(thing)[0])
    return _trimmed(tree, first, end, place, value, kind)


def _is_loose(tree: Tree, one: int) -> bool:
    """Whether a last token is a mark or an "and", and not "p.m.", which parsers take for one."""
    written = any(char.isalnum() for char in tree.words[one])
    return tree.deps[one] == "cc" or (tree.deps[one] == "punct" and not written)


def _one_sentence(tree: Tree, tokens: list[int], place: int) -> list[int]:
    """The tokens between the full stops and semicolons nearest to the predicate."""
    stops = [
        one for one in tokens if tree.words[one] in (".", ";", ":") or "\n\n" in tree.words[one]
    ]
    low = max((one for one in stops if one < place), default=-1)
    high = min((one for one in stops if one > place), default=len(tree))
    return [one for one in tokens if low < one < high]


def _holds(tree: Tree, one: int, place: int) -> bool:
    """Whether `place` stands under `one`."""
    return any(each == one for each in tree.above(place))


def _is_shared(tree: Tree, place: int, over: tuple[int, Predicate]) -> bool:
    """Whether the predicate over a clause belongs to its claim: "failed to sign", "seems to be"."""
    head, known = over
    if known.kind in ("implicative", "hedge", "plan") or (
        known.kind in ("wish", "directive")
        and known.lemma
        in (
            "want",
            "wish",
            "try",
            "seek",
            "attempt",
            "have",
            "need",
            "hope",
            "strive",
            "struggle",
            "desire",
            "prefer",
        )
    ):
        if tree.deps[place] in ("ccomp", "csubj") and tree.child(place, "mark") is not None:
            return False
        if tree.tags[head].startswith("NN"):
            return False
        own = tree.child(place, *SUBJECTS)
        thing = any(
            tree.deps[one] in ("dobj", "dative")
            for one in tree.children[head]
            if head < one < place
        )
        passive = tree.child(head, "nsubjpass") is not None
        return (
            own is None
            and not thing
            and not (passive and known.kind not in ("plan", "implicative", "hedge"))
        )
    return False


def _attribution(rules: Rules, top: int, value: Value) -> set[int]:
    """What names the holder inside a clause's own tokens: "according to her", "he said"."""
    tree = rules.tree
    drop = {one.root for one in rules.phrases(top)}
    for one in tree.children[top]:
        if (
            tree.deps[one] in ("parataxis", "ccomp")
            and tree.lemmas[one] in ("say", "tell", "add", "note", "write")
            and one != value.over
        ):
            drop.add(one)
        elif one == value.over and one > top and tree.deps[one] == "parataxis":
            drop.add(one)  # "…, court records show"
    return drop


def _run(tree: Tree, tokens: list[int], place: int) -> tuple[int, int]:
    """The stretch of tokens around the predicate; small gaps inside it are kept."""
    at = tokens.index(place)
    low, high = at, at
    while low > 0 and tokens[low] - tokens[low - 1] <= 1 + _gap(tree, tokens[low - 1], tokens[low]):
        low -= 1
    while high + 1 < len(tokens) and tokens[high + 1] - tokens[high] <= 1 + _gap(
        tree, tokens[high], tokens[high + 1]
    ):
        high += 1
    return tokens[low], tokens[high] + 1


def _gap(tree: Tree, one: int, two: int) -> int:
    """How many tokens may be missing between two of a claim: marks, or a clause set in commas."""
    between = range(one + 1, two)
    return (
        len(between)
        if all(tree.deps[each] == "punct" for each in between)
        else 0
        if len(between) > 8
        else len(between)
    )


def _trimmed(
    tree: Tree, first: int, end: int, place: int, value: Value, kind: str
) -> tuple[int, int] | None:
    asked = value.frame == "question" and value.over < 0
    moved = True
    while moved and first < end:
        moved = False
        word = tree.words[first]
        if word in _EDGE or not word.strip() or tree.deps[first] == "punct":
            first, moved = first + 1, True
        elif (
            first < place
            and word in _JOINS
            and (
                tree.deps[first] in ("mark", "cc", "advmod", "prep", "preconj", "dep")
                or (word == "that" and kind == "content" and tree.deps[first] == "dobj")
                or (word == "that" and kind == "content" and tree.deps[first] == "dative")
            )
        ):
            if (
                word in ("so", "as", "then", "still", "also", "too")
                and tree.deps[first] == "advmod"
                and tree.heads[first] != place
            ):
                break
            first, moved = first + 1, True
        elif word in ("even", "only") and tree.words[first + 1 : first + 2] in (["so"], ["that"]):
            first, moved = first + 2, True
        elif (asked and first < place and tree.deps[first] in AUXILIARY) or (
            value.frame == "condition"
            and first < place
            and tree.deps[first] == "aux"
            and tree.words[first] in ("had", "should", "were")
            and any(tree.deps[one] in SUBJECTS and one > first for one in tree.children[place])
        ):
            first, moved = first + 1, True
    while (
        end > first
        and (
            tree.words[end - 1] in _EDGE
            or not tree.words[end - 1].strip()
            or (tree.deps[end - 1] in ("cc",) and end - 1 > place)
        )
        and not (tree.words[end - 1] == "'" and tree.tags[end - 1] == "POS")
    ):
        end -= 1
    end = _closed(tree, first, end)
    if end - first < 2 or not first <= place < end:
        return None
    return first, end


def _closed(tree: Tree, first: int, end: int) -> int:
    """The end behind the mark that closes what was opened inside: a quotation, a parenthesis."""
    stop = end
    while stop < min(len(tree), end + 2) and tree.words[stop] in (".", ",", "!", "?"):
        stop += 1
    if stop == len(tree):
        return end
    mark = tree.text[tree.starts[stop] : tree.ends[stop]]
    inside = tree.text[tree.starts[first] : tree.ends[end - 1]]
    opening = _PAIRS.get(mark)
    if opening is None:
        return end
    is_open = (
        inside.count(mark) % 2 if opening == mark else inside.count(opening) > inside.count(mark)
    )
    return stop + 1 if is_open else end
