"""URL ↔ Question, and Answers remembered for the process.

Nothing here knows Streamlit: the pages hand in the parameters of the address and get a
Question back, so that a link always opens the view it came from.
"""

import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd

from kpss_geo import dataset, finder, maps, plan, settings, study, team, territory
from kpss_geo.dataset import Data
from kpss_geo.distance import MODES, Mode, Reach, Unit
from kpss_geo.errors import KpssGeoError
from kpss_geo.finder import Found
from kpss_geo.network import Roads
from kpss_geo.plan import Correction, Plan, ServedFile, Threshold
from kpss_geo.schema import NAME
from kpss_geo.situations import Situation
from kpss_geo.study import Answer, Measured, Question
from kpss_geo.team import Team
from kpss_geo.text import LANGUAGES, Language, known_language

AREAS_PATH = "/kpss/areas/{territory}/{digest}.json"
DEFAULT_TERRITORY = "sluknovsko"
DEFAULT_SERVICE = "13"
DEFAULT_TARGET = "seniori"
WAYS: Final = {"straight": "primo", "car": "autem", "walk": "pesky"}
"""Ways of travel as links name them."""
ONE_TYPE: Final = "typ-"
"""Before the code of a type of service, in place of a life situation."""
REACH_MIN, REACH_MAX = 0.1, 500.0


@dataclass(frozen=True)
class View:
    """What a link says: the question in plain values, the obec chosen, the language.

    `reach` None means the team's own working value of each type and form. `orp` is the ORP
    a board of a large territory looks into; `group` the number of a working group.
    `situation` is a life situation, or `ONE_TYPE` and the code of a type of service.
    """

    territory: str = DEFAULT_TERRITORY
    service: str = DEFAULT_SERVICE
    target: str = DEFAULT_TARGET
    form: str = ""
    reach: float | None = None
    unit: Unit = "km"
    travel: Mode = "straight"
    obec: str = ""
    orp: str = ""
    group: int = 0
    situation: str = ""
    language: Language = "cs"

    def params(self) -> dict[str, str]:
        """Parameters of the address that open this view; what is usual is left out."""
        usual = View(language=settings.current().language)
        pairs = {
            "uzemi": (self.territory, usual.territory),
            "sluzba": (self.service, usual.service),
            "skupina": (self.target, usual.target),
            "forma": (self.form, usual.form),
            "dosah": ("" if self.reach is None else f"{self.reach:g}", ""),
            "jednotka": (self.unit, usual.unit),
            "cesta": (WAYS[self.travel], WAYS[usual.travel]),
            "obec": (self.obec, usual.obec),
            "orp": (self.orp, usual.orp),
            "prac_skupina": (str(self.group), str(usual.group)),
            "situace": (self.situation, usual.situation),
            "jazyk": (self.language, usual.language),
        }
        return {name: value for name, (value, default) in pairs.items() if value != default}


def read_view(params: Mapping[str, str], data: Data) -> tuple[View, list[str]]:
    """Read a link; what it says wrongly is left at the usual value and named.

    Returns
    -------
    The view, and the names of the parameters that could not be used.
    """
    usual = View(language=settings.current().language)
    bad: list[str] = []

    def pick(name: str, default: str, possible: Collection[str]) -> str:
        """Give what the link says; else the default; else, in own tables without it, the first."""
        given = params.get(name, "")
        if given in possible:
            return given
        if given:
            bad.append(name)
        return default if default in possible or not default else next(iter(possible))

    where = pick("uzemi", usual.territory, data.territories)
    service = pick("sluzba", usual.service, data.types)
    form = pick("forma", "", study.forms_offered(data, data.types[service]))
    codes = data.territories[where].codes
    groups = [str(number) for number in range(len(data.territories[where].working_groups) + 1)]
    language = pick("jazyk", usual.language, LANGUAGES)
    unit = pick("jednotka", usual.unit, ("km", "min"))
    way = pick("cesta", WAYS["straight"], tuple(WAYS.values()))
    view = View(
        territory=where,
        service=service,
        target=pick("skupina", usual.target, data.targets),
        form=form,
        reach=_number(params.get("dosah", ""), bad),
        unit="min" if unit == "min" else "km",
        travel=next(mode for mode in MODES if WAYS[mode] == way),
        obec=pick("obec", "", codes),
        orp=pick("orp", "", set(data.obce.loc[list(codes), "orp_code"])),
        group=int(pick("prac_skupina", "0", groups)),
        situation=pick("situace", "", needs(data)),
        language=known_language(language),
    )
    return view, bad


def _number(text: str, bad: list[str]) -> float | None:
    if not text:
        return None
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = 0.0
    if not REACH_MIN <= value <= REACH_MAX:
        bad.append("dosah")
        return None
    return round(value, 1)


def needs(tables: Data) -> list[str]:
    """Name what may be asked of the finder: situations, then single types of services."""
    return [*tables.situations.by_id, *(f"{ONE_TYPE}{code}" for code in tables.types)]


def situation(need: str, tables: Data) -> Situation:
    """Give the situation of a need; one type of service is a situation of its own."""
    if need.startswith(ONE_TYPE):
        kind = tables.types[need.removeprefix(ONE_TYPE)]
        return Situation(id=need, name=kind.name, types=(kind.code,))
    return tables.situations.by_id[need]


def data() -> Data:
    """Tables of this process, read once; read anew when the team corrects the register.

    A changed file is seen after a restart.
    """
    return _data(the_team().corrections)


@lru_cache(maxsize=2)
def _data(_corrections: str) -> Data:
    return dataset.load(settings.current())


def plan_found() -> Plan | None:
    """Give the plan file, or None while nothing has been written."""
    return plan.find_plan(settings.current().plan_path)


def plan_for_writing(role: str) -> Plan:
    """Open the plan file to write in it in the name of a role; made when there is none."""
    current = settings.current()
    current.plan_path.parent.mkdir(parents=True, exist_ok=True)
    return plan.open_plan(current.plan_path, author=role.strip() or current.author)


def the_team() -> Team:
    """Give what the plan says now: read anew whenever the file has changed."""
    path = settings.current().plan_path
    try:
        facts = path.stat()
    except OSError:
        return _team(0, 0)
    return _team(facts.st_mtime_ns, facts.st_size)


@lru_cache(maxsize=4)
def _team(_changed_ns: int, _size: int) -> Team:
    return team.read_team(settings.current(), plan_found())


def thresholds() -> dict[tuple[str, str], Threshold]:
    """Give the working values in force, as the plan keeps them."""
    return team.thresholds(settings.current(), plan_found())


def statements() -> pd.DataFrame:
    """Give what the plan says of served obce (`plan.served`)."""
    return plan.served(plan_found())


def corrections() -> tuple[Correction, ...]:
    """Give the corrections of the register in the plan."""
    return plan.corrections(plan_found())


def correct(to: Plan, *, service_id: str, field: str, new: str, reason: str) -> None:
    """Write a correction of what the register itself says, in place of an earlier one.

    Raises
    ------
    KpssGeoError
        It is not possible, has no reason, or the plan cannot be written.
    """
    current = settings.current()
    official = dataset.load(current, corrected=False)
    made = plan.propose(
        official.register,
        service_id=service_id,
        field=field,
        new=new,
        known_types=official.types,
    )
    same = [c for c in corrections() if _about(c) == _about(made)]
    revision = same[0].revision if same else made.revision
    plan.set_correction(to, replace(made, reason=reason, revision=revision))


def _about(correction: Correction) -> tuple[str, str, str]:
    return correction.service_id, correction.place, correction.field


def served_of_upload(name: str, content: bytes) -> ServedFile:
    """Read a filled-in matrix that somebody loaded; the file itself is not kept.

    Raises
    ------
    KpssGeoError
        It cannot be read.
    """
    tables = data()
    services = [*tables.register.services.index, *map(plan.any_of_type, tables.types)]
    with tempfile.TemporaryDirectory(prefix="kpss-geo-") as folder:
        path = Path(folder) / (Path(name).name or "tabulka.xlsx")
        path.write_bytes(content)
        names = {str(code): str(name) for code, name in tables.obce[NAME].items()}
        return plan.read_served(path, known_obce=names, known_services=services)


def forget() -> None:
    """Forget everything that was read; for tests, and after a fetch of data."""
    answers = (_measured, _answer, _found, reach_outline)
    for remembered in (_data, _team, roads, *answers, around, areas):
        remembered.cache_clear()
    areas_file.cache_clear()


@lru_cache(maxsize=3)
def roads(mode: Mode) -> Roads | None:
    """Roads of this process for a mode, made ready once; None without a road file."""
    opened = dataset.open_roads(settings.current(), mode)
    return None if opened is None else opened[0]


def question(view: View) -> Question:
    """Make the Question of a view, for today.

    Raises
    ------
    KpssGeoError
        The view asks for a way by road, and the roads are missing or cannot be used.
    """
    return study.ask(
        data(),
        settings.current(),
        territory_id=view.territory,
        service=view.service,
        target=view.target,
        form=view.form or None,
        reach=None if view.reach is None else Reach(view.reach, view.unit),
        limits=the_team().limits,
        said_digest=the_team().served.digest,
        mode=view.travel,
        roads=roads(view.travel),
        on=study.today(),
    )


def usual_limits(view: View) -> Question:
    """Make the Question of a view with the team's own working values, by straight line."""
    return question(replace(view, reach=None, travel="straight"))


def board(view: View) -> tuple[Answer, ...]:
    """Answer the view for every type of service."""
    asked = replace(view, form="")
    return tuple(answer(question(replace(asked, service=code))) for code in data().types)


@lru_cache(maxsize=12)
def _measured(basis: Question) -> Measured:
    return study.measure(basis, data(), roads=roads(basis.travel.mode))


def measured(asked: Question) -> Measured:
    """Ways to all types that a question needs; the last 12 are remembered.

    The type, the form and the thresholds change nothing in them.
    """
    return _measured(replace(asked, service_type="", limits=(), form=None, said_digest=""))


def answer(asked: Question) -> Answer:
    """Answer a Question; the last 256 are remembered. An Answer is never written to."""
    return _answer(asked)


@lru_cache(maxsize=256)
def _answer(asked: Question) -> Answer:
    now = the_team().served
    return study.answer(
        asked, data(), roads=roads(asked.travel.mode), said=now, measured=measured(asked)
    )


def found(view: View) -> Found:
    """Find services for the obec and the situation of a view, for today.

    Raises
    ------
    KpssGeoError
        The view asks for a way by road, and the roads are missing or cannot be used.
    """
    life = situation(view.situation, data())
    return _find(view.obec, life.types, life.groups, view.travel)


def serving(view: View) -> Found:
    """Find the services of every type that the data hold for the obec of a view."""
    held = data().register.completeness.type_codes
    types = tuple(code for code in data().types if code in held)
    return _find(view.obec, types, data().targets[view.target].register_groups, "straight")


def _find(obec: str, types: tuple[str, ...], groups: frozenset[str], mode: Mode) -> Found:
    state_of_things = (data().digest, the_team().served.digest)
    return _found(obec, types, groups, mode, study.today(), state_of_things)


@lru_cache(maxsize=64)
def _found(
    obec: str,
    types: tuple[str, ...],
    groups: frozenset[str],
    mode: Mode,
    on: date,
    _of: tuple[str, str],
) -> Found:
    current, network = settings.current(), roads(mode)
    return finder.find(
        obec,
        types,
        data(),
        groups=groups,
        travel=study.travel_of(current, mode, network),
        roads=network,
        said=the_team().served,
        field_km=current.field_km,
        on=on,
    )


@lru_cache(maxsize=64)
def reach_outline(asked: Question) -> gpd.GeoSeries:
    """Outline of everywhere within reach of the places near a territory, EPSG:5514.

    By road only for a reach in minutes; empty where it cannot be drawn.
    """
    places = answer(asked).places
    near = places[places["code"].isin(around(asked.territory).union(list(_codes(asked))))]
    return study.reach_outline(asked, near, roads=roads(asked.travel.mode))


def _codes(asked: Question) -> tuple[str, ...]:
    return data().territories[asked.territory].codes


@lru_cache(maxsize=16)
def around(territory_id: str) -> pd.Index:
    """Obec codes of the surroundings of a territory."""
    tables = data()
    where = tables.territories[territory_id]
    km = territory.km_around(where, usual_km=settings.current().surroundings_km)
    return territory.surroundings(where, obce=tables.obce, km=km)


@lru_cache(maxsize=16)
def areas(territory_id: str) -> tuple[gpd.GeoSeries, bool]:
    """Areas of a territory in EPSG:5514, and whether they are real boundaries."""
    codes = pd.Index(data().territories[territory_id].codes, name="code")
    return dataset.areas_of(codes, data())


@lru_cache(maxsize=16)
def areas_file(territory_id: str) -> bytes:
    """GeoJSON of a territory and its surroundings, as the browser keeps it.

    Raises
    ------
    KeyError
        There is no such territory.
    """
    codes = pd.Index(data().territories[territory_id].codes, name="code")
    both, real = dataset.areas_of(codes.append(around(territory_id)), data())
    inside, outside = gpd.GeoSeries(both.loc[codes]), gpd.GeoSeries(both.drop(codes))
    return maps.areas_file(inside, outside, real=real)


def areas_url(territory_id: str) -> str:
    """Address of the areas of a territory for this state of the data."""
    return AREAS_PATH.format(territory=territory_id, digest=data().digest)


def try_data() -> tuple[Data | None, KpssGeoError | None]:
    """Give the tables, or the error that stops them from being read."""
    try:
        return data(), None
    except KpssGeoError as error:
        return None, error
