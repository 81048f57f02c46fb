"""Bundles of the shipped data, made once."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from kpss_geo import export, study
from kpss_geo.dataset import Data
from kpss_geo.export import Bundle
from kpss_geo.settings import Settings
from kpss_geo.territory import Territory

from facts import DAY

Bundled = Callable[..., Bundle]
EVIL = "<b>\"Domov\" & 'syn'</b>"


def make(data: Data, settings: Settings, territory: str, **options: object) -> Bundle:
    options.setdefault("on", DAY)
    questions = [
        study.ask(data, settings, territory_id=territory, service=code, **options)  # type: ignore[arg-type]
        for code in data.types
    ]
    measured = study.measure(questions[0], data)
    return export.gather([study.answer(q, data, measured=measured) for q in questions], data)


@pytest.fixture(scope="session")
def bundled(data, settings) -> Bundled:
    """Bundle of all types that are held: `bundled("sluknovsko", target="80+")`."""
    made: dict[str, Bundle] = {}

    def find(territory: str, **options: object) -> Bundle:
        key = f"{territory} {options}"
        if key not in made:
            made[key] = make(data, settings, territory, **options)
        return made[key]

    return find


@pytest.fixture(scope="session")
def one_obec(data, settings) -> Bundle:
    """A territory of one obec, with quotes in every name, where the register is empty."""
    register = replace(
        data.register,
        services=data.register.services.iloc[:0],
        capacities=data.register.capacities.iloc[:0],
        places=data.register.places.iloc[:0],
    )
    obce = data.obce.copy()
    obce.loc["562882", "name"] = EVIL
    where = Territory("jedna", f"Obec {EVIL}", "v obci", "", ("562882",), ())
    changed = replace(data, register=register, obce=obce, territories={"jedna": where})
    return make(changed, settings, "jedna")


@pytest.fixture(scope="session")
def evil(data, settings) -> Bundle:
    """Šluknovsko with hostile names of providers, places and one obec."""
    places = data.register.places.assign(name=EVIL, phone="=cmd|'/c calc'!A1", street="<b>x</b>")
    services = data.register.services.assign(provider=f"=1+1 {EVIL}")
    register = replace(data.register, places=places, services=services)
    obce = data.obce.copy()
    obce.loc["562882", "name"] = EVIL
    return make(replace(data, register=register, obce=obce), settings, "sluknovsko")


@pytest.fixture(scope="session")
def real_bundle(real_data, settings) -> Bundle:
    """ORP Kaplice with real borders; skipped without the real data."""
    return make(real_data, settings, "kaplice")


@pytest.fixture(scope="session")
def secret(data, settings) -> Bundle:
    """Šluknovsko where every address is kept secret, though the tables still hold it."""
    places = data.register.places.assign(secret=True, phone="777 000 111", street="Tajná")
    register = replace(data.register, places=places)
    return make(replace(data, register=register), settings, "sluknovsko")


@pytest.fixture(scope="session")
def wordy(data, settings) -> Bundle:
    """One type of Šluknovsko with very long words and quotes wherever a name may stand."""
    word = "Nejneobhospodařovávatelnější" * 12
    places = data.register.places.assign(name=f'{word} "B"', street=word, phone="7" * 80)
    services = data.register.services.assign(provider=f"„{word}“ & 'syn' <b>")
    register = replace(data.register, places=places, services=services)
    obce = data.obce.copy()
    obce.loc["562882", "name"] = word
    bundle = make(replace(data, register=register, obce=obce), settings, "sluknovsko")
    return replace(bundle, answers=bundle.answers[-3:-2])
