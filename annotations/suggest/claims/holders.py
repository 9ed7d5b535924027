"""Who holds what a predicate says: its subject, an agent, nobody in person, or whose claim it is."""

from __future__ import annotations

from typing import Final

from annotations.suggest.claims.tree import Tree

UNNAMED: Final = "unnamed"
GENERIC: Final = "generic"

_EVERYBODY = frozenset({"widely", "commonly", "generally", "popularly", "universally", "often"})
_LOOSE = frozenset({"relcl", "appos", "acl", "advcl", "punct", "cc", "parataxis", "advmod"})

_MAKING = frozenset(
    {"compile", "collect", "gather", "conduct", "publish", "release", "issue", "write", "prepare"}
)
"""What is done to data, a survey or a statement by those whose words they are."""

_PUTTING = frozenset({"put", "ask", "raise", "pose", "make", "voice", "express", "issue"})
"""What is done with a question or a claim by those whose it is: "the question that she put"."""

Holder = tuple[int, int] | str
"""The holder's tokens `[first, end)`, or `unnamed` or `generic`."""


def phrase(tree: Tree, noun: int) -> tuple[int, int]:
    """The tokens of a noun phrase without what is only added to it; of a role with a name, the name."""
    noun = named(tree, noun)
    drop = {
        one
        for one in tree.children[noun]
        if tree.deps[one] in _LOOSE and one > noun and not _is_making(tree, noun, one)
    }
    tokens = tree.below(noun, drop)
    first, end = tokens[0], tokens[-1] + 1
    while end - 1 > noun and tree.deps[end - 1] == "punct":
        end -= 1
    while first < noun and (
        tree.deps[first] in ("punct", "cc") or tree.words[first] in ('"', "“", "but")
    ):
        first += 1
    return first, end


def _is_of_another(tree: Tree, noun: int, name: int) -> bool:
    """Whether a name is that of whom a role is for: "a spokesman for the minister, Ivo Lund said"."""
    behind = tree.below(name)[-1] + 1
    closed = behind < len(tree) and tree.words[behind] == ","
    serves = any(tree.deps[one] == "prep" and noun < one < name for one in tree.children[noun])
    return serves and not closed


def _is_making(tree: Tree, noun: int, verb: int) -> bool:
    """Whether a participle says whose a thing's words are: "data compiled by the bureau"."""
    return (
        verb == noun + 1
        and tree.lemmas[verb] in _MAKING
        and tree.child(verb, "agent") is not None
        and all(tree.deps[one] != "punct" for one in tree.below(verb))
    )


def named(tree: Tree, noun: int) -> int:
    """The name beside a role: of "the author, Ada Vale," "the pilot Ivo Lund" and "Mayor, Ivo Lund"."""
    role = tree.tags[noun].startswith("NNP")
    if role and any(first <= noun < end and name != "ORG" for first, end, name in tree.names):
        return noun
    for one in tree.children[noun]:
        is_name = tree.tags[one] == "NNP" and tree.child(one, "det", "poss") is None
        if (
            one > noun
            and tree.deps[one] == "appos"
            and is_name
            and not _is_of_another(tree, noun, one)
        ):
            person = any(first <= one < end and name == "PERSON" for first, end, name in tree.names)
            if not role or (person and tree.child(noun, "det", "poss", "prep") is None):
                return one
    return noun


def _quoted(tree: Tree, verb: int) -> int | None:
    """Whom a text quotes: "quoted her as saying that", "was quoted as saying"."""
    if tree.lemmas[verb] not in ("quote", "cite"):
        return None
    if not any(tree.words[one] in ("as", "saying") for one in tree.children[verb]):
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
        subject = _subject(tree, verb)
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


def _subject(tree: Tree, verb: int) -> int | None:
    """The subject; of a role and a name that the parser both takes for one, the name."""
    subject = tree.child(verb, "nsubj", "csubj")
    if subject is None or tree.tags[subject].startswith("NNP"):
        return subject
    for one in tree.children[verb]:
        if subject < one < verb and tree.deps[one] == "nsubj" and tree.tags[one] == "NNP":
            # Not of "a spokesman for the minister, Ivo Lund said".
            between = tree.words[subject + 1 : one]
            return one if between[:1] == [","] or {'"', "”"} & set(between) else subject
    return subject


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
    for one in tree.children[noun]:
        asker = tree.child(one, "nsubj") if tree.deps[one] == "relcl" else None
        if asker is not None and tree.lemmas[one] in _PUTTING and tree.tags[asker][:1] != "W":
            return phrase(tree, asker)
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
