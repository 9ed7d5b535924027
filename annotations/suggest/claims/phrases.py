"""Phrases that name a holder beside the clause: "according to her", "in her view", "as she notes"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from annotations.suggest.claims import holders
from annotations.suggest.claims.holders import UNNAMED, Holder
from annotations.suggest.claims.lexicon import predicates
from annotations.suggest.claims.tree import Tree

_VIEWS: Final = frozenset(
    [
        "view",
        "opinion",
        "eye",
        "judgment",
        "judgement",
        "word",
        "mind",
        "estimation",
        "assessment",
        "account",
        "telling",
        "reckoning",
        "estimate",
    ]
)
_THINGS: Final = frozenset({"dobj", "ccomp", "xcomp", "oprd", "acomp", "attr"})

_UNDER: Final = frozenset({"relcl", "acl", "advcl", "ccomp"})


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase that names who holds the clause it stands beside.

    Attributes:
        holder: whom it names.
        root: the token under which the phrase hangs together.
        first: its first token.
        end: the token behind its last.
        cue: the tokens that show it, `[first, end)`.
        certainty: the holder's.
    """

    holder: Holder
    root: int
    first: int
    end: int
    cue: tuple[int, int]
    certainty: str

    def is_joined(self, tree: Tree) -> bool:
        """Whether it stands behind an "and": then it speaks for what follows alone."""
        before = self.first - 1
        while before > 0 and tree.deps[before] == "punct":
            before -= 1
        return before >= 0 and tree.deps[before] == "cc"

    def clause(self, tree: Tree) -> int:
        """The predicate of the widest clause that the phrase speaks for.

        A phrase set into a clause under another, "the mill, which by her account burned, was
        sold", speaks for that clause alone; one in front or at the end for the whole sentence.
        """
        top = self.root
        for one in tree.above(self.root):
            top = one
            if tree.deps[one] in _UNDER and tree.tags[one][:2] in ("VB", "MD"):
                tokens = tree.below(one)
                last = next(each for each in reversed(tokens) if tree.deps[each] != "punct")
                if last >= self.end:
                    break
        return top


def phrases(tree: Tree, first: int, end: int) -> Iterator[Phrase]:
    """The phrases among the tokens `[first, end)`, in order."""
    for place in range(first, end):
        read = _READ.get(tree.words[place])
        found = read(tree, place) if read else None
        if found is not None:
            yield found


def _according(tree: Tree, place: int) -> Phrase | None:
    if tree.words[place + 1 : place + 2] != ["to"]:
        return None
    noun = tree.child(place + 1, "pobj")
    if noun is None:
        noun = tree.child(place, "pobj")
    if noun is None or noun < place:
        return None
    holder = holders.phrase(tree, noun)
    end = max(tree.below(noun)[-1] + 1, holder[1])
    root = place + 1 if tree.heads[place] == place + 1 else place
    return Phrase(holder, root, place, end, (place, place + 2), "certain")


def _per(tree: Tree, place: int) -> Phrase | None:
    noun = tree.child(place, "pobj") if tree.deps[place] == "prep" else None
    if noun is None or tree.tags[noun] not in ("NNP", "NNPS"):
        return None
    holder = holders.phrase(tree, noun)
    return Phrase(holder, place, place, tree.below(noun)[-1] + 1, (place, place + 1), "certain")


def _view(tree: Tree, place: int) -> Phrase | None:
    noun = tree.child(place, "pobj") if tree.deps[place] == "prep" else None
    if noun is None or tree.lemmas[noun] not in _VIEWS:
        return None
    holder = holders.of_noun(tree, noun)
    if holder == UNNAMED:
        return None
    return Phrase(holder, place, place, tree.below(noun)[-1] + 1, (noun, noun + 1), "probable")


def _as(tree: Tree, place: int) -> Phrase | None:
    """Of "as she notes" and "as Ivo Lund put it"; not of "as she told them a tale"."""
    verb = tree.heads[place]
    known = predicates("clauses").get(tree.lemmas[verb])
    says = known is not None and known.kind == "report"
    thing = next((one for one in tree.children[verb] if tree.deps[one] in _THINGS), None)
    puts = tree.lemmas[verb] in ("put", "have", "see") and (
        thing is not None and tree.words[thing] == "it"
    )
    if (
        verb < place
        or tree.deps[verb] != "advcl"
        or tree.tags[verb] not in ("VBD", "VBZ", "VBP", "VBN")
        or not (puts or (says and thing is None))
    ):
        return None
    subject = tree.child(verb, "nsubj")
    if subject is None or tree.words[subject] == "it":
        return None
    tokens = tree.below(verb)
    if tokens[0] != place:
        return None
    value = "certain" if puts or known is None else known.said[1:]
    holder = holders.phrase(tree, subject)
    return Phrase(holder, verb, place, tokens[-1] + 1, (verb, verb + 1), value)


def _believed(tree: Tree, place: int) -> Phrase | None:
    """Of "if the clerk is to be believed", which is no condition."""
    verb = tree.heads[place]
    told = tree.child(verb, "xcomp")
    subject = tree.child(verb, "nsubj", "nsubjpass")
    if subject is None or told is None or tree.deps[verb] != "advcl" or tree.lemmas[verb] != "be":
        return None
    if tree.lemmas[told] not in ("believe", "trust") or tree.child(told, "auxpass") is None:
        return None
    holder = holders.phrase(tree, subject)
    return Phrase(holder, verb, place, tree.below(verb)[-1] + 1, (told, told + 1), "certain")


_READ: Final = {
    "according": _according,
    "per": _per,
    "in": _view,
    "to": _view,
    "as": _as,
    "if": _believed,
}
