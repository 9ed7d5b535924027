"""The rules up the tree: sign, certainty, frame, time and holder of a clause, and the cues.

The value of a clause is that of its own words, turned by the predicate over it, and so on up to
whoever holds it: signs multiply, the least certainty counts, and what a holder was not said to
say stays open.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from annotations.suggest.claims import holders
from annotations.suggest.claims.clause import own_value
from annotations.suggest.claims.cues import RANKS, Found, found_in, likelihood_at
from annotations.suggest.claims.governors import Governors
from annotations.suggest.claims.holders import UNNAMED, Holder
from annotations.suggest.claims.lexicon import Predicate, likelihoods, predicates
from annotations.suggest.claims.phrases import Phrase, phrases
from annotations.suggest.claims.tops import at_top, is_order, on_condition
from annotations.suggest.claims.tree import Tree
from annotations.suggest.claims.value import HOLDING, Value

_FRAMES: Final = {"wish": "wish_or_plan", "directive": "directive", "question": "question"}
_ADVISING: Final = frozenset({"advise", "suggest", "propose", "insist", "argue"})
_KNOWING: Final = frozenset(
    [
        "know",
        "reveal",
        "discover",
        "learn",
        "realize",
        "realise",
        "see",
        "disclose",
        "remember",
        "find",
        "notice",
    ]
)


@dataclass
class Rules:
    """The rules over one tree; what was worked out once is kept."""

    tree: Tree
    _values: dict[int, Value] = field(default_factory=dict)
    _own: dict[int, list[Found]] = field(default_factory=dict)
    _over: dict[int, tuple[int, Predicate] | None] = field(default_factory=dict)
    _phrases: dict[int, list[Phrase]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._governors = Governors(self.tree)

    def over(self, place: int) -> tuple[int, Predicate] | None:
        """The predicate that stands over a clause, and where."""
        if place not in self._over:
            self._over[place] = self._governors.over(place)
        return self._over[place]

    def opener(self, place: int) -> tuple[int, int, str] | None:
        """Where a question or a condition opens this clause, `[first, end)`, and its effect."""
        return self._governors.opener(place)

    def speaks(self, place: int) -> int | None:
        """The saying verb behind the quotation that a token stands in, if one is there."""
        return self._governors.speaking.get(place)

    def introduces(self, place: int) -> bool:
        """Whether a verb only says who speaks in the quotation ahead of it."""
        return place in self._governors.speaking.values()

    def own(self, place: int) -> list[Found]:
        """The cues of the clause at `place` itself; a verb that shares auxiliaries shares them."""
        made = self._own.get(place)
        if made is None:
            made = found_in(self.tree, place)
            tree, head = self.tree, self.tree.heads[place]
            if (
                tree.deps[place] == "conj"
                and tree.tags[place] in ("VB", "VBN", "VBG")
                and tree.tags[head] == tree.tags[place]
                and tree.child(place, "aux", "auxpass", "nsubj", "nsubjpass") is None
            ):
                shared = [
                    one
                    for one in self.own(head)
                    if one.first < head
                    and one.kind in ("modal", "tense", "negation", "hedge", "report")
                ]
                if any(tree.words[one] == "but" for one in tree.children[head]):
                    shared = [one for one in shared if one.kind != "negation"]
                made = shared + made
            self._own[place] = made
        return made

    def value(self, place: int) -> Value:
        """How the clause whose predicate is at `place` is held."""
        made = self._values.get(place)
        if made is None:
            self._values[place] = Value()  # a parse may go in circles through shared heads
            made = self._values[place] = self._work_out(place)
        return made

    def _work_out(self, place: int) -> Value:
        tree = self.tree
        own = own_value(self.tree, place, self.own(place))
        if own.depth > 12:
            return own
        opener = self.opener(place)
        over = self.over(place)
        if over is None:
            return at_top(self, place, own, opener)
        head, known = over
        made = self._under(place, head, known, own)
        if is_order(self, place):
            cue = Found(place, place + 1, "directive", "directive")
            made = replace(made, sign=0, rank=0, frame="directive", cues=(*made.cues, cue))
        if opener and opener[2] == "question" and known.kind != "denial":
            first, end, _ = opener
            cues = (*made.cues, Found(first, end, "question", "question"))
            env = self.environment(head)
            knows = (
                known.lemma in _KNOWING
                and env.sign > 0
                and env.rank
                and known.kind in ("factive", "report")
            )
            made = replace(
                made,
                sign=0,
                rank=3 if knows else 0,
                cues=cues,
                frame="assertion" if knows else "question",
                time=own.time if own.time == "future" else made.time,
                author="",
            )
        elif opener is None and tree.deps[place] == "advcl":
            pass
        return on_condition(self, place, made)

    def environment(self, head: int) -> Value:
        """How a predicate itself is held, as far as its own holder goes."""
        place = head
        tree = self.tree
        if not tree.tags[head].startswith("VB"):
            # An adjective's or a noun's clause is that of the verb over it.
            for one in tree.above(head):
                if tree.tags[one].startswith("VB") or tree.tags[one] == "MD":
                    place = one
                    break
            else:
                return Value()
        value = self.value(place)
        if place != head and tree.tags[head].startswith("NN"):
            so = tree.child(place, "acomp") if tree.heads[head] == place else None
            if so is not None and tree.lemmas[place] == "be":
                state = predicates("states").get(tree.lemmas[so])
                if state and state.kind == "denial":
                    return replace(value, sign=-value.sign, over=so, author="rejected")
            quantified = [one for one in self.own(place) if one.kind == "quantifier"]
            if tree.lemmas[place] != "be" and not quantified:
                # What is done with a claim says nothing of it, but for "rejected claims that".
                known = predicates("clauses").get(tree.lemmas[place])
                if known and known.kind == "denial" and tree.deps[head] == "dobj":
                    return replace(value, sign=-value.sign, over=place, author="rejected")
                return Value()
        return value

    def _under(self, place: int, head: int, known: Predicate, own: Value) -> Value:
        tree = self.tree
        env = self.environment(head)
        first, end = head, head + 1
        if (
            known.lemma in ("rule", "point", "turn")
            and end < len(tree)
            and tree.words[end] == "out"
        ):
            end += 1
        cue = Found(first, end, known.kind, known.said)
        rejected = env.author == "rejected"
        if rejected:
            verb = env.over
            is_verb = tree.tags[verb].startswith("VB")
            held = holders.of_verb(tree, verb) if is_verb else env.holder
            cues = (*own.cues, cue, Found(verb, verb + 1, "denial", "-certain"))
            if any(tree.words[one.first] == "would" for one in own.cues):
                own = replace(own, rank=3, time="future")  # what was to come, told in the past
            sign = -own.sign
            rank = own.rank if sign else 0
            return replace(own, sign=sign, rank=rank, holder=held, cues=cues, over=verb)
        local = tuple(one for one in env.cues if one not in own.cues)
        holder: Holder | None = env.holder
        over = env.over
        if known.kind in HOLDING:
            over = head
            if known.table == "nouns":
                holder = holders.of_noun(tree, head)
                if known.kind == "question" and holder == UNNAMED:
                    holder, over = env.holder, env.over
            elif known.table == "states":
                holder, over = env.holder, env.over
            elif known.table == "minds" and tree.child(head, "nsubjpass") is not None:
                holder = holders.phrase(tree, tree.child(head, "nsubjpass") or 0)
            elif tree.tags[head].startswith("VB") and tree.lemmas[head] != "be":
                holder = holders.of_verb(tree, head)
            elif known.table in ("minds", "actions"):
                copula = next(
                    (one for one in tree.above(head) if tree.tags[one].startswith("VB")), head
                )
                holder = holders.of_verb(tree, copula)
            local = tuple(one for one in self.own_chain(head) if one not in own.cues)
            if known.lemma in ("have", "need", "set", "due") and known.table == "actions":
                holder, over = env.holder, env.over
        if holder == UNNAMED:
            named = self._phrase_below(place)
            if named is not None:
                holder = named.holder
                local = (*local, Found(*named.cue, "report", named.certainty))
        cues = (*own.cues, *local, cue)
        if known.kind == "hedge":
            found = likelihood_at(tree, first, end)
            if found:
                value = likelihoods()[found[2]].value
                cues = (*own.cues, *local, Found(found[0], found[1], "hedge", value))
                return _likely(own, env, found[2], cues, holder, over)
        said = known.said if env.sign > 0 or env.rank == 0 else known.denied
        if env.rank == 0 and env.frame in ("condition", "question") and known.kind == "plan":
            said = "open"
        author = known.author if known.kind in ("factive", "denial") else ""
        if env.rank == 0 and known.kind not in ("wish", "directive", "question", "plan"):
            said = "open"
            if known.kind == "factive" and env.frame == "assertion":
                said = known.said
        advised = known.lemma in _ADVISING and any(
            tree.words[one.first] == "should" for one in own.cues
        )
        made = _turned(own, "directive" if advised else said, env, known)
        holder, beyond = self._chained(holder, known, env)
        return replace(
            made,
            holder=holder,
            beyond=beyond,
            cues=cues,
            over=over,
            author=author,
            doubt=own.doubt or env.doubt,
            likelihood=own.likelihood,
            depth=own.depth + 1,
        )

    def _chained(
        self, holder: Holder | None, known: Predicate, env: Value
    ) -> tuple[Holder | None, Holder | None]:
        """A holder, and who tells of them: "she said that the mayor denied it"."""
        outer = env.holder
        if known.kind not in HOLDING or holder == outer:
            return holder, env.beyond
        if not isinstance(holder, tuple) or not isinstance(outer, tuple):
            return holder, None
        tells = env.sign > 0 and env.rank > 1 and env.frame == "assertion"
        is_named = self.tree.words[outer[0]] not in ("who", "which", "that")
        return holder, outer if tells and is_named else None

    def phrases(self, place: int) -> list[Phrase]:
        """The phrases that name a holder in the sentence of a token."""
        number = self.tree.sentence_of[place]
        if number not in self._phrases:
            self._phrases[number] = list(phrases(self.tree, *self.tree.sentences[number]))
        return self._phrases[number]

    def _phrase_below(self, place: int) -> Phrase | None:
        """The "according to" inside this clause."""
        if not self.phrases(place):
            return None
        below = set(self.tree.below(place))
        for one in self.phrases(place):
            if one.root in below or self.filled(one) == place:
                return one
        return None

    def filled(self, phrase: Phrase) -> int | None:
        """The clause of a passive without agent ahead of a phrase, which then names its holder."""
        tree = self.tree
        first, _ = tree.sentences[tree.sentence_of[phrase.first]]
        for place in range(phrase.first - 1, first - 1, -1):
            over = self.over(place) if tree.tags[place].startswith("VB") else None
            if over is None or over[1].kind not in ("report", "belief"):
                continue
            verb, _ = over
            if tree.tags[verb] == "VBN" and holders.of_verb(tree, verb) == UNNAMED:
                return place
        return None

    def own_chain(self, head: int) -> tuple[Found, ...]:
        """The cues over a predicate, up to the next holder."""
        tree = self.tree
        place = head
        if not tree.tags[head].startswith("VB"):
            place = next((one for one in tree.above(head) if tree.tags[one].startswith("VB")), head)
        if tree.tags[head].startswith("NN") and tree.lemmas[place] != "be":
            return ()
        made = tuple(one for one in self.own(place) if one.kind != "tense")
        over = self.over(place)
        if over and over[1].kind not in HOLDING | {"report"}:
            made = (
                *made,
                Found(over[0], over[0] + 1, over[1].kind, over[1].said),
                *self.own_chain(over[0]),
            )
        return made


def _likely(
    own: Value,
    env: Value,
    words: str,
    cues: tuple[Found, ...],
    holder: Holder | None,
    over: int,
) -> Value:

    value = likelihoods()[words].value
    flips = sum(
        one.effect.startswith("flip")
        for one in cues
        if one.kind in ("negation", "quantifier") and one not in own.cues
    )
    sign = (
        own.sign
        * (-1 if value[0] == "-" else 1)
        * (-1 if flips and not words.startswith("almost no") else 1)
    )
    if env.rank == 0 and env.frame in ("question", "condition"):
        return replace(
            own,
            sign=0,
            rank=0,
            frame=env.frame,
            cues=cues,
            holder=holder,
            over=over,
            likelihood=words,
        )
    rank = min(own.rank, RANKS[value[1:]])
    time = own.time if own.time != "unspecified" else "future"
    return replace(
        own,
        sign=sign,
        rank=rank if sign else 0,
        time=time,
        cues=cues,
        holder=holder,
        over=over,
        likelihood=words,
    )


def _turned(own: Value, said: str, env: Value, known: Predicate) -> Value:
    """The clause's own value as the predicate over it turns it."""
    time = own.time
    if said in _FRAMES:
        return replace(own, sign=0, rank=0, frame=_FRAMES[said], time="unspecified")
    if said == "open":
        frame = env.frame if env.rank == 0 else own.frame
        return replace(own, sign=0, rank=0, frame=frame)
    if said == "plan":
        if own.rank == 0:
            return own
        rank = min(own.rank, 2)
        return replace(own, rank=rank, frame="wish_or_plan", time="future")
    if own.rank == 0 or own.sign == 0:
        return replace(own, sign=0, rank=0)
    sign = own.sign * (-1 if said[0] == "-" else 1)
    rank = min(own.rank, RANKS[said[1:]])
    if known.kind not in HOLDING:
        rank = min(rank, env.rank) if env.rank else rank
        time = env.time if time == "unspecified" else time
        frame = env.frame if env.frame != "assertion" else own.frame
        return replace(own, sign=sign, rank=rank, time=time, frame=frame)
    if (
        env.rank
        and any(one.kind in ("modal", "hedge") for one in env.cues)
        and known.kind in ("report", "belief")
    ):
        weak = [
            RANKS[one.effect.split()[-1]]
            for one in env.cues
            if one.kind == "hedge" and one.effect.split()[-1] in RANKS
        ]
        rank = min([rank, *weak])
    if time == "unspecified" and (
        known.lemma in ("expect", "predict", "forecast", "anticipate") or known.kind == "plan"
    ):
        time = "future"
    return replace(own, sign=sign, rank=rank, time=time)
