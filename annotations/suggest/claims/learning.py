"""A project's decisions on claims, as the scorer learns from them; the lexicon never changes."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any

from annotations.project import Project
from annotations.records import Claim, Status
from annotations.span import Span
from annotations.suggest.chunks import chunks
from annotations.suggest.claims import features, own_weights
from annotations.suggest.claims.breaks import broken
from annotations.suggest.claims.fitting import Change, Decided, fit_decisions
from annotations.suggest.claims.rules import Rules
from annotations.suggest.claims.scorer import load
from annotations.suggest.claims.suggest import suggest_claims
from annotations.suggest.claims.tree import Tree
from annotations.suggest.model_info import ModelInfo

if TYPE_CHECKING:
    from spacy.language import Language


def decided(project: Project, model: ModelInfo, nlp: Language) -> Iterator[Decided]:
    """Every decision of a person on a claim of this model, with the clause's features.

    Decisions on claims of older rules count where the rules of now suggest the same words.

    Args:
        project: whose decisions; of all annotators.
        model: the pipeline that the claims were read from.
        nlp: the same, loaded with its parser.
    """
    family = model.claims_layer.rstrip("0123456789")
    for summary in project.documents():
        verdicts = {
            Span(one.origin.start, one.origin.end): one
            for name in project.people(summary.id)
            for one in project.layer(summary.id, name).claims
            if one.origin is not None and one.origin.layer.startswith(family)
        }
        if verdicts:
            yield from _of_document(project, summary.id, model, nlp, verdicts)


def _is_right(suggestion: Claim, decision: Claim) -> bool:
    """Whether a person let stance and certainty stand as they are suggested."""
    if decision.status is Status.REJECTED:
        return False
    return (suggestion.stance, suggestion.certainty) == (decision.stance, decision.certainty)


def _of_document(
    project: Project, document_id: str, model: ModelInfo, nlp: Language, verdicts: dict[Span, Claim]
) -> Iterator[Decided]:
    text = project.document(document_id).text
    shipped = load()
    for part in chunks(text):
        tree = Tree.of(nlp(broken(nlp.make_doc(text[part.start : part.end]))))
        rules = Rules(tree)
        places = {start: place for place, start in enumerate(tree.starts)}
        for claim in suggest_claims(
            tree, text, layer=model.claims_layer, shift=part.start, scorer=shipped
        ):
            if claim.span not in verdicts or claim.target is None:
                continue
            place = places[claim.target.start - part.start]
            named = features.of_clause(tree, rules, place)
            score = shipped.shipped(named, rules.value(place))
            right = _is_right(claim, verdicts[claim.span])
            yield Decided(document_id, named, score, right)


def learn(project: Project, model: ModelInfo, nlp: Language) -> tuple[Change, bool]:
    """Fit this project's own weights; they are kept only where they foretell decisions better.

    Returns:
        What changed on the decisions held back, and whether the weights were kept.

    Raises:
        InputError: there are too few decisions to learn from.
    """
    weights, change = fit_decisions(list(decided(project, model, nlp)))
    if change.is_better:
        about: dict[str, Any] = {"data": "this project's decisions", "examples": change.learnt}
        data = BytesIO()
        weights.save(data, about | {"layer": model.claims_layer})
        own_weights.write(project.root / own_weights.NAME, data.getvalue())
    return change, change.is_better
