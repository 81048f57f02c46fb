"""How near a type of service is, and how near is near enough, as documents of obce say it."""

from typing import Final

from kpss_geo.catalogue import FIELD
from kpss_geo.export.czech import CZECH
from kpss_geo.report.reasons import hangs_on_field
from kpss_geo.report.rows import Row
from kpss_geo.report.sentences import VERDICT_WORDS, counted_forms, ratios_words, reach_words
from kpss_geo.schema import COVERED, FORMS, NOT_COVERED, ON_PAPER, UNKNOWN
from kpss_geo.study import Answer
from kpss_geo.text import NBSP

BY_FORM: Final = {"pob": "pobytově", "amb": "ambulantně", "ter": "terénně"}
MARKS: Final = (
    "Nejbližší místo: to, které má nejblíž nejvíc lidí cílové skupiny; cesta je průměr za všechny. "
    "Pomlčka u něj: žádné není známo, nebo o závěru rozhoduje, která terénní služba do obce jezdí. "
    "Hvězdička: v okresech, které data neobsahují, může být bližší místo. Jistota: ●●● závěr "
    "obstál ve všech zkouškách (hranice o pětinu kratší a o pětinu delší, cesta vzdušnou čarou "
    "× 1,3, bez míst mimo území), ●●○ jedna jej mění, ●○○ mění jej jich více, pomlčka: "
    "převažuje nevíme."
)


def place_of(answer: Answer, code: str, place: str | None) -> str:
    """Write the nearest place with the form it is of, where the type has more than one.

    A dash where none is known, and where the verdict hangs on who comes to the obec: a
    place hundreds of kilometres away says nothing of a field service round the corner.
    """
    obec = answer.obce.loc[code].to_dict()
    if not place or hangs_on_field(answer, obec):
        return "–"
    if len(answer.question.limits) == 1:
        return place
    return f"{BY_FORM[FORMS[int(obec['nearest_form'])]]}: {place}"


def limit_of(answer: Answer) -> str:
    """Write the limit of a type in few words: do 45 min pobytově, 20 min ambulantně."""
    if answer.question.only_field:
        return f"na{NBSP}dálku" if answer.service_type.anywhere else "přijede domů"
    forms, every = counted_forms(answer), answer.question.limits
    travelled = [limit for limit in every if limit.form in forms and limit.form != FIELD] or [
        limit for limit in every if limit.form != FIELD
    ]
    limits = [reach_words(limit.reach, CZECH) for limit in travelled]
    if len(set(limits)) > 1:
        limits = [
            f"{text} {BY_FORM[limit.form]}" for text, limit in zip(limits, travelled, strict=True)
        ]
    return f"do{NBSP}" + ", ".join([*dict.fromkeys(limits), *ratios_words(answer.question, CZECH)])


def verdicts_of(row: Row) -> str:
    """Write how many people have which verdict; those that nobody has are left out."""
    if row["population"] is None:
        return "nevíme, kolik lidí tu žije"
    counts: dict[str, int | None] = {
        COVERED: row["covered"],
        ON_PAPER: row["on_paper"],
        NOT_COVERED: row["not_covered"],
        UNKNOWN: row["unknown"],
    }
    said = [
        f"{CZECH.t(VERDICT_WORDS[verdict])}{NBSP}{CZECH.number(count)}"
        for verdict, count in counts.items()
        if count
    ]
    return ", ".join(said) or "nikdo ze skupiny tu nežije"
