"""Corrections: an editorial layer that survives re-imports and never writes into the register."""

import csv
import io
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from kpss_geo import dataset, plan, register_update
from kpss_geo.errors import BadOption, ChangedMeanwhile
from kpss_geo.plan.corrections import Correction
from kpss_geo.plan.fields import FIELDS, PLACE_FIELDS, SERVICE_FIELDS, look_at, parse
from kpss_geo.schema import to_metric
from kpss_geo.settings import Settings
from kpss_geo.text import LANGUAGES, Words

import rpss_made as made

CS = Words("cs")


@pytest.fixture
def opened(tmp_path) -> plan.Plan:
    return plan.open_plan(tmp_path / "plan.sqlite", author="koordinátorka")


@pytest.fixture(scope="module")
def register(data):
    return data.register


@pytest.fixture(scope="module")
def one_place(register):
    """A home for seniors in Šluknovsko with one address and one capacity."""
    services = register.services[register.services["type_code"] == "13"]
    single = set(services.index[services["addresses"] == 1])
    places = register.places[register.places["service_id"].isin(single)]
    return str(places[places["code"].str.startswith("562")]["service_id"].iloc[0])


@pytest.fixture
def correct(data, register):
    """Propose and lay over: the corrected register and what was said."""

    def go(*wanted: tuple[str, str, str] | Correction):
        made = [
            w
            if isinstance(w, Correction)
            else plan.propose(
                register, service_id=w[0], field=w[1], new=w[2], known_types=data.types
            )
            for w in wanted
        ]
        return plan.apply_corrections(register, made, obce=data.obce, known_types=data.types)

    return go


def tables(register):
    return register.services, register.capacities, register.places


def place_of(register, service):
    return register.places[register.places["service_id"] == service].iloc[0]


def test_nothing_corrected_is_the_same_register(register, correct):
    corrected, findings = correct()
    for mine, given_ in zip(tables(corrected), tables(register), strict=True):
        pd.testing.assert_frame_equal(mine, given_)
    assert findings == []
    assert corrected.completeness is register.completeness


@pytest.mark.parametrize(
    ("field", "new", "held"),
    [
        ("phone", "+420 412 000 000", "+420 412 000 000"),
        ("name", "Domov U Lesa", "Domov U Lesa"),
        ("web", "www.example.cz/domov", "www.example.cz/domov"),
        ("street", "Nová", "Nová"),
        ("postcode", "407 77", "407 77"),
        ("web", "", ""),
    ],
)
def test_texts_of_a_place(register, correct, one_place, field, new, held):
    corrected, findings = correct((one_place, field, new))
    assert place_of(corrected, one_place)[field] == held
    assert findings == []
    others = register.places["service_id"] != one_place
    pd.testing.assert_frame_equal(corrected.places[others], register.places[others])


def test_days_type_and_provider(register, correct, one_place):
    corrected, findings = correct(
        (one_place, "until", "31. 12. 2026"), (one_place, "since", "2001-02-03"),
        (one_place, "type_code", "14"), (one_place, "provider", "Město"),
    )  # fmt: skip
    row = corrected.services.loc[one_place]
    assert (row["until"], row["since"]) == (date(2026, 12, 31), date(2001, 2, 3))
    assert (row["type_code"], row["provider"]) == ("14", "Město")
    assert findings == []
    again, _ = correct((one_place, "until", "2030-01-01"))
    assert again.services.at[one_place, "until"] == date(2030, 1, 1)
    assert again.services.at[one_place, "since"] == register.services.at[one_place, "since"]


def test_capacity_and_forms(register, correct, one_place):
    corrected, _ = correct((one_place, "capacity:pob", "luzka=24 + klient=3"))
    mine = corrected.capacities[corrected.capacities["service_id"] == one_place]
    held = set(mine[["form", "unit", "count"]].itertuples(index=False, name=None))
    assert held == {("pob", "luzka", 24.0), ("pob", "klient", 3.0)}
    assert len(corrected.capacities) == len(register.capacities) + 1
    assert corrected.capacities.dtypes.equals(register.capacities.dtypes)

    corrected, _ = correct((one_place, "forms", "ter, pob"))
    mine = corrected.capacities[corrected.capacities["service_id"] == one_place]
    assert set(mine["form"]) == {"pob", "ter"}
    assert np.isnan(mine.loc[mine["form"] == "ter", "count"]).all()  # not known, never 0
    assert mine.loc[mine["form"] == "pob", "count"].notna().all()

    corrected, _ = correct((one_place, "capacity:pob", ""))
    mine = corrected.capacities[corrected.capacities["service_id"] == one_place]
    assert mine["form"].tolist() == ["pob"]
    assert mine["count"].isna().all()


def test_a_corrected_obec_moves_the_place_there(data, correct, one_place):
    corrected, _ = correct((one_place, "code", "562777"))
    place = place_of(corrected, one_place)
    rumburk = data.obce.loc["562777"]
    assert (place["code"], place["obec"], place["located"]) == ("562777", "Rumburk", "obec")
    assert (place["x"], place["y"]) == (rumburk["x"], rumburk["y"])


def test_a_corrected_point_wins_over_the_corrected_obec(correct, one_place):
    corrected, _ = correct((one_place, "point", "50.9517, 14.5570"), (one_place, "code", "562777"))
    place = place_of(corrected, one_place)
    x, y = to_metric(np.array([14.5570]), np.array([50.9517]))
    assert (place["x"], place["y"]) == pytest.approx((x[0], y[0]), abs=0.1)
    assert (place["located"], place["obec"]) == ("address", "Rumburk")


def test_a_closed_place_is_gone_and_the_capacity_is_shared_by_fewer(data, register, correct):
    services = register.services
    many = services.index[services["addresses"] > 2][0]
    key = plan.place_keys(register.places)[register.places["service_id"] == many].iloc[0]
    closed = Correction(many, key, "closed", "", "yes")
    corrected, findings = correct(closed)
    assert len(corrected.places) == len(register.places) - 1
    assert corrected.services.at[many, "addresses"] == services.at[many, "addresses"] - 1
    assert corrected.services["addresses"].dtype == services["addresses"].dtype
    assert findings == []
    pd.testing.assert_frame_equal(corrected.capacities, register.capacities)
    assert corrected.places.index.equals(pd.RangeIndex(len(register.places) - 1))
    again, notes = plan.apply_corrections(
        corrected, [closed], obce=data.obce, known_types=data.types
    )
    assert len(again.places) == len(corrected.places)
    assert [note.severity for note in notes] == ["note"]


def test_withdrawn_is_not_in_force_and_reported_is(register, correct, one_place, data):
    made = plan.propose(
        register, service_id=one_place, field="phone", new="1", known_types=data.types
    )
    assert place_of(correct(plan.with_state(made, "reported"))[0], one_place)["phone"] == "1"
    corrected, findings = correct(plan.with_state(made, "withdrawn"))
    pd.testing.assert_frame_equal(corrected.places, register.places)
    assert findings == []


# Re-import


def test_corrections_survive_a_re_import_and_name_what_changed(data, register, opened, one_place):
    made = plan.propose(
        register, service_id=one_place, field="phone", new="412 000 000", known_types=data.types
    )
    plan.set_correction(opened, replace(made, reason="zavolali jsme tam"))
    (stored,) = plan.corrections(plan.open_plan(opened.path))
    assert (stored.author, stored.reason, stored.state) == (
        "koordinátorka", "zavolali jsme tam", "open",
    )  # fmt: skip
    assert stored.original == made.original != ""

    def newly_imported(phone):
        places = register.places.copy()
        places.loc[places["service_id"] == one_place, "phone"] = phone
        return replace(register, places=places)

    def after(changed):
        return plan.apply_corrections(changed, [stored], obce=data.obce, known_types=data.types)

    corrected, findings = after(newly_imported("999 999 999"))
    assert place_of(corrected, one_place)["phone"] == "412 000 000"  # still in force
    assert [f.severity for f in findings] == ["warning"]
    assert "999 999 999" in CS.say(findings[0])
    assert made.original in CS.say(findings[0])
    corrected, findings = after(newly_imported("412 000 000"))
    assert [f.severity for f in findings] == ["note"]
    assert place_of(corrected, one_place)["phone"] == "412 000 000"
    assert after(register)[1] == []


def test_what_is_gone_or_not_possible_is_named_only(register, correct, one_place):
    key = plan.place_keys(register.places)[register.places["service_id"] == one_place].iloc[0]
    wrong = [
        Correction("mpsv-0", "", "until", "", "2026-01-01"),
        Correction(one_place, "jiné | místo", "phone", "", "1"),
        Correction(one_place, "", "type_code", "13", "999"),
        Correction(one_place, "", "until", "", "brzy"),
        Correction(one_place, "", "capacity:pob", "", "luzka=-4"),
        Correction(one_place, "", "forms", "", ""),
        Correction(one_place, key, "code", "", "999999"),
        Correction(one_place, key, "point", "", "0 0"),
        Correction(one_place, key, "web", "", "javascript:alert(1)"),
        Correction(one_place, "", "ico", "", "1"),
    ]
    corrected, findings = correct(*wrong)
    for mine, given_ in zip(tables(corrected), tables(register), strict=True):
        pd.testing.assert_frame_equal(mine, given_)
    assert len(findings) == len(wrong)
    for language in LANGUAGES:
        assert all(Words(language).say(finding) for finding in findings)


def test_an_end_before_the_start_has_no_effect(register, correct, one_place):
    corrected, findings = correct(
        Correction(one_place, "", "since", "", "2020-01-01"),
        Correction(one_place, "", "until", "", "2019-01-01"),
    )
    pd.testing.assert_frame_equal(corrected.services, register.services)
    assert [(f.severity, f.column) for f in findings] == [("error", "since"), ("error", "until")]


def test_both_days_may_move_beyond_each_other(correct, one_place):
    """Moved one by one, the start would be after the former end."""
    first, _ = correct((one_place, "until", "2020-01-01"))
    assert first.services.at[one_place, "until"] == date(2020, 1, 1)
    both, findings = correct((one_place, "since", "2027-01-01"), (one_place, "until", "2030-01-01"))
    assert both.services.at[one_place, "since"] == date(2027, 1, 1)
    assert findings == []


def test_nothing_that_leads_to_a_secret_address_has_any_effect(data, register, one_place):
    secret = register.places["service_id"] == one_place
    hidden = replace(register, places=register.places.assign(secret=secret))
    key = plan.place_keys(register.places)[secret].iloc[0]
    leaking = [
        Correction(one_place, key, field, "", new, reason="r")
        for field, new in [("street", "Tajná 5"), ("phone", "123"), ("point", "-700000 -1000000")]
    ]
    corrected, findings = plan.apply_corrections(
        hidden, leaking, obce=data.obce, known_types=data.types
    )
    pd.testing.assert_frame_equal(corrected.places, hidden.places)
    assert len(findings) == 3
    table = plan.corrections_table(leaking, register=hidden, words=CS)
    before = Correction(one_place, "562777 | 1 | Tajná čtvrť", "code", "", "562882", reason="r")
    _, gone = plan.apply_corrections(hidden, [before], obce=data.obce, known_types=data.types)
    said = " ".join(CS.say(f) for f in (*findings, *gone))
    everything = plan.corrections_csv(table, words=CS) + said
    assert "Tajná" not in everything
    assert "-700000" not in everything
    with pytest.raises(BadOption):
        plan.propose(
            hidden, service_id=one_place, field="street", new="Tajná 5", known_types=data.types
        )


# Any corrections at all


@st.composite
def any_corrections(draw, register):
    services = [*register.services.index[:40], "mpsv-0"]
    keys = plan.place_keys(register.places)
    values = ["", "1", "2026-01-01", "ter|amb", "luzka=3", "562777", "999999", "yes",
              "-700000 -1000000", "13", "99", "=1+1"]  # fmt: skip
    made = []
    for _ in range(draw(st.integers(0, 12))):
        service = draw(st.sampled_from(services))
        mine = list(keys[register.places["service_id"] == service]) or [""]
        made.append(
            Correction(
                service, draw(st.sampled_from([*mine, "", "jinde"])),
                draw(st.sampled_from([*FIELDS, "ico"])), "", draw(st.sampled_from(values)),
                draw(st.sampled_from(["open", "reported", "withdrawn"])),
            )
        )  # fmt: skip
    return made


def ids_of(table):
    return table["service_id"] if "service_id" in table else table.index.to_series()


@given(chosen=st.data())
@hypothesis_settings(max_examples=60, deadline=None)
def test_the_given_register_is_never_written_into(data, register, chosen):
    made = chosen.draw(any_corrections(register))
    before = [table.copy(deep=True) for table in tables(register)]
    corrected, findings = plan.apply_corrections(
        register, made, obce=data.obce, known_types=data.types
    )
    for given_, kept in zip(tables(register), before, strict=True):
        pd.testing.assert_frame_equal(given_, kept)
    assert corrected.services.index.equals(register.services.index)  # no service is ever lost
    touched = {c.service_id for c in made if c.in_force}
    for mine, given_ in zip(tables(corrected), before, strict=True):
        kept, same = (table[~ids_of(table).isin(touched)] for table in (mine, given_))
        pd.testing.assert_frame_equal(kept.reset_index(drop=True), same.reset_index(drop=True))
    assert all(CS.say(finding) for finding in findings)


@given(chosen=st.data())
@hypothesis_settings(max_examples=40, deadline=None)
def test_laying_twice_changes_nothing_more(data, register, chosen):
    made = chosen.draw(any_corrections(register))
    unique = list({(c.service_id, c.place, c.field): c for c in made}.values())
    once, _ = plan.apply_corrections(register, unique, obce=data.obce, known_types=data.types)
    twice, _ = plan.apply_corrections(once, unique, obce=data.obce, known_types=data.types)
    moved = any(c.field in ("address_code", "street", "house_number", "obec_part", "code")
                for c in unique)  # fmt: skip
    if not moved:  # the key of a place is its address in the register
        pd.testing.assert_frame_equal(once.places, twice.places)
    pd.testing.assert_frame_equal(once.services.drop(columns="addresses"),
                                  twice.services.drop(columns="addresses"))  # fmt: skip


# Typing and storing


@pytest.mark.parametrize(
    ("field", "typed", "stored"),
    [
        ("until", " 1. 2. 2027 ", "2027-02-01"),
        ("until", "", ""),
        ("forms", "ter;pob", "pob|ter"),
        ("capacity:amb", " klient = 5 ", "klient=5"),
        ("point", "-721000.04 -947000", "-721000.0 -947000.0"),
        ("point", "49.53818°N, 18.19339°E", "-479861.6 -1133960.5"),
        ("closed", "Ano", "yes"),
        ("web", "https://x.cz/a?b=c#d", "https://x.cz/a?b=c#d"),
        ("phone", " 412\u00a0333 ", "412\u00a0333"),
    ],
)
def test_typed_values_are_stored_in_one_form(field, typed, stored):
    assert parse(field, typed, known_types=["13"]) == stored
    assert parse(field, stored, known_types=["13"]) == stored


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("until", "31. 2. 2026"), ("until", "zítra"), ("forms", "doma"), ("forms", ""),
        ("capacity:amb", "5"), ("capacity:amb", "postel=5"), ("capacity:amb", "luzka=0"),
        ("capacity:amb", "luzka=5+luzka=6"), ("capacity:amb", "luzka=100001"),
        ("capacity:doma", "luzka=1"), ("point", "18.19339, 49.53818"), ("point", "49.5"),
        ("point", "721000 947000"), ("point", "nan nan"), ("point", "inf 1"), ("point", ""),
        ("code", "56277"), ("code", "Rumburk"), ("closed", "ne"), ("type_code", "35"),
        ("web", "javascript:alert(1)"), ("web", "data:text/html,x"), ("web", "a b.cz"),
        ("name", ""), ("name", "a\0b"), ("phone", "1" * 501), ("ico", "1"),
    ],
)  # fmt: skip
def test_what_a_field_cannot_hold_is_refused(field, typed):
    with pytest.raises(BadOption):
        parse(field, typed, known_types=["13"])


def test_what_the_register_says_is_in_the_stored_form(register):
    """Every value the register holds can be typed back as a correction unchanged."""
    present = look_at(register)
    for service in register.services.index[:60]:
        for field in SERVICE_FIELDS:
            said = present.says(service, "", field)
            if said or field not in ("forms", "type_code"):
                types = [*register.services["type_code"].unique()]
                assert parse(field, said, known_types=types) == said
        key = present.keys[register.places["service_id"] == service].iloc[0]
        for field in PLACE_FIELDS:
            said = present.says(service, key, field)
            if said and field != "web":  # the register holds addresses of pages that are none
                assert parse(field, said, known_types=[]) == said


def test_place_keys_tell_the_places_of_a_service_apart(register):
    keys = register.places[["service_id"]].assign(key=plan.place_keys(register.places))
    assert not keys.duplicated().any()


def test_a_place_must_be_named_where_there_are_several(register, data):
    many = register.services.index[register.services["addresses"] > 1][0]
    with pytest.raises(BadOption) as stop:
        plan.propose(register, service_id=many, field="phone", new="1", known_types=data.types)
    key = plan.place_keys(register.places)[register.places["service_id"] == many].iloc[0]
    assert key in str(stop.value)
    made = plan.propose(
        register, service_id=many, field="phone", new="1", place=key, known_types=data.types
    )
    assert made.place == key


def test_a_correction_needs_a_reason_and_is_not_overwritten_by_another(opened, register, data,
                                                                       one_place):  # fmt: skip
    made = plan.propose(
        register, service_id=one_place, field="phone", new="1", known_types=data.types
    )
    with pytest.raises(BadOption):
        plan.set_correction(opened, made)
    plan.set_correction(opened, replace(made, reason="r"))
    with pytest.raises(ChangedMeanwhile, match="koordinátorka"):
        plan.set_correction(opened, replace(made, new="2", reason="r"))
    (stored,) = plan.corrections(opened)
    plan.set_correction(opened, plan.with_state(stored, "reported", reason="e-mail 5. 10."))
    (reported,) = plan.corrections(opened)
    assert (reported.state, reported.reason, reported.new) == ("reported", "e-mail 5. 10.", "1")
    assert plan.corrections(None) == ()


# For the keeper of the register


def test_the_export_says_what_why_who_and_when(opened, register, data, one_place):
    made = plan.propose(
        register, service_id=one_place, field="name", new="=HYPERLINK(1)", known_types=data.types
    )
    plan.set_correction(opened, replace(made, reason="-1 na webu"))
    table = plan.corrections_table(plan.corrections(opened), register=register, words=CS)
    text = plan.corrections_csv(table, words=CS)
    assert text.startswith("\ufeff")
    (row,) = list(csv.reader(io.StringIO(text[1:]), delimiter=";"))[1:]
    assert row[0] == one_place
    assert row[3] == "název místa"
    assert "'=HYPERLINK(1)" in row
    assert "'-1 na webu" in row
    assert "koordinátorka" in row
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row)
    book = CalamineWorkbook.from_filelike(io.BytesIO(plan.corrections_xlsx(table, words=CS)))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[1][5] == "=HYPERLINK(1)"  # a text cell: nothing to run
    assert len(rows) == 2


def test_the_export_lists_what_is_gone_too(register):
    gone = Correction("mpsv-0", "", "until", "2026-01-01", "2027-01-01", reason="r")
    table = plan.corrections_table([gone], register=register, words=Words("en"))
    assert table.loc[0, "now"] == ""
    assert table.loc[0, "new"] == "2027-01-01"


# The whole official register: secret addresses, dates of places, addresses named twice


@pytest.fixture(scope="module")
def whole(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("rpss")
    office = Settings(geo_data=folder / "data", cache=folder / "cache")
    made.write_lists(office.geo_data / "code_lists")
    path = made.write(folder / "rpss.json", made.made(300, seed=4))
    register_update.take_register(
        path, office, obce=data.obce, types=data.types, as_of=date(2026, 9, 30)
    )
    return dataset.load(office)


def test_every_field_of_the_whole_register_can_be_corrected(whole):
    register = whole.register
    assert register.services.index.is_unique
    present = look_at(register)
    new = {
        "type_code": "13", "provider": "Nový", "since": "1990-01-01", "until": "2100-01-01",
        "forms": "amb|ter", "capacity:pob": "luzka=7", "capacity:amb": "klient=7",
        "capacity:ter": "klient=7", "code": "562777", "point": "-721000.0 -947000.0",
        "closed": "yes", "web": "www.a.cz",
    }  # fmt: skip
    open_ones = [s for s in register.services.index if not present.is_secret(s)]
    wanted = []
    for number, service in enumerate(open_ones[: 3 * len(FIELDS)]):
        field = FIELDS[number % len(FIELDS)]
        keys = present.keys[register.places["service_id"] == service]
        place = keys.iloc[0] if field in PLACE_FIELDS else ""
        wanted.append(
            plan.propose(
                register, service_id=service, field=field, new=new.get(field, "nové"),
                place=place, known_types=whole.types,
            )
        )  # fmt: skip
    corrected, findings = plan.apply_corrections(
        register, wanted, obce=whole.obce, known_types=whole.types
    )
    after = look_at(corrected)
    assert {f.severity for f in findings} <= {"note"}
    for correction in wanted:
        service, field = correction.service_id, correction.field
        if field in SERVICE_FIELDS:
            assert after.says(service, "", field) == correction.new
        elif field == "closed":
            assert after.labels_of(service, correction.place) == []
    assert corrected.places.columns.equals(register.places.columns)
    assert corrected.places["secret"].sum() == register.places["secret"].sum()


def test_no_secret_address_of_the_whole_register_gets_out(whole):
    register = whole.register
    present = look_at(register)
    hidden = [s for s in register.services.index if present.is_secret(s)]
    assert hidden
    for service in hidden[:10]:
        for field in sorted(set(PLACE_FIELDS) - {"code", "closed"}):
            with pytest.raises(BadOption):
                plan.propose(
                    register, service_id=service, field=field, new="-700000 -1000000"
                    if field == "point" else "1", known_types=whole.types,
                )  # fmt: skip
