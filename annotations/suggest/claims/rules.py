"""The rules up the tree: sign, certainty, frame, time and holder of a clause, and the cues.

The value of a clause is that of its own words, turned by the predicate over it, and so on up to
whoever holds it: signs multiply, the least certainty counts, and what a holder was not said to
say stays open.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from annotations.suggest.claims import holders
from annotations.suggest.claims.cues import RANKS, WHO_ASKS, Found, found_in, likelihood_at
from annotations.suggest.claims.holders import GENERIC, UNNAMED, Holder
from annotations.suggest.claims.lexicon import Predicate, marks, predicates
from annotations.suggest.claims.tree import Tree

HOLDING: Final = frozenset({"report", "belief", "denial", "factive", "wish", "directive", "question", "plan", "quotation"})
"""The kinds of predicates whose clause somebody else may hold than the author."""

_CLAUSAL = frozenset({"ccomp", "xcomp", "csubj", "csubjpass", "acl", "pcomp", "oprd", "relcl"})
_FRAMES = {"wish": "wish_or_plan", "directive": "directive", "question": "question"}
_KNOWING = frozenset({"know", "reveal", "discover", "learn", "realize", "realise", "see", "disclose", "remember", "find", "notice"})
_AWAITED = frozenset({"expect", "anticipate", "fear", "predict", "forecast", "suspect", "tip", "presume"})
_PLANNED = frozenset({"plan", "schedule", "slate", "intend", "propose"})
_WANTED = frozenset({"allow", "permit", "authorize", "authorise"})


@dataclass(frozen=True, slots=True)
class Value:
    """How a clause is held.

    Attributes:
        sign: 1 affirms, -1 denies, 0 open.
        rank: 3 certain, 2 probable, 1 possible, 0 uncommitted.
        holder: the tokens of who holds it, `unnamed`, `generic`, or None for the author.
        cues: in the order in which they were found, the clause's own first.
        over: the predicate over the clause that gave it its holder, or -1.
        author: the author's own value, where the predicate commits the author too.
    """

    sign: int = 1
    rank: int = 3
    frame: str = "assertion"
    time: str = "unspecified"
    holder: Holder | None = None
    cues: tuple[Found, ...] = ()
    over: int = -1
    author: str = ""
    likelihood: str = ""
    doubt: bool = False
    depth: int = 0

    @property
    def stance(self) -> str:
        """The stance's name."""
        return {1: "affirms", -1: "denies", 0: "open"}[self.sign]

    @property
    def certainty(self) -> str:
        """The certainty's name."""
        return ("uncommitted", "possible", "probable", "certain")[self.rank]


@dataclass
class Rules:
    """The rules over one tree; what was worked out once is kept."""

    tree: Tree
    _values: dict[int, Value] = field(default_factory=dict)
    _own: dict[int, list[Found]] = field(default_factory=dict)

    def own(self, place: int) -> list[Found]:
        """The cues of the clause at `place` itself; a verb that shares auxiliaries shares them."""
        made = self._own.get(place)
        if made is None:
            made = found_in(self.tree, place)
            tree, head = self.tree, self.tree.heads[place]
            if tree.deps[place] == "conj" and tree.tags[place] in ("VB", "VBN", "VBG"):
                if tree.child(place, "aux", "auxpass", "nsubj", "nsubjpass") is None and tree.tags[head] == tree.tags[place]:
                    shared = [one for one in self.own(head) if one.first < head and one.kind in ("modal", "tense", "negation", "hedge", "report")]
                    if any(tree.words[one] == "but" for one in tree.children[head]):
                        shared = [one for one in shared if one.kind != "negation"]
                    made = shared + made
            self._own[place] = made
        return made

    def over(self, place: int) -> tuple[int, Predicate] | None:
        """The predicate that stands over a clause, and where."""
        tree = self.tree
        dep, head = tree.deps[place], tree.heads[place]
        aside = self._aside(place)
        if aside is not None:
            return aside
        part = place
        for _ in range(4):
            if dep != "conj" or head == place:
                break
            aside = self._aside(head)
            if aside is not None and aside[0] > place:
                return aside
            part, dep, head = head, tree.deps[head], tree.heads[head]
        if head == place:
            return None
        if dep == "advcl" and head < place and tree.tags[head].startswith("VB"):
            # "wondered if it lied": the parser may take the clause for a condition.
            asks = predicates("clauses").get(tree.lemmas[head])
            near = all(tree.deps[one] not in ("dobj", "ccomp", "punct") for one in tree.children[head] if one > head and one != place and one < place)
            if asks and (asks.kind == "question" or asks.lemma in ("know", "say")) and near and self._opener(place):
                return head, asks
        if dep == "ccomp" and self._is_apart(part, head):
            return None
        if dep in ("parataxis", "dep") and tree.lemmas[head] in ("say", "tell", "add"):
            dep = "ccomp"
        if dep not in _CLAUSAL:
            return None
        if dep == "relcl" and not self._is_content(place):
            return None
        if dep == "pcomp":
            head = tree.heads[head]
            verb = tree.heads[head]
            if tree.deps[head] == "dobj" and tree.lemmas[verb] in predicates("actions"):
                head = verb
        if tree.lemmas[head] == "be":
            noun = tree.child(head, "acomp")
            if noun is None and dep != "xcomp":
                noun = next((one for one in tree.children[head] if tree.deps[one] in ("attr", "nsubj") and tree.lemmas[one] in predicates("nouns")), None)
            head = noun if noun is not None else head
        found = self._known(place, head)
        return (head, found) if found else None

    def _is_apart(self, place: int, head: int) -> bool:
        """Whether a clause only stands beside a saying verb: behind a semicolon, or beside a "that"."""
        tree = self.tree
        mine = tree.child(place, "mark")
        if mine is not None and tree.words[mine] == "that":
            return False
        low, high = (place, head) if place < head else (head, place)
        between = [one for one in tree.children[head] if low < one < high]
        if any(tree.words[one] in (";", ":") for one in (*between, *tree.children[place])) and place < head:
            return True
        if any(tree.words[one] == ";" for one in between):
            return True
        for one in tree.children[head]:
            if one != place and tree.deps[one] == "ccomp":
                mark = tree.child(one, "mark")
                if mark is not None and tree.words[mark] == "that":
                    return True
        return False

    def _aside(self, place: int) -> tuple[int, Predicate] | None:
        """The verb of an attribution set into its own content: "the road, she said, was shut"."""
        tree = self.tree
        for one in tree.children[place]:
            if tree.deps[one] not in ("parataxis", "ccomp", "advcl") or tree.tags[one] not in ("VBD", "VBZ", "VBP", "VBN"):
                continue
            known = predicates("clauses").get(tree.lemmas[one])
            if known is None or known.kind not in ("report", "belief") or known.lemma in ("agree", "show", "find"):
                continue
            under = [tree.deps[each] for each in tree.children[one]]
            if "ccomp" in under or "mark" in under or "dobj" in under or not {"nsubj", "nsubjpass"} & set(under):
                continue
            tokens = tree.below(one)
            before, behind = tokens[0] - 1, tokens[-1] + 1
            near = [each for each in (before, behind) if 0 <= each < len(tree)]
            if any(tree.deps[each] == "punct" for each in near) and len(tokens) < 30:
                return one, known
        return None

    def _is_content(self, place: int) -> bool:
        """Whether a clause that looks relative says what its noun says: "claims that it lied"."""
        tree = self.tree
        that = [one for one in tree.children[place] if tree.words[one] == "that"]
        return bool(that) and tree.deps[that[0]] == "mark"

    def _known(self, place: int, head: int) -> Predicate | None:
        tree = self.tree
        lemma, tag = tree.lemmas[head], tree.tags[head]
        bare = tree.tags[place] in ("VB", "VBG") and tree.child(place, "aux") is None
        unfinished = bare or any(tree.words[one] == "to" for one in tree.children[place] if tree.deps[one] == "aux")
        unfinished = unfinished or tree.tags[place] == "VBG" and not any(tree.tags[one] in ("VBZ", "VBP", "VBD") for one in tree.children[place] if tree.deps[one] == "aux")
        if tag.startswith("NN"):
            return predicates("nouns").get(lemma)
        if tag.startswith("JJ") or tag == "RB" or (tag == "VBN" and tree.deps[head] == "acomp"):
            return self._of_adjective(place, head, unfinished)
        if tag.startswith("VB"):
            if lemma == "be":
                return self._of_be(place, head, unfinished)
            if unfinished:
                return predicates("actions").get(lemma) or (predicates("clauses").get(lemma) if tree.deps[place] == "ccomp" else None)
            if tag == "VBN" and tree.words[head] in predicates("minds"):
                return predicates("minds").get(tree.words[head])
            found = predicates("clauses").get(lemma)
            if found and lemma == "rule" and not any(tree.words[one] == "out" for one in tree.children[head]):
                return predicates("clauses").get("decide")
            if found and lemma == "ask" and not self._opener(place):
                return None if not self._is_quoted(place) else predicates("clauses").get("say")
            if found is None and tree.deps[place] == "ccomp" and head < place:
                mark = tree.child(place, "mark")
                if mark is not None and tree.words[mark] == "that":
                    return replace(predicates("clauses")["say"], lemma=lemma)
            if found and lemma == "question" and self._opener(place):
                return predicates("clauses").get("ask")
            return found
        return None

    def _of_adjective(self, place: int, head: int, unfinished: bool) -> Predicate | None:
        tree = self.tree
        lemma = tree.lemmas[head]
        if unfinished:
            found = predicates("actions").get(lemma)
            return found or predicates("minds").get(lemma)
        copula = tree.heads[head]
        subject = tree.child(copula, "nsubj", "expl", "nsubjpass")
        impersonal = subject is None or tree.words[subject] in ("it", "there", "what", "that", "this")
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
        return any(self.tree.words[one] in ('"', "“", "”", "''", "``") for one in self.tree.children[self.tree.heads[place]])

    def _opener(self, place: int) -> tuple[int, str] | None:
        """Where a question or a condition opens this clause, and its effect."""
        tree = self.tree
        known = marks("openers")
        for one in tree.children[place]:
            word = tree.words[one]
            if tree.deps[one] in ("mark", "advmod", "prep", "dep") and word in known and one < place:
                if word == "if" and one and tree.words[one - 1] == "even":
                    return None
                if word == "once" and tree.deps[one] != "mark" and tree.deps[one] != "advmod":
                    continue
                effect = known[word].effect
                return (one, effect) if effect != "time" else None
            if word in ("if", "though") and tree.deps[one] == "mark" and one and tree.words[one - 1] == "as":
                return one - 1, "condition"
        return None

    # The value

    def value(self, place: int) -> Value:
        """How the clause whose predicate is at `place` is held."""
        made = self._values.get(place)
        if made is None:
            self._values[place] = Value()  # a parse may go in circles through shared heads
            made = self._values[place] = self._work_out(place)
        return made

    def _work_out(self, place: int) -> Value:
        tree = self.tree
        own = self._with_own(place)
        if own.depth > 12:
            return own
        opener = self._opener(place)
        over = self.over(place)
        if over is None:
            return self._at_top(place, own, opener)
        head, known = over
        made = self._under(place, head, known, own)
        if self._is_order(place):
            cue = Found(place, place + 1, "directive", "directive")
            made = replace(made, sign=0, rank=0, frame="directive", cues=(*made.cues, cue))
        if opener and opener[1] == "question" and known.kind != "denial":
            first = opener[0]
            cues = (*made.cues, Found(first, first + 1, "question", "question"))
            env = self.environment(head)
            knows = known.lemma in _KNOWING and env.sign > 0 and env.rank and known.kind in ("factive", "report")
            made = replace(made, sign=0, rank=3 if knows else 0, cues=cues, frame="assertion" if knows else "question", author="")
        elif opener is None and tree.deps[place] == "advcl":
            pass
        return self._on_condition(place, made)

    def _with_own(self, place: int) -> Value:
        tree = self.tree
        made = Value(time=self._time(place))
        sign, rank, frame, time, holder, cues = 1, 3, "assertion", made.time, None, []
        likelihood = ""
        for one in self.own(place):
            cues.append(one)
            phrase = likelihood_at(tree, one.first, one.end) if one.kind == "hedge" else None
            if phrase:
                from annotations.suggest.claims.lexicon import likelihoods

                likelihood = phrase[2]
                value = likelihoods()[phrase[2]].value
                sign *= -1 if value[0] == "-" else 1
                rank = min(rank, RANKS[value[1:]])
                cues[-1] = Found(phrase[0], phrase[1], "hedge", value)
                continue
            for effect in one.effect.split():
                if effect == "flip":
                    sign = -sign
                elif effect in RANKS:
                    rank = min(rank, RANKS[effect])
                    if one.kind == "modal" and effect != "certain" and time == "past_or_present":
                        time = "unspecified"
                elif effect == "future":
                    time = "future"
                elif effect == "unnamed":
                    holder = UNNAMED
                elif effect == "directive":
                    frame, sign, rank = "directive", 0, 0
                elif effect == "open":
                    sign, rank, frame = 0, 0, "condition"
        if rank == 0 or sign == 0:
            sign, rank = 0, 0
        if tree.lemmas[place] in ("go", "be") and tree.child(place, "xcomp") is not None and tree.words[place] == "going":
            time = "future"
        lemma = tree.lemmas[place]
        if tree.child(place, "nsubjpass") is not None and tree.child(place, "xcomp", "ccomp") is None and holder is None:
            if lemma in _AWAITED:
                rank, time = min(rank, 1 if lemma == "fear" else 2), "future"
                cues.append(Found(place, place + 1, "hedge", "probable"))
                holder = UNNAMED if tree.child(place, "agent") is None else holders.of_verb(tree, place)
            elif lemma in _PLANNED:
                rank, time, frame = min(rank, 2), "future", "wish_or_plan"
                cues.append(Found(place, place + 1, "hedge", "probable"))
        if rank == 0 and sign:
            sign = 0
        return replace(made, sign=sign, rank=rank, frame=frame, time=time, holder=holder, cues=tuple(cues), likelihood=likelihood)

    def _time(self, place: int) -> str:
        tree = self.tree
        tag = tree.tags[place]
        if tag in ("VBD", "VBZ", "VBP"):
            return "past_or_present"
        for one in tree.children[place]:
            if tree.deps[one] in ("aux", "auxpass") and tree.tags[one] in ("VBD", "VBZ", "VBP"):
                return "past_or_present"
        if tag == "VBN" or any(tree.words[one] in ("have", "having") for one in tree.children[place] if tree.deps[one] == "aux"):
            return "past_or_present"
        if tree.deps[place] == "conj" and tree.heads[place] != place:
            return self._time(tree.heads[place])
        return "unspecified"

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
        if known.lemma in ("rule", "point", "turn") and end < len(tree) and tree.words[end] == "out":
            end += 1
        cue = Found(first, end, known.kind, known.said)
        rejected = env.author == "rejected"
        if rejected:
            verb = env.over
            held = holders.of_verb(tree, verb)
            cues = (*own.cues, cue, Found(verb, verb + 1, "denial", "-certain"))
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
                copula = next((one for one in tree.above(head) if tree.tags[one].startswith("VB")), head)
                holder = holders.of_verb(tree, copula)
            local = tuple(one for one in self.own_chain(head) if one not in own.cues)
            if known.lemma in ("have", "need", "set", "due") and known.table == "actions":
                holder, over = env.holder, env.over
        if holder == UNNAMED:
            named = self._phrase_below(place)
            if named is not None:
                holder = named[0]
                local = (*local, Found(named[1], named[1] + 2, "report", "certain"))
        cues = (*own.cues, *local, cue)
        if known.kind == "hedge":
            found = likelihood_at(tree, first, end)
            if found:
                cues = (*own.cues, *local, Found(found[0], found[1], "hedge", known.said))
                return self._likely(own, env, found[2], cues, holder, over)
        said = known.said if env.sign > 0 or env.rank == 0 else known.denied
        if env.rank == 0 and env.frame in ("condition", "question") and known.kind == "plan":
            said = "open"
        author = known.author if known.kind in ("factive", "denial") else ""
        if env.rank == 0 and known.kind not in ("wish", "directive", "question", "plan"):
            said = "open"
            if known.kind == "factive" and env.frame == "assertion":
                said = known.said
        made = self._turned(own, said, env, known)
        if known.lemma in _WANTED:
            made = replace(made, frame="assertion" if made.frame == "directive" else made.frame)
        return replace(made, holder=holder, cues=cues, over=over, author=author, doubt=own.doubt or env.doubt, likelihood=own.likelihood, depth=own.depth + 1)

    def _phrase_below(self, place: int) -> tuple[Holder, int] | None:
        """The holder that an "according to" inside this clause names, and where it stands."""
        tree = self.tree
        for one in tree.below(place):
            if tree.words[one] == "according":
                found = holders.of_phrase(tree, one)
                if found:
                    return found[0], one
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
            made = (*made, Found(over[0], over[0] + 1, over[1].kind, over[1].said), *self.own_chain(over[0]))
        return made

    def _likely(self, own: Value, env: Value, words: str, cues: tuple[Found, ...], holder: Holder | None, over: int) -> Value:
        from annotations.suggest.claims.lexicon import likelihoods

        value = likelihoods()[words].value
        flips = sum(one.effect.startswith("flip") for one in cues if one.kind in ("negation", "quantifier") and one not in own.cues and one.first < len(self.tree))
        sign = own.sign * (-1 if value[0] == "-" else 1) * (-1 if flips and not words.startswith("almost no") else 1)
        if env.rank == 0 and env.frame in ("question", "condition"):
            return replace(own, sign=0, rank=0, frame=env.frame, cues=cues, holder=holder, over=over, likelihood=words)
        rank = min(own.rank, RANKS[value[1:]])
        time = own.time if own.time != "unspecified" else "future"
        return replace(own, sign=sign, rank=rank if sign else 0, time=time, cues=cues, holder=holder, over=over, likelihood=words)

    def _turned(self, own: Value, said: str, env: Value, known: Predicate) -> Value:
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
        if env.rank and any(one.kind in ("modal", "hedge") for one in env.cues) and known.kind in ("report", "belief"):
            weak = [RANKS[one.effect.split()[-1]] for one in env.cues if one.kind == "hedge" and one.effect.split()[-1] in RANKS]
            rank = min([rank, *weak])
        if time == "unspecified" and (known.lemma in ("expect", "predict", "forecast", "anticipate") or known.kind == "plan"):
            time = "future"
        return replace(own, sign=sign, rank=rank, time=time)

    # The top of a sentence

    def _at_top(self, place: int, own: Value, opener: tuple[int, str] | None) -> Value:
        tree = self.tree
        dep, head = tree.deps[place], tree.heads[place]
        if opener:
            first, effect = opener
            cues = (*own.cues, Found(first, first + 1, effect, effect))
            outer = self._holder_of(place)
            return replace(own, sign=0, rank=0, frame=effect, cues=cues, holder=outer[0], over=outer[1])
        if dep == "advcl":
            if self._is_inverted(place):
                first = tree.below(place)[0]
                cues = (*own.cues, Found(first, first + 1, "condition", "condition"))
                return replace(own, sign=0, rank=0, frame="condition", cues=cues)
            if tree.tags[place] == "VB" and any(tree.words[one] == "to" for one in tree.children[place]):
                return replace(own, sign=0, rank=0, frame="wish_or_plan")
        if dep in ("advcl", "relcl", "acl", "conj", "ccomp", "parataxis", "pcomp") and head != place:
            outer = self._holder_of(place)
            own = replace(own, holder=own.holder or outer[0], over=outer[1])
            if tree.words[head] and dep == "conj" and tree.deps[head] in ("ROOT", "advcl"):
                top = self._sentence_frame(head, own) if tree.deps[head] == "ROOT" else own
                if top.frame == "question":
                    return top
        elif dep == "ROOT":
            own = self._sentence_frame(place, own)
        own = self._by_phrase(place, own)
        return self._on_condition(place, own)

    def _holder_of(self, place: int) -> tuple[Holder | None, int]:
        """Who holds the clause that this one is only part of."""
        tree = self.tree
        for one in tree.above(place):
            if tree.tags[one].startswith("VB") or tree.tags[one] == "MD":
                value = self.value(one)
                return value.holder, value.over
        return None, -1

    def _is_inverted(self, place: int) -> bool:
        tree = self.tree
        tokens = tree.below(place)
        subject = tree.child(place, "nsubj", "nsubjpass")
        return subject is not None and tokens[0] < subject and tree.words[tokens[0]] in ("had", "should", "were") and tree.heads[tokens[0]] == place

    def _sentence_frame(self, place: int, own: Value) -> Value:
        tree = self.tree
        first, end = tree.sentences[tree.sentence_of[place]]
        last = end - 1
        while last > first and (tree.words[last] in ('"', "”", "’", "'", ")", "''") or not tree.words[last].strip()):
            last -= 1
        if tree.words[last] == "?":
            asked = [one for one in tree.below(place) if tree.tags[one] in WHO_ASKS and one < place and self._near(one, place)]
            if asked:
                cue = Found(asked[0], asked[0] + 1, "question", "presupposed")
                return replace(own, cues=(*own.cues, cue))
            cue = Found(last, last + 1, "question", "question")
            return replace(own, sign=0, rank=0, frame="question", cues=(*own.cues, cue))
        if self._is_order(place):
            cue = Found(place, place + 1, "directive", "directive")
            return replace(own, sign=0, rank=0, frame="directive", cues=(*own.cues, cue))
        return own

    def _is_order(self, place: int) -> bool:
        """Whether it is an imperative: a bare verb without a subject."""
        tree = self.tree
        if tree.tags[place] != "VB" or tree.deps[place] not in ("ROOT", "ccomp"):
            return False
        auxiliaries = {tree.words[one] for one in tree.children[place] if tree.deps[one] in ("aux", "mark")}
        return tree.child(place, "nsubj", "nsubjpass", "expl") is None and auxiliaries <= {"do", "please"}

    def _near(self, one: int, place: int) -> bool:
        """Whether a question word asks in this clause, and not in one under it."""
        tree = self.tree
        for each in tree.above(one):
            if each == place:
                return True
            if tree.tags[each].startswith("VB"):
                return False
        return False

    def _by_phrase(self, place: int, own: Value) -> Value:
        """The holder that "according to" or "in her view" gives a clause without another."""
        if own.holder is not None:
            return own
        tree = self.tree
        first, end = tree.sentences[tree.sentence_of[place]]
        for one in range(first, end):
            if tree.words[one] in ("according", "in", "per", "to"):
                found = holders.of_phrase(tree, one)
                if found and tree.words[one] != "to" and self._reaches(one, place):
                    holder, start, stop, certainty = found
                    shown = stop if tree.words[one] == "in" else one + (2 if tree.words[one] == "according" else 1)
                    if tree.words[one] == "in":
                        start, shown = next((each, each + 1) for each in range(one, stop) if tree.lemmas[each] in holders._VIEWS)
                    cue = Found(start, shown, "report", certainty)
                    return replace(own, holder=holder, rank=min(own.rank, RANKS[certainty]), cues=(*own.cues, cue), over=one)
        return own

    def _reaches(self, phrase: int, place: int) -> bool:
        """Whether a phrase that names a holder is not that of a clause with a holder of its own."""
        for one in self.tree.above(phrase):
            if one == place:
                return True
            if self.tree.tags[one].startswith("VB"):
                over = self.over(one)
                if over is not None and over[1].kind in HOLDING:
                    return False
        return True

    def _on_condition(self, place: int, own: Value) -> Value:
        """A clause that hangs on an if is open with it."""
        tree = self.tree
        for one in tree.children[place]:
            if tree.deps[one] != "advcl":
                continue
            opener = self._opener(one)
            if opener and opener[1] == "condition" and tree.words[opener[0]] not in ("as", "lest", "in"):
                cue = Found(opener[0], opener[0] + 1, "condition", "condition")
            elif self._is_inverted(one):
                first = tree.below(one)[0]
                cue = Found(first, first + 1, "condition", "condition")
            else:
                continue
            return replace(own, sign=0, rank=0, frame="condition", cues=(*own.cues, cue))
        would = next((one for one in own.cues if one.kind == "modal" and tree.words[one.first] in ("would", "'d")), None)
        if would and own.holder is not None and own.rank == 2:
            over = own.over
            if over >= 0 and tree.tags[over] == "VBD" and predicates("clauses").get(tree.lemmas[over]):
                # "said that it would": the future of what was said.
                known = predicates("clauses")[tree.lemmas[over]]
                rank = RANKS[known.said[1:]] if known.said[1:] in RANKS else own.rank
                return replace(own, rank=rank, time="future")
        return own
