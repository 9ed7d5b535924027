"""Who holds what a predicate says: its subject, an agent, nobody in person, or whose claim it is."""

from __future__ import annotations

from typing import Final

from annotations.suggest.claims.tree import Tree

UNNAMED: Final = "unnamed"
GENERIC: Final = "generic"

_EVERYBODY = frozenset({"widely", "commonly", "generally", "popularly", "universally", "often"})
_LOOSE = frozenset({"relcl", "appos", "acl", "advcl", "punct", "cc", "parataxis", "advmod"})

Holder = tuple[int, int] | str
"""The holder's tokens `[first, end)`, or `unnamed` or `generic`."""


def phrase(tree: Tree, noun: int) -> tuple[int, int]:
    """The tokens of a noun phrase without what is only added to it; of a role with a name, the name."""
    noun = _named(tree, noun)
    drop = {one for one in tree.children[noun] if tree.deps[one] in _LOOSE and one > noun}
    tokens = tree.below(noun, drop)
    first, end = tokens[0], tokens[-1] + 1
    while end - 1 > noun and tree.deps[end - 1] == "punct":
        end -= 1
    while first < noun and (
        tree.deps[first] in ("punct", "cc") or tree.words[first] in ('"', "“", "but")
    ):
        first += 1
    return first, end


def _named(tree: Tree, noun: int) -> int:
    """The name that stands beside a role: of "the author, Ada Vale," and "the pilot Ivo Lund"."""
    if tree.tags[noun].startswith("NNP"):
        return noun
    for one in tree.children[noun]:
        is_name = tree.tags[one] == "NNP" and tree.child(one, "det", "poss") is None
        if one > noun and tree.deps[one] == "appos" and is_name:
            return one
    return noun


def _quoted(tree: Tree, verb: int) -> int | None:
    """Whom a text quotes: "quoted her as saying that", "was quoted as saying"."""
    if tree.lemmas[verb] not in ("quote", "cite"):
        return None
    if not any(tree.words[one] == "as" for one in tree.children[verb]):
        return None
    return tree.child(verb, "nsubjpass", "dobj")


def of_verb(tree: Tree, verb: int) -> Holder | None:
    """Who says or believes it: the subject, the agent of a passive, whoever controls the form."""
    seen = 0
    passive = tree.child(verb, "auxpass") is not None or tree.child(verb, "nsubjpass") is not None
    while seen < 6:
        seen += 1
        quoted = _quoted(tree, verb)
        if quoted is not None:
            return phrase(tree, quoted)
        if passive or (
            tree.tags[verb] == "VBN"
            and tree.deps[verb] in ("acl", "advcl")
            and tree.child(verb, "agent") is not None
        ):
            agent = tree.child(verb, "agent")
            noun = tree.child(agent, "pobj") if agent is not None else None
            if noun is not None:
                return phrase(tree, noun)
            is_all = any(tree.words[one] in _EVERYBODY for one in tree.children[verb])
            return GENERIC if is_all else UNNAMED
        subject = tree.child(verb, "nsubj", "csubj")
        behind = _behind(tree, verb)
        if behind is not None and (
            subject is None or (subject < verb and tree.deps[behind] == "nsubj")
        ):
            return phrase(tree, behind)
        if subject is not None:
            if tree.words[subject] in ("who", "which", "that") and tree.deps[verb] == "relcl":
                return phrase(tree, tree.heads[verb])
            if tree.words[subject] in ("it", "there") and tree.lemmas[verb] == "be":
                return None
            return phrase(tree, subject)
        dep, head = tree.deps[verb], tree.heads[verb]
        if dep == "acl":
            return phrase(tree, head)
        if (
            dep in ("conj", "xcomp", "advcl", "ccomp", "pcomp", "prep", "acomp", "dep")
            and head != verb
        ):
            verb = head
            passive = tree.child(verb, "nsubjpass") is not None and dep == "conj"
            if dep in ("xcomp", "advcl") and tree.child(verb, "nsubjpass") is not None:
                return phrase(tree, tree.child(verb, "nsubjpass") or 0)
            continue
        # A subject that the parser put under the clause behind a comma, "…, said Mara".
        return None
    return None


def _behind(tree: Tree, verb: int) -> int | None:
    """The subject behind its verb, where the parser may see an object: "…,” warned the mechanic"."""
    if verb == 0 or verb + 1 >= len(tree) or tree.deps[verb - 1] != "punct":
        return None
    if tree.tags[verb] not in ("VBD", "VBZ"):
        return None
    if tree.deps[verb] not in ("ROOT", "ccomp", "parataxis"):
        return None
    for one in tree.children[verb]:
        is_thing = tree.deps[one] in ("nsubj", "dobj", "npadvmod", "oprd", "dep")
        is_named = tree.tags[one].startswith(("NN", "PRP"))
        if one > verb and is_thing and is_named and tree.below(one)[0] == verb + 1:
            return one
    return None


def of_noun(tree: Tree, noun: int) -> Holder:
    """Whose claim, view or report it is: "her claim", "a claim by the owner", else unnamed."""
    owner = tree.child(noun, "poss")
    if owner is not None:
        return phrase(tree, owner)
    for one in tree.children[noun]:
        if tree.deps[one] in ("prep", "agent") and tree.words[one] in ("by", "from", "of"):
            whose = tree.child(one, "pobj")
            if whose is not None:
                return phrase(tree, whose)
    head = tree.heads[noun]
    if tree.deps[noun] in ("dobj", "pobj", "attr") and tree.lemmas[head] in (
        "make",
        "express",
        "have",
        "voice",
        "issue",
        "repeat",
        "give",
        "share",
        "release",
    ):
        made = of_verb(tree, head)
        if made is not None:
            return made
    return UNNAMED
