"""What the scorers of attributions look at: whether a source is given for facts, or for a feeling."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from annotations.suggest.claims.attribution import Attribution
from annotations.suggest.claims.lexicon import predicates, sorts
from annotations.suggest.claims.quotes import Quote, quotes
from annotations.suggest.claims.rules import Rules
from annotations.suggest.claims.tree import Tree

_FIRST: Final = frozenset({"i", "my", "me", "'m"})


def of_attributions(tree: Tree, rules: Rules, found: Sequence[Attribution]) -> list[list[str]]:
    """The names of what holds of each attribution."""
    marked = quotes(tree.text)
    return [
        [
            *_of_attribution(tree, rules, one),
            *_beside(tree, one, found, marked),
            *_of_content(tree, one),
            *_of_words(tree, one),
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


def _of_words(tree: Tree, one: Attribution) -> list[str]:
    """What sorts of words name the source, attribute, and stand in the content."""
    lemmas, words, content = tree.lemmas, tree.words, one.content
    cue = lemmas[one.cue[0]]
    known = predicates("clauses").get(cue) or predicates("nouns").get(cue)
    made = [f"says={known.kind}|{known.said}" if known else "says="]
    if isinstance(one.source, tuple):
        of_sources = sorts("source")
        found = {
            of_sources.get(lemmas[each]) or of_sources.get(words[each])
            for each in range(*one.source)
        }
        made += [f"role={sort}" for sort in sorted(found - {None}, key=str)] or ["role="]
    feelings = sum(lemmas[each] in sorts("content") for each in content)
    first = sum(words[each] in _FIRST for each in content)
    made += [f"feelings={min(3, feelings)}", f"feelings={min(3, feelings)}|{one.quote}"]
    made += [f"first={min(3, first)}", f"first={min(3, first)}|{one.quote}"]
    if content:
        part = 4 * content[0] // len(tree)
        made += [f"place={part}", f"place={part}|{one.kind}"]
        inside = set(content)
        top = next((each for each in content if tree.heads[each] not in inside), content[0])
        subject = tree.child(top, "nsubj", "nsubjpass", "expl")
        if subject is not None:
            is_word = tree.tags[subject][:2] in ("PR", "DT", "EX", "WP")
            made.append(f"topic={words[subject] if is_word else tree.tags[subject]}")
    return made
