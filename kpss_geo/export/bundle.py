"""What every export is made from: the Answers about a territory and what they stand on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import pandas as pd

import kpss_geo
from kpss_geo import dataset, territory
from kpss_geo.dataset import Data
from kpss_geo.export.czech import of_register
from kpss_geo.figures import Ground
from kpss_geo.population import TargetGroup
from kpss_geo.provenance import BOUNDARIES
from kpss_geo.report import board, sentences
from kpss_geo.schema import METRIC_CRS, NAME
from kpss_geo.served import Served
from kpss_geo.study import NOTHING_SAID, Answer, Question
from kpss_geo.territory import Territory
from kpss_geo.text import Words

CZECH: Final = Words("cs")
NO_NORM: Final = "pracovní hodnoty, nikoli norma"
NAMED_OBCE: Final = 60
"""Up to this many obce have their names on a printed map; of more only the seats of ORP."""


@dataclass(frozen=True)
class Bundle:
    """One territory, one target group, one day: the Answers of all types that are written out.

    `ground` are the areas of the obce and what lies around them; `said` is what the team
    knows of the obce that field services serve, the same that the Answers stand on.
    """

    territory: Territory
    target: TargetGroup
    answers: tuple[Answer, ...]
    data: Data
    ground: Ground
    words: Words
    said: Served = NOTHING_SAID

    @property
    def question(self) -> Question:
        """Question of the first type; territory, group, travel and day are those of all."""
        return self.answers[0].question

    @property
    def title(self) -> str:
        """Territory and group, as the heading of every output."""
        return f"{self.territory.name} – {self.words.t(self.target.short)}"

    @property
    def names(self) -> pd.Series:
        """Names of the obce of the territory by code; namesakes are told apart."""
        return territory.told_apart(self.obce)

    @property
    def obce(self) -> pd.DataFrame:
        """Facts of the obce of the territory, index code."""
        return self.data.obce.loc[list(self.territory.codes)]


def gather(
    answers: Sequence[Answer], data: Data, *, words: Words = CZECH, said: Served = NOTHING_SAID
) -> Bundle:
    """Put together what exports need from Answers that differ by the type of service alone.

    Types of which the data hold nothing are left out, unless there is no other.
    """
    chosen = tuple(board.held(answers) or answers)
    first = chosen[0]
    where = first.territory
    codes = pd.Index(where.codes, name="code")
    areas, real = dataset.areas_of(codes, data)
    around = territory.surroundings(where, obce=data.obce, km=first.question.surroundings_km)
    outside = (
        dataset.areas_of(around, data)[0]
        if len(around)
        else gpd.GeoSeries([], crs=METRIC_CRS, index=around)
    )
    ground = Ground(areas, outside, _names(where, data), real)
    return Bundle(where, first.target, chosen, data, ground, words, said)


def _names(where: Territory, data: Data) -> pd.Series:
    """Names to write on maps, the most populous obce first."""
    obce = data.obce.loc[list(where.codes)]
    people = data.population.reindex(obce.index).sum(axis=1).sort_values(ascending=False)
    names: pd.Series = obce[NAME].reindex(people.index)
    if len(names) <= NAMED_OBCE:
        return names
    return names[obce[NAME].eq(obce["orp_name"]).reindex(names.index)]


def question_lines(bundle: Bundle) -> list[tuple[str, str]]:
    """Say what was asked and of which data, so that every output can be made again."""
    words, question = bundle.words, bundle.question
    limits = {
        answer.service_type.name: sentences.values_words(answer, words) for answer in bundle.answers
    }
    one = len(set(limits.values())) == 1
    named = [limit if one else f"{name}: {limit}" for name, limit in limits.items()]
    return [
        ("Území", f"{bundle.territory.name} ({count_obce(bundle)})"),
        ("Plán", bundle.territory.plan or "–"),
        ("Cílová skupina", bundle.target.name),
        ("Druhy služeb", "; ".join(answer.service_type.label for answer in bundle.answers)),
        ("Forma", words.t(sentences.FORM_WORDS[question.form]) if question.form else "všechny"),
        ("Hranice dostupnosti", f"{'; '.join(dict.fromkeys(named))} – {NO_NORM}"),
        ("Cesta", sentences.way_words(bundle.answers[0], words)),
        ("Silnice", question.travel.roads or "nepoužity"),
        ("Stav ke dni", words.date(question.on.isoformat())),
        ("Hranice obcí", boundaries_words(bundle)),
        ("Otisk dat", question.data_digest),
        ("Otisk obsluhovaných území", question.said_digest or "žádná nejsou zadána"),
        ("Program", f"kpss-geo {kpss_geo.__version__}"),
    ]


def register_words(bundle: Bundle) -> str:
    """Say of when the register is: a day that is asked about may be much later."""
    sources = bundle.answers[0].sources
    return of_register(next((source.as_of for source in sources if source.id == "register"), ""))


def count_obce(bundle: Bundle) -> str:
    """Say how many obce the territory has: 18 obcí."""
    return bundle.words.n("{count} obec", "{count} obce", len(bundle.territory.codes))


def boundaries_words(bundle: Bundle) -> str:
    """Say where the boundaries that are drawn come from, as far as it is known."""
    if not bundle.ground.real:
        return "schematické (buňky), nikoli skutečné"
    sources = bundle.answers[0].sources
    return next((s.source for s in sources if s.id == BOUNDARIES), "původ neuveden")


def short_sources(bundle: Bundle) -> str:
    """Name the sources in one line, as under a map."""
    words = bundle.words
    return "; ".join(words.t(source.short) for source in bundle.answers[0].sources)


def limit_words(answer: Answer, words: Words) -> str:
    """Say how near is near enough, and that it is a working value."""
    return sentences.threshold_words(answer, words)
