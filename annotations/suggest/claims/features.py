"""What the scorers look at: names for what the parse and the rules say of a clause."""

from __future__ import annotations

from annotations.suggest.claims.rules import Rules
from annotations.suggest.claims.tree import Tree
from annotations.suggest.claims.value import Value

_COPULAS = frozenset(
    {"be", "become", "remain", "seem", "stay", "get", "look", "feel", "keep", "prove"}
)
_PERSONAL = frozenset(
    ["i", "we", "you", "he", "she", "they", "it", "this", "that", "there", "who", "one"]
)

_TOLD = frozenset(
    [
        "nsubj",
        "nsubjpass",
        "dobj",
        "attr",
        "acomp",
        "prep",
        "advmod",
        "npadvmod",
        "agent",
        "mark",
        "xcomp",
        "ccomp",
        "advcl",
    ]
)


def clause_of(tree: Tree, place: int) -> int:
    """The token that stands for the clause of a predicate: its copula where it has one."""
    head = tree.heads[place]
    if tree.deps[place] in ("acomp", "attr", "oprd") and tree.lemmas[head] in _COPULAS:
        return head
    if (
        tree.deps[place] == "pobj"
        and tree.deps[head] == "prep"
        and tree.lemmas[tree.heads[head]] == "be"
    ):
        return tree.heads[head]
    return place


def of_clause(tree: Tree, rules: Rules, place: int, value: Value | None = None) -> list[str]:
    """The features of a predicate: whether it happened, or is so, has to be told from them."""
    base = clause_of(tree, place)
    value = value or rules.value(base)
    lemma, tag, dep = tree.lemmas[place], tree.tags[place], tree.deps[base]
    head = tree.heads[base]
    sentence = tree.sentence_of[place]
    read = f"{value.sign}{value.rank}"
    made = [
        f"read={read}",
        f"frame={value.frame}",
        f"read={read}|{value.frame}|{value.time}",
        f"time={value.time}",
        f"held={type(value.holder).__name__}|{read}",
        f"lemma={lemma}",
        f"tag={tag}",
        f"dep={dep}",
        f"tag={tag}|dep={dep}",
        f"dep={dep}|head={tree.lemmas[head]}",
        f"tag={tag}|read={read}|{value.frame}",
        f"base={tree.tags[base]}",
    ]
    if base != place:
        made.append(f"predicated={tree.deps[place]}")
    auxiliaries = [
        tree.words[one] for one in tree.children[base] if tree.deps[one] in ("aux", "auxpass")
    ]
    made += [f"aux={one}" for one in auxiliaries]
    made.append(f"auxes={'+'.join(auxiliaries)}|{tree.tags[base]}")
    for one in tree.children[base]:
        under = tree.deps[one]
        if under in ("mark", "neg", "advmod", "prt", "expl", "cc"):
            made.append(f"{under}={tree.words[one]}")
        elif under in ("nsubj", "nsubjpass"):
            word = tree.words[one]
            made.append(f"subject={word if word in _PERSONAL else tree.tags[one]}")
        elif under in (
            "dobj",
            "xcomp",
            "ccomp",
            "acomp",
            "attr",
            "advcl",
            "prep",
            "det",
            "poss",
            "agent",
            "amod",
        ):
            made.append(f"has={under}")
            if under in ("det", "poss"):
                made.append(f"det={tree.words[one]}")
    made += [f"cue={one.kind}|{one.effect}" for one in value.cues]
    made += [f"cues={' '.join(tree.words[one.first : one.end])}" for one in value.cues]
    over = rules.over(base)
    if over is not None:
        env = rules.environment(over[0])
        made += [
            f"over={over[1].lemma}|{dep}",
            f"over={over[1].lemma}|{env.sign}",
            f"kind={over[1].kind}|{env.sign}{env.rank}",
            f"kind={over[1].kind}|{tag}",
        ]
    path = dep
    depth = 0
    outer_done = False
    for one in tree.above(base):
        depth += 1
        if depth <= 3:
            path += "<" + tree.deps[one]
            made.append(f"path={path}")
        if not outer_done and tree.tags[one][:2] in ("VB", "MD"):
            outer = rules.value(one)
            outer_done = True
            made += [
                f"outer={outer.sign}{outer.rank}|{outer.frame}",
                f"outer={outer.sign}{outer.rank}|{dep}|{tag[:2]}",
                f"outerlemma={tree.lemmas[one]}|{dep}",
                f"outertag={tree.tags[one]}|{dep}",
                f"outertime={outer.time}|{tag}",
            ]
    made.append(f"depth={min(depth, 4)}")
    first, end = tree.sentences[sentence]
    last = end - 1
    while last > first and tree.words[last] in ('"', "”", "'", ")", "''"):
        last -= 1
    closing = tree.words[last]
    made.append(f"closing={closing if closing in '?!.' else 'none'}|{depth == 0}")
    made.append(f"place={min(4, (place - first) * 5 // max(1, end - first))}")
    for one in range(first, end):
        word = tree.words[one]
        if word in (
            "i",
            "you",
            "we",
            "please",
            "if",
            "would",
            "will",
            "should",
            "could",
            "can",
            "may",
            "might",
        ):
            made.append(f"near={word}|{'before' if one < place else 'behind'}")
    return made + _around(tree, place, base)


def _around(tree: Tree, place: int, base: int) -> list[str]:
    """The words that stand beside a predicate and under it, and those that open and rule its sentence."""
    lemma, dep = tree.lemmas[place], tree.deps[base]
    made = [
        f"lemma={lemma}|{dep}",
        f"lemma={lemma}|{tree.tags[place]}",
        f"headlemma={tree.lemmas[tree.heads[base]]}",
        f"headtag={tree.tags[tree.heads[base]]}|{dep}",
    ]
    made += [
        f"{tree.deps[one]}lemma={tree.lemmas[one]}"
        for one in tree.children[base]
        if tree.deps[one] in _TOLD
    ]
    for step in (-2, -1, 1, 2):
        if 0 <= place + step < len(tree):
            made += [
                f"word{step}={tree.words[place + step]}",
                f"tag{step}={tree.tags[place + step]}",
            ]
    first, end = tree.sentences[tree.sentence_of[place]]
    made.append(f"length={min((end - first) // 6, 6)}")
    made.append(f"opens={tree.words[first]}")
    root = next((one for one in range(first, end) if tree.heads[one] == one), first)
    made.append(f"root={tree.lemmas[root]}|{tree.tags[root]}")
    return made
