"""What the scorers look at: names for what the parse and the rules say of a clause."""

from __future__ import annotations

from collections.abc import Sequence

from annotations.suggest.claims.attribution import Attribution
from annotations.suggest.claims.quotes import Quote, quotes
from annotations.suggest.claims.rules import Rules
from annotations.suggest.claims.tree import Tree
from annotations.suggest.claims.value import Value

_COPULAS = frozenset(
    {"be", "become", "remain", "seem", "stay", "get", "look", "feel", "keep", "prove"}
)
_PERSONAL = frozenset(
    ["i", "we", "you", "he", "she", "they", "it", "this", "that", "there", "who", "one"]
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
    return made


def of_attributions(tree: Tree, rules: Rules, found: Sequence[Attribution]) -> list[list[str]]:
    """The features of each attribution: whether a source is given for facts, or for a feeling."""
    marked = quotes(tree.text)
    return [
        [
            *_of_attribution(tree, rules, one),
            *_beside(tree, one, found, marked),
            *_of_content(tree, one),
        ]
        for one in found
    ]


def _of_attribution(tree: Tree, rules: Rules, one: Attribution) -> list[str]:
    head = one.cue[0]
    content = one.content
    words, tags = tree.words, tree.tags
    lemma = tree.lemmas[head]
    if isinstance(one.source, tuple):
        first, end = one.source
        last = end - 1
        label = next(
            (name for start, stop, name in tree.names if start < end and first < stop), "none"
        )
        who = (
            words[last]
            if end - first == 1 and tags[last].startswith(("PRP", "W", "DT"))
            else tags[last]
        )
        source = f"{who}"
    else:
        label, source, last = "none", str(one.source), head
    env = rules.environment(head)
    inside = set(content)
    top = next(
        (each for each in content if tree.heads[each] not in inside or tree.heads[each] == each),
        content[0] if content else head,
    )
    value = rules.value(top)
    made = [
        f"cue={lemma}",
        f"cue={lemma}|{one.kind}",
        f"kind={one.kind}",
        f"kind={one.kind}|{one.quote}|{tags[top][:2]}",
        f"quote={one.quote}",
        f"quote={one.quote}|cue={lemma}",
        f"source={source}",
        f"label={label}",
        f"label={label}|source={source}",
        f"sourceword={tree.lemmas[last]}",
        f"cuetag={tags[head]}",
        f"cuetag={tags[head]}|source={source}",
        f"cuedep={tree.deps[head]}",
        f"env={env.sign}{env.rank}{env.frame}",
        f"length={min(len(content) // 5, 8)}",
        f"top={tree.lemmas[top]}",
        f"toptag={tags[top]}",
        f"value={value.sign}{value.rank}|{value.frame}|{value.time}",
        f"finite={tree.child(top, 'nsubj', 'nsubjpass', 'expl') is not None}",
        f"order={bool(content) and content[0] > head}|{one.quote}",
    ]
    made += [f"envcue={each.kind}|{each.effect}" for each in rules.own(head)]
    made += [
        f"aux={words[each]}"
        for each in tree.children[head]
        if tree.deps[each] in ("aux", "auxpass", "mark")
    ]
    low = {words[each] for each in content}
    made += [
        f"has={word}"
        for word in (
            "i",
            "we",
            "you",
            "my",
            "our",
            "should",
            "would",
            "will",
            "must",
            "if",
            "not",
            "n't",
            "going",
            "want",
            "think",
            "more",
            "percent",
            "%",
            "because",
            "n't",
            "very",
            "great",
            "good",
            "us",
            "can",
            "could",
            "may",
            "might",
            "has",
            "have",
            "had",
            "was",
            "were",
            "is",
            "are",
        )
        if word in low
    ]
    if any(tags[each] == "CD" for each in content):
        made.append("has=number")
    names = sum(1 for start, _, _ in tree.names if start in inside)
    made.append(f"names={min(names, 4)}")
    made.append(f"past={sum(tags[each] == 'VBD' for each in content) > 0}")
    made += [
        f"subject={words[each]}"
        for each in tree.children[top]
        if tree.deps[each] in ("nsubj", "nsubjpass")
    ]
    first, end = tree.sentences[tree.sentence_of[head]]
    made.append(f"asks={any(words[each] == '?' for each in range(first, end))}")
    return made


def _beside(
    tree: Tree, one: Attribution, found: Sequence[Attribution], marked: Sequence[Quote]
) -> list[str]:
    """How an attribution stands to the others of its text, and whether a quotation speaks."""
    outer = [each for each in found if _is_within(one, each)]
    inner = sum(_is_within(each, one) for each in found)
    quoted = any(mark.holds(tree.starts[one.cue[0]]) for mark in marked)
    made = [
        f"within={bool(outer)}",
        f"around={min(2, inner)}",
        f"quoted={quoted}",
        f"quoted={quoted}|{one.kind}",
    ]
    for each in outer:
        made += [
            f"withincue={tree.lemmas[each.cue[0]]}",
            f"withinkind={each.kind}|{one.kind}",
        ]
    return made


def _is_within(one: Attribution, other: Attribution) -> bool:
    """Whether one is part of what the other attributes, and not the other way round."""
    cue, around = one.cue[0], other.cue[0]
    return cue != around and cue in other.content and around not in one.content


def _of_content(tree: Tree, one: Attribution) -> list[str]:
    """What kinds of words the content is made of: a share of each, in a few steps."""
    tags = [tree.tags[each] for each in one.content]
    size = max(1, len(tags))

    def share(*wanted: str) -> float:
        return sum(tag in wanted for tag in tags) / size

    return [
        f"adjectives={min(4, int(20 * share('JJ', 'JJR', 'JJS')))}",
        f"propers={min(4, int(12 * share('NNP', 'NNPS')))}",
        f"compares={share('JJR', 'RBR', 'JJS', 'RBS') > 0}",
        f"adverbs={min(3, tags.count('RB'))}",
    ]
