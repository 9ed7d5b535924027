"""The clauses that a person would call claims, and where each begins and ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from annotations.suggest.claims.cues import SUBJECTS, WHO_ASKS
from annotations.suggest.claims.lexicon import Predicate
from annotations.suggest.claims.rules import Rules, Value
from annotations.suggest.claims.tree import Tree

_FINITE: Final = frozenset({"VBD", "VBZ", "VBP", "MD"})
_AUXILIARY: Final = frozenset({"aux", "auxpass"})
_SHARED: Final = frozenset({"implicative", "hedge", "plan"})
_ADVERBIAL: Final = frozenset({"because", "although", "though", "while", "whereas", "since", "if", "unless", "but", "as"})
_EDGE: Final = frozenset("\"'“”‘’„«».,;:!?-–—()[]…*`#|•") | {"--", "...", "''", "``"}
_JOINS: Final = frozenset({"that", "and", "but", "or", "whether", "if", "because", "although", "though", "while", "whereas", "since", "unless", "so", "yet", "nor", "as", "then", "however", "meanwhile", "instead", "also", "still", "therefore", "thus", "moreover", "furthermore", "nevertheless", "too"})
_OUTSIDE: Final = frozenset({"however", "meanwhile", "instead", "therefore", "thus", "moreover", "furthermore", "nevertheless", "nor"})


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
        for place in range(end - 1, first - 1, -1):
            if tree.tags[place][:2] not in ("VB", "MD") or tree.deps[place] in _AUXILIARY:
                continue
            kind, over = _kind(tree, rules, place)
            if not kind:
                continue
            chosen.append((place, kind, over))
    # A clause's predicate is no claim of its own where its clause is one.
    for place, kind, over in chosen:
        if kind != "content" or over is None:
            continue
        head, known = over
        if tree.tags[head].startswith("NN"):
            verb = tree.heads[head]
            if known.kind in ("hedge",) or tree.lemmas[verb] == "be" and known.kind != "factive" or rules.environment(head).author == "rejected":
                covered.add(verb)
            continue
        if known.lemma in ("convince", "persuade", "force", "compel", "help") and known.kind != "implicative":
            continue
        covered.add(head)
        if not tree.tags[head].startswith("VB"):
            covered.update(_verb_over(tree, head))
    chosen = [one for one in chosen if one[0] not in covered]
    places = {place for place, _, _ in chosen}
    for place, kind, over in sorted(chosen):
        value = rules.value(place)
        span = _span(tree, rules, place, kind, over, places, covered, value)
        if span is not None:
            made.append(Candidate(place, *span, value, kind))
    return made


def _verb_over(tree: Tree, place: int) -> set[int]:
    for one in tree.above(place):
        if tree.tags[one].startswith("VB"):
            return {one}
    return set()


def _kind(tree: Tree, rules: Rules, place: int) -> tuple[str, tuple[int, Predicate] | None]:
    """What kind of candidate a verb is, if it is one, and the predicate over it."""
    dep = tree.deps[place]
    over = rules.over(place)
    finite = _is_finite(tree, place)
    if over is not None:
        known = over[1]
        if not finite and known.table == "nouns" and known.kind != "plan":
            return "", None
        if finite and known.kind != "question" and _asks(tree, place):
            return "", None
        if not finite and known.lemma in ("have",) and tree.deps[place] != "xcomp":
            return "", None
        if len(tree.below(place)) < 2 and known.kind not in _SHARED | {"plan", "wish", "directive"}:
            return "", None
        return "content", over
    if not finite:
        is_order = dep == "ROOT" and tree.tags[place] == "VB" and tree.child(place, "aux", *SUBJECTS) is None and len(tree.below(place)) > 2
        return ("main", None) if is_order else ("", None)
    subject = _subject(tree, place)
    if dep == "ROOT":
        return ("main", None) if subject is not None else ("", None)
    if dep == "ccomp" or dep == "parataxis":
        # "X, the companies said": the parser may hang either under the other.
        return ("joined", None) if subject is not None and len(tree.below(place)) > 2 else ("", None)
    if dep == "conj":
        if tree.deps[tree.heads[place]] in ("relcl", "pcomp") or len(tree.below(place)) < 3:
            return "", None
        if not tree.tags[tree.heads[place]].startswith(("VB", "MD")):
            return "", None
        return "joined", None
    if dep == "advcl" and subject is not None:
        opener = next((tree.words[one] for one in tree.children[place] if tree.deps[one] in ("mark", "advmod") and one < place and tree.words[one] in _ADVERBIAL), "")
        if (opener and opener != "as") or rules.value(place).frame == "condition":
            return "adverbial", None
    return "", None


def _asks(tree: Tree, place: int) -> bool:
    """Whether a clause says who, what or where: what is said of it is its verb's claim."""
    first = tree.below(place)[0]
    return tree.tags[first] in WHO_ASKS and first < place and tree.words[first] not in ("whether", "that")


def _is_finite(tree: Tree, place: int) -> bool:
    if tree.tags[place] in _FINITE:
        return True
    auxiliaries = [one for one in tree.children[place] if tree.deps[one] in _AUXILIARY]
    if any(tree.tags[one] in _FINITE for one in auxiliaries):
        return True
    if any(tree.words[one] == "to" for one in auxiliaries):
        return False
    head = tree.heads[place]
    if tree.deps[place] == "conj" and tree.tags[head] == tree.tags[place] and head != place:
        return _is_finite(tree, head)
    # "demanded that he resign"
    return tree.tags[place] == "VB" and tree.deps[place] == "ccomp" and tree.child(place, "nsubj", "nsubjpass") is not None and tree.child(place, "mark") is not None


def _subject(tree: Tree, place: int) -> int | None:
    subject = tree.child(place, *SUBJECTS)
    if subject is None and tree.deps[place] == "conj":
        return _subject(tree, tree.heads[place])
    if subject is None and tree.words[place - 1 : place] == ["there"]:
        return place - 1
    return subject


def _span(tree: Tree, rules: Rules, place: int, kind: str, over: tuple[int, Predicate] | None, places: set[int], covered: set[int], value: Value) -> tuple[int, int] | None:
    """The clause's tokens: attribution, joining words and clauses that are claims left out."""
    top = place
    step = over
    while step is not None and _is_shared(tree, top, step):
        top = step[0]
        if not tree.tags[top].startswith("VB"):
            found = _verb_over(tree, top)
            if not found:
                break
            top = found.pop()
        step = rules.over(top)
    drop: set[int] = set()
    for one in tree.below(top):
        if one == place or one == top:
            continue
        if one in places and not _holds(tree, one, place):
            drop.add(one)
            above = tree.heads[one]
            if tree.deps[one] == "pcomp":
                drop.add(above)
            while tree.heads[above] != above and above in covered and above != top and not _holds(tree, above, place):
                # What only introduces that clause goes with it: ", and he believes that".
                drop.add(above)
                above = tree.heads[above]
    drop |= _attribution(tree, top, value)
    tokens = tree.below(top, drop)
    if place not in tokens:
        tokens = tree.below(place, drop)
    while tokens and tokens[-1] > place and tree.deps[tokens[-1]] in ("punct", "cc"):
        tokens.pop()
    tokens = _one_sentence(tree, tokens, place)
    first, end = _run(tree, tokens, place)
    if over is not None and top == place and over[1].kind in ("implicative", "denial", "belief", "directive", "wish", "plan", "report"):
        thing = next((one for one in tree.children[over[0]] if tree.deps[one] in ("dobj", "dative") and over[0] < one < place), None)
        if thing is not None and over[1].kind in ("implicative", "belief", "wish"):
            first = min(first, tree.below(thing)[0])
    return _trimmed(tree, first, end, place, value, kind)


def _one_sentence(tree: Tree, tokens: list[int], place: int) -> list[int]:
    """The tokens between the full stops and semicolons nearest to the predicate."""
    stops = [one for one in tokens if tree.words[one] in (".", ";", ":") or "\n\n" in tree.words[one]]
    low = max((one for one in stops if one < place), default=-1)
    high = min((one for one in stops if one > place), default=len(tree))
    return [one for one in tokens if low < one < high]


def _holds(tree: Tree, one: int, place: int) -> bool:
    """Whether `place` stands under `one`."""
    return any(each == one for each in tree.above(place))


def _is_shared(tree: Tree, place: int, over: tuple[int, Predicate]) -> bool:
    """Whether the predicate over a clause belongs to its claim: "failed to sign", "seems to be"."""
    head, known = over
    if known.kind in ("implicative", "hedge", "plan") or known.kind in ("wish", "directive") and known.lemma in ("want", "wish", "try", "seek", "attempt", "have", "need", "hope", "strive", "struggle", "desire", "prefer"):
        if tree.deps[place] in ("ccomp", "csubj") and tree.child(place, "mark") is not None:
            return False
        if tree.tags[head].startswith("NN"):
            return False
        own = tree.child(place, *SUBJECTS)
        thing = any(tree.deps[one] in ("dobj", "dative") for one in tree.children[head] if head < one < place)
        passive = tree.child(head, "nsubjpass") is not None
        return own is None and not thing and not (passive and known.kind not in ("plan", "implicative", "hedge"))
    return False


def _attribution(tree: Tree, top: int, value: Value) -> set[int]:
    """What names the holder inside a clause's own tokens: "according to her", "he said"."""
    drop: set[int] = set()
    over = value.over
    if over >= 0 and tree.words[over] in ("according", "in", "per"):
        drop.add(over)
        if tree.heads[over] == over + 1 or tree.words[tree.heads[over]] == "to":
            drop.add(tree.heads[over])
    for one in tree.children[top]:
        if tree.deps[one] in ("parataxis", "ccomp") and tree.lemmas[one] in ("say", "tell", "add", "note", "write") and one != value.over:
            drop.add(one)
    return drop


def _run(tree: Tree, tokens: list[int], place: int) -> tuple[int, int]:
    """The stretch of tokens around the predicate; small gaps inside it are kept."""
    at = tokens.index(place)
    low, high = at, at
    while low > 0 and tokens[low] - tokens[low - 1] <= 1 + _gap(tree, tokens[low - 1], tokens[low]):
        low -= 1
    while high + 1 < len(tokens) and tokens[high + 1] - tokens[high] <= 1 + _gap(tree, tokens[high], tokens[high + 1]):
        high += 1
    return tokens[low], tokens[high] + 1


def _gap(tree: Tree, one: int, two: int) -> int:
    """How many tokens may be missing between two of a claim: marks, or a clause set in commas."""
    between = range(one + 1, two)
    return len(between) if all(tree.deps[each] == "punct" for each in between) else 0 if len(between) > 8 else len(between)


def _trimmed(tree: Tree, first: int, end: int, place: int, value: Value, kind: str) -> tuple[int, int] | None:
    asked = value.frame == "question" and value.over < 0
    moved = True
    while moved and first < end:
        moved = False
        word = tree.words[first]
        if word in _EDGE or not word.strip() or tree.deps[first] == "punct":
            first, moved = first + 1, True
        elif first < place and word in _JOINS and tree.deps[first] in ("mark", "cc", "advmod", "prep", "preconj", "dep"):
            if word in ("so", "as", "then", "still", "also", "too") and tree.deps[first] == "advmod" and tree.heads[first] != place:
                break
            first, moved = first + 1, True
        elif word in ("even", "only") and tree.words[first + 1 : first + 2] in (["so"], ["that"]):
            first, moved = first + 2, True
        elif asked and first < place and tree.deps[first] in _AUXILIARY:
            first, moved = first + 1, True
        elif value.frame == "condition" and first < place and tree.deps[first] == "aux" and tree.words[first] in ("had", "should", "were") and any(tree.deps[one] in SUBJECTS and one > first for one in tree.children[place]):
            first, moved = first + 1, True
    while end > first and (tree.words[end - 1] in _EDGE or not tree.words[end - 1].strip() or tree.deps[end - 1] in ("cc",) and end - 1 > place) and not (tree.words[end - 1] == "'" and tree.tags[end - 1] == "POS"):
        end -= 1
    if end - first < 2 or not first <= place < end:
        return None
    return first, end
