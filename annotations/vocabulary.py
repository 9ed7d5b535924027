"""What a new project may say: spaCy's English labels, and the claim values of the guide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a claim's field, with what the guide says of it."""

    name: str
    definition: str
    example: str
    """One sentence, the claim in brackets."""


# Three letters each, so that a relabelled entity keeps its width and no line moves.
SHORT_FORMS: Final = {
    "PERSON": "PER",
    "DATE": "DAT",
    "NORP": "NRP",
    "EVENT": "EVT",
    "MONEY": "MNY",
    "CARDINAL": "NUM",
    "TIME": "TIM",
    "PERCENT": "PCT",
    "QUANTITY": "QTY",
    "ORDINAL": "ORD",
    "PRODUCT": "PRD",
    "WORK_OF_ART": "ART",
    "LANGUAGE": "LNG",
}

ENTITY_LABELS: Final = {
    "PERSON": "people, real or imagined",
    "ORG": "companies, agencies, institutions",
    "GPE": "countries, cities, states",
    "LOC": "places that are no states: seas, ranges, regions",
    "DATE": "dates and periods of a day or longer",
    "NORP": "nationalities, religious and political groups",
    "FAC": "buildings, airports, roads, bridges",
    "EVENT": "named battles, storms, meetings, matches",
    "MONEY": "sums of money, with the unit",
    "CARDINAL": "numbers that fall under no other label",
    "TIME": "times shorter than a day",
    "PERCENT": "percentages, with the sign",
    "QUANTITY": "measures of weight, distance and the like",
    "ORDINAL": "first, second, third",
    "PRODUCT": "things, vehicles, foods; no services",
    "WORK_OF_ART": "titles of books, songs, pictures",
    "LAW": "named documents made into law",
    "LANGUAGE": "any named language",
}

CLAIM_FIELDS: Final[Mapping[str, tuple[Value, ...]]] = {
    "stance": (
        Value("affirms", "the holder says that it is so", "Delegates [left the hall at noon]."),
        Value(
            "denies",
            "the holder says that it is not so",
            "The two presidents [did not shake hands].",
        ),
        Value(
            "open",
            "the holder takes no side, or we are not told which",
            "Reporters asked whether [the fund was empty].",
        ),
    ),
    "certainty": (
        Value(
            "certain",
            "presented as fact: “…, but perhaps not” would be nonsense",
            "Delegates [left the hall at noon].",
        ),
        Value(
            "probable",
            "more likely than not: “…, but perhaps not” would pass",
            "The second round [will probably slip to Tuesday].",
        ),
        Value(
            "possible",
            "room both ways: even “…, but probably not” would pass",
            "Orlen [may send a junior minister].",
        ),
        Value(
            "uncommitted",
            "nothing follows either way",
            "Reporters asked whether [the fund was empty].",
        ),
    ),
    "frame": (
        Value("assertion", "a plain statement", "Delegates [left the hall at noon]."),
        Value("question", "asked, not said", "Will [Orlen sign]?"),
        Value(
            "condition",
            "an if, or what hangs on one",
            "If [the senate agrees], [the fund opens in May].",
        ),
        Value("wish_or_plan", "wanted or intended", "[The ministers plan to meet]."),
        Value("directive", "told to be done", "The clerks were told to [seal the boxes]."),
    ),
    "time": (
        Value("unspecified", "the text does not say when", "Orlen [may know the terms]."),
        Value("past_or_present", "it was, or is", "Delegates [left the hall at noon]."),
        Value("future", "it is still to come", "[The ministers will meet on Friday]."),
    ),
    "quote": (
        Value("none", "no quotation", "Delegates [left the hall at noon]."),
        Value(
            "direct",
            "the holder's own words, in quotation marks",
            "“[The road was shut],” the driver said.",
        ),
        Value(
            "indirect",
            "reported in the author's words",
            "The envoy said that [the talks did not fail].",
        ),
        Value(
            "mixed",
            "reported, with some words in quotation marks",
            "The envoy called it [a “useful” hour].",
        ),
    ),
}

HOLDER_GUIDE: Final = (
    Value(
        "author",
        "nobody else is named: the text itself says it",
        "Delegates [left the hall at noon].",
    ),
    Value(
        "entity or words",
        "the one who would have been wrong if it were false",
        "Analysts do not think [the pact will hold].",
    ),
    Value(
        "unnamed",
        "somebody, but the text does not say who",
        "No joint statement is [expected to be issued].",
    ),
    Value("generic", "people at large", "It is widely believed that [the port will reopen]."),
)

PAIRS: Final = (
    *(("affirms", certainty) for certainty in ("certain", "probable", "possible")),
    *(("denies", certainty) for certainty in ("certain", "probable", "possible")),
    ("open", "uncommitted"),
    ("open", "certain"),
)
