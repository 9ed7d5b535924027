"""Which predicate stands over a clause, and what opens the clause."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from annotations.suggest.claims.lexicon import Predicate, marks, predicates
from annotations.suggest.claims.speakers import inserted, passed_on, speakers
from annotations.suggest.claims.tree import Tree

_CLAUSAL: Final = frozenset(
    {"ccomp", "xcomp", "csubj", "csubjpass", "acl", "pcomp", "oprd", "relcl"}
)

_OPENING: Final = frozenset({"“", "‘", '"', "«", "``"})
_TELLING: Final = frozenset(
    ["tell", "inform", "assure", "convince", "persuade", "remind", "notify", "advise"]
)


_ABOUT: Final = frozenset({"of", "about", "on", "over", "to", "regarding", "than"})
"""Behind these a noun's own clause follows: "spoke of the claim that"."""


@dataclass(frozen=True, slots=True)
class Governors:
    """The predicates over the clauses of one tree.

    Attributes:
        speaking: for each token of a quotation with a speaker behind it, the saying verb.
    """

    tree: Tree
    speaking: dict[int, int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "speaking", speakers(self.tree))

    def over(self, place: int) -> tuple[int, Predicate] | None:
        """The predicate that stands over a clause, and where."""
        found = self._over(place)
        if found is None or found[1].kind == "report":
            found = passed_on(self.tree, place, found[0] if found else -1) or found
        if not self.speaking:
            return found
        verb = self.speaking.get(place)
        if verb is None:
            is_speaker = found is not None and self.speaking.get(found[0]) == place
            return None if is_speaker else found
        if found is not None or not self._is_widest(place):
            return found
        first, end = self.tree.sentences[self.tree.sentence_of[place]]
        if "?" in self.tree.words[first:end]:
            return None
        return verb, predicates("clauses")[self.tree.lemmas[verb]]

    def _is_widest(self, place: int) -> bool:
        """Whether a clause of a quotation stands under no other of the same quotation."""
        tree, head = self.tree, self.tree.heads[place]
        if head == place or self.speaking.get(head) != self.speaking[place]:
            return True
        is_finite = tree.tags[place] in ("VBD", "VBZ", "VBP") or any(
            tree.tags[one] in ("MD", "VBD", "VBZ", "VBP")
            for one in tree.children[place]
            if tree.deps[one] in ("aux", "auxpass")
        )
        beside = tree.deps[place] in ("ccomp", "parataxis", "conj")
        return is_finite and beside and self._is_widest(head)

    def _over(self, place: int) -> tuple[int, Predicate] | None:
        tree = self.tree
        dep, head = tree.deps[place], tree.heads[place]
        aside = inserted(tree, place)
        if aside is not None:
            return aside
        part = place
        for _ in range(4):
            if dep != "conj" or head == place:
                break
            aside = inserted(tree, head)
            if aside is not None and aside[0] > place:
                return aside
            part, dep, head = head, tree.deps[head], tree.heads[head]
        if head == place or self._is_opener(head):
            return None
        asked = self._asked(place, head)
        if asked is not None:
            return asked
        if dep == "advcl" and head < place and tree.tags[head].startswith("VB"):
            # "wondered if it lied": the parser may take the clause for a condition.
            asks = predicates("clauses").get(tree.lemmas[head])
            near = all(
                tree.deps[one] not in ("dobj", "ccomp", "punct")
                for one in tree.children[head]
                if one > head and one != place and one < place
            )
            if (
                asks
                and (asks.kind == "question" or asks.lemma in ("know", "say"))
                and near
                and self.opener(place)
            ):
                return head, asks
        if dep == "ccomp" and tree.deps[head] == "advcl" and self._is_past(part, head):
            head = tree.heads[head]
        if dep == "ccomp" and self._is_apart(part, head):
            return None
        if dep in ("parataxis", "dep") and tree.lemmas[head] in ("say", "tell", "add"):
            dep = "ccomp"
        if dep == "pobj" and tree.tags[place] == "VBG" and tree.words[head] == "from":
            dep = "pcomp"
        if dep not in _CLAUSAL:
            return None
        if dep == "relcl" and not self._is_content(place):
            return None
        if dep in ("acl", "relcl"):
            far = self._far(part, head)
            if far is not None:
                return far
        if dep in ("acl", "relcl") and tree.lemmas[head] not in predicates("nouns"):
            verb = tree.heads[head]
            told = tree.deps[head] in ("dobj", "dative") and tree.lemmas[verb] in _TELLING
            if told and tree.child(part, "mark") is not None:
                return verb, predicates("clauses")[tree.lemmas[verb]]
        if dep == "pcomp":
            head = tree.heads[head]
            verb = tree.heads[head]
            if tree.deps[head] == "dobj" and tree.lemmas[verb] in predicates("actions"):
                head = verb
        if tree.lemmas[head] == "be":
            noun = tree.child(head, "acomp")
            if noun is None and dep != "xcomp":
                noun = next(
                    (
                        one
                        for one in tree.children[head]
                        if tree.deps[one] in ("attr", "nsubj")
                        and tree.lemmas[one] in predicates("nouns")
                    ),
                    None,
                )
            head = noun if noun is not None else head
        found = self._known(place, head)
        return (head, found) if found else None

    def _asked(self, place: int, head: int) -> tuple[int, Predicate] | None:
        """The question that a "whether" behind its verb spells out: "met two questions: whether"."""
        tree = self.tree
        mark = tree.child(place, "mark")
        noun = tree.child(head, "dobj") or tree.child(head, "nsubj")
        if mark is None or tree.words[mark] != "whether" or noun is None or noun > mark:
            return None
        known = predicates("nouns").get(tree.lemmas[noun])
        told = tree.child(noun, "relcl") is not None
        return (noun, known) if told and known and known.kind == "question" else None

    def _far(self, place: int, noun: int) -> tuple[int, Predicate] | None:
        """The verb of a "that" that the parser hangs on a noun between: "said in May that"."""
        tree = self.tree
        mark = tree.child(place, "mark")
        if mark is None or tree.words[mark] != "that":
            return None
        between, verb = tree.heads[noun], noun
        if tree.deps[noun] == "pobj" and tree.words[between] not in _ABOUT:
            verb = tree.heads[between]
        elif tree.deps[noun] == "npadvmod":
            verb = between
        known = predicates("clauses").get(tree.lemmas[verb])
        if (
            verb >= noun
            or known is None
            or known.kind not in ("report", "belief", "denial", "factive")
            or tree.tags[verb][:2] != "VB"
        ):
            return None
        told = tree.child(verb, "dobj") is None or tree.lemmas[verb] in _TELLING
        return (verb, known) if told and tree.child(verb, "ccomp") is None else None

    def _opens_quote(self, start: int, place: int) -> bool:
        """Whether a quotation is opened between a clause's start and its predicate."""
        return any(word in _OPENING for word in self.tree.words[max(0, start - 1) : place])

    def _is_past(self, place: int, head: int) -> bool:
        """Whether a clause goes past the one set in before it: "told us, when asked, that"."""
        tree = self.tree
        mark = tree.child(place, "mark")
        verb = tree.heads[head]
        known = predicates("clauses").get(tree.lemmas[verb])
        return (
            mark is not None
            and tree.words[mark] == "that"
            and tree.words[mark - 1] == ","
            and verb < head < mark
            and known is not None
            and known.kind in ("report", "belief", "denial", "factive")
            and tree.child(verb, "ccomp") is None
        )

    def _is_apart(self, place: int, head: int) -> bool:
        """Whether a clause only stands beside a saying verb: behind a semicolon, or beside a "that"."""
        tree = self.tree
        mine = tree.child(place, "mark")
        if mine is not None and tree.words[mine] == "that":
            return False
        low, high = (place, head) if place < head else (head, place)
        between = [one for one in tree.children[head] if low < one < high]
        if (
            any(tree.words[one] in (";", ":") for one in (*between, *tree.children[place]))
            and place < head
        ):
            return True
        if any(tree.words[one] == ";" for one in between):
            return True
        thing = tree.child(head, "dobj")
        start = tree.below(place)[0]
        colon = ":" in tree.words[head:place] and not self._opens_quote(start, place)
        told = [one for one in tree.children[head] if tree.deps[one] == "ccomp" and one < place]
        if head < place and thing is not None and thing < place and colon:
            return (
                not told
            )  # "doubted it: the ice is thick", not "told us that it broke: it was thin"
        if any(tree.words[one] == "so" and tree.words[one - 1] == "," for one in (*between, start)):
            return head < place
        for one in tree.children[head]:
            if one != place and tree.deps[one] == "ccomp":
                mark = tree.child(one, "mark")
                if mark is not None and tree.words[mark] == "that":
                    return True
        return False

    def _is_content(self, place: int) -> bool:
        """Whether a clause that looks relative says what its noun says: "claims that it lied"."""
        tree = self.tree
        that = next((one for one in tree.children[place] if tree.words[one] == "that"), None)
        if that is None:
            return False
        # "The report that she asked the clerk": whom she asked is told, so "that" is not whom.
        things = [one for one in tree.children[place] if tree.deps[one] == "dobj" and one > place]
        is_spare = tree.deps[that] in ("dobj", "dative") and tree.child(place, "nsubj") is not None
        return tree.deps[that] == "mark" or (is_spare and bool(things))

    def _known(self, place: int, head: int) -> Predicate | None:
        tree = self.tree
        lemma, tag = tree.lemmas[head], tree.tags[head]
        bare = tree.tags[place] in ("VB", "VBG") and tree.child(place, "aux") is None
        unfinished = bare or any(
            tree.words[one] == "to" for one in tree.children[place] if tree.deps[one] == "aux"
        )
        unfinished = unfinished or (
            tree.tags[place] == "VBG"
            and not any(
                tree.tags[one] in ("VBZ", "VBP", "VBD")
                for one in tree.children[place]
                if tree.deps[one] == "aux"
            )
        )
        if tag.startswith("NN"):
            return predicates("nouns").get(lemma)
        if tag.startswith("JJ") or tag == "RB" or (tag == "VBN" and tree.deps[head] == "acomp"):
            return self._of_adjective(place, head, unfinished)
        if tag.startswith("VB"):
            if lemma == "be":
                return self._of_be(place, head, unfinished)
            if unfinished and tag == "VBN" and tree.words[head] in predicates("actions"):
                return predicates("actions")[tree.words[head]]  # "bound to", "supposed to"
            if unfinished:
                return predicates("actions").get(lemma) or (
                    predicates("clauses").get(lemma) if tree.deps[place] == "ccomp" else None
                )
            if tag == "VBN" and tree.words[head] in predicates("minds"):
                return predicates("minds").get(tree.words[head])
            found = predicates("clauses").get(lemma)
            if (
                found
                and lemma == "rule"
                and not any(tree.words[one] == "out" for one in tree.children[head])
            ):
                return predicates("clauses").get("decide")
            if found and lemma == "ask" and self._is_wanted(place):
                return found  # "asked that the lamps be put out"
            if found and lemma == "ask" and not self.opener(place):
                return None if not self._is_quoted(place) else predicates("clauses").get("say")
            if found is None and tree.deps[place] == "ccomp" and head < place:
                mark = tree.child(place, "mark")
                if mark is not None and tree.words[mark] == "that":
                    return replace(predicates("clauses")["say"], lemma=lemma)
            if found and lemma == "question" and self.opener(place):
                return predicates("clauses").get("ask")
            return found
        return None

    def _is_wanted(self, place: int) -> bool:
        """Whether a clause says what is to be, not what is: "that he resign", "that it be sold"."""
        tree = self.tree
        auxiliaries = [one for one in tree.children[place] if tree.deps[one] in ("aux", "auxpass")]
        form = auxiliaries[0] if auxiliaries else place
        return tree.tags[form] == "VB" and tree.words[form] not in ("do", "did")

    def _of_adjective(self, place: int, head: int, unfinished: bool) -> Predicate | None:
        tree = self.tree
        lemma = tree.lemmas[head]
        if unfinished:
            found = predicates("actions").get(lemma)
            return found or predicates("minds").get(lemma)
        copula = tree.heads[head]
        subject = tree.child(copula, "nsubj", "expl", "nsubjpass")
        impersonal = subject is None or tree.words[subject] in (
            "it",
            "there",
            "what",
            "that",
            "this",
        )
        first, second = ("states", "minds") if impersonal else ("minds", "states")
        return predicates(first).get(lemma) or predicates(second).get(lemma)

    def _of_be(self, place: int, head: int, unfinished: bool) -> Predicate | None:
        tree = self.tree
        noun = tree.child(head, "acomp")
        if noun is not None:
            return self._of_adjective(place, noun, unfinished)
        noun = tree.child(head, "attr", "nsubj")
        if unfinished and tree.deps[place] == "xcomp":
            return predicates("actions").get("set")
        if noun is not None and tree.lemmas[noun] in predicates("nouns"):
            return predicates("nouns")[tree.lemmas[noun]]
        return None

    def _is_quoted(self, place: int) -> bool:
        return any(
            self.tree.words[one] in ('"', "“", "”", "''", "``")
            for one in self.tree.children[self.tree.heads[place]]
        )

    def opener(self, place: int) -> tuple[int, int, str] | None:
        """Where a question or a condition opens this clause, `[first, end)`, and its effect."""
        tree = self.tree
        known = marks("openers")
        head = tree.heads[place]
        if self._is_opener(head) and tree.deps[place] == "ccomp":
            return head, head + 1, known[tree.words[head]].effect
        start = tree.below(place)[0]
        for words, mark in known.items():
            size = len(mark.words)
            if size < 2:
                continue
            for first in range(max(0, start - size), start + 1):
                if 0 <= first < place and tuple(tree.words[first : first + size]) == mark.words:
                    return first, first + size, known[words].effect
        for one in tree.children[place]:
            word = tree.words[one]
            if (
                tree.deps[one] in ("mark", "advmod", "prep", "dep")
                and word in known
                and one < place
            ):
                if word == "if" and one and tree.words[one - 1] == "even":
                    return None
                return one, one + 1, known[word].effect
        return None

    def _is_opener(self, verb: int) -> bool:
        """Whether a participle only opens a condition: "assuming the rain stops"."""
        tree = self.tree
        return (
            tree.words[verb] in marks("openers")
            and tree.tags[verb] in ("VBG", "VBN")
            and tree.child(verb, "nsubj", "nsubjpass", "aux", "auxpass") is None
            and tree.deps[verb] in ("advcl", "prep")
        )
