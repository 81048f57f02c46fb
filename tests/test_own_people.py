"""The team's own people by age: four ways to write one table, and what spoils it."""

import random

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpss_geo import errors, own
from kpss_geo.schema import AGE_BANDS

from facts import FIVE
from own_made import NOWHERE, SHIPPED, TODAY, loaded, write_csv, write_xlsx


@pytest.fixture(scope="module")
def people():
    table = pd.read_csv(SHIPPED / "population.csv", dtype={"code": str})
    return table.sort_values(["code", "sex"]).reset_index(drop=True)


class TestPopulation:
    def rows(self, data, people, codes, *, form: str) -> list[list[object]]:
        mine = people[people["code"].isin(codes)]
        names = data.obce["name"]
        if form == "sexes in rows":
            heading = [
                "Kód obce",
                "Název obce",
                "Pohlaví",
                *(f"{b} let" for b in AGE_BANDS),
                "Celkem",
            ]
            word = {"male": "Muži", "female": "Ženy"}
            return [heading] + [
                [
                    r["code"],
                    names[r["code"]],
                    word[r["sex"]],
                    *(r[b] for b in AGE_BANDS),
                    sum(r[b] for b in AGE_BANDS),
                ]
                for r in mine.to_dict("records")
            ]
        if form == "together":
            sums = mine.groupby("code")[list(AGE_BANDS)].sum()
            heading = [
                "Kód",
                "Obec",
                *(b.replace("-", " – ") for b in AGE_BANDS[:-1]),
                "85 a více",
                "Celkem",
            ]
            return [heading] + [
                [code, names[code], *(f"{n:,}".replace(",", "\u00a0") for n in row), sum(row)]
                for code, row in zip(sums.index, sums.to_numpy().tolist(), strict=True)
            ]
        if form == "sexes in columns":
            heading = ["Kód obce", *(f"{w} {b}" for w in ("Muži", "Ženy") for b in AGE_BANDS)]
            wide = mine.set_index(["code", "sex"])[list(AGE_BANDS)]
            return [heading] + [
                [code, *wide.loc[code, "male"], *wide.loc[code, "female"]]
                for code in sorted(set(mine["code"]))
            ]
        heading = ["uzemi_kod", "uzemi_txt", "pohlavi_txt", "vek_txt", "hodnota"]
        starts = {b: int(b.partition("-")[0].rstrip("+")) for b in AGE_BANDS}
        ends = {
            band: f"{a} až {a + 5} (více nebo rovno {a} a méně než {a + 5})"
            for band, a in starts.items()
        }
        ends["85+"] = "Od 85 (více nebo rovno 85)"
        long = [heading]
        for r in mine.to_dict("records"):
            word = "muž" if r["sex"] == "male" else "žena"
            long += [[r["code"], names[r["code"]], word, ends[b], r[b]] for b in AGE_BANDS]
        return long

    @pytest.mark.parametrize("form", ["sexes in rows", "together", "sexes in columns", "long"])
    @pytest.mark.parametrize("territory", ["sluknovsko", "kaplice"])
    def test_every_form_gives_the_people_of_the_territory(
        self, tmp_path, data, people, form, territory
    ):
        codes = data.territories[territory].codes
        path = write_xlsx(tmp_path / "lide.xlsx", self.rows(data, people, codes, form=form))
        checked = own.check_table("population", path, data=data, settings=NOWHERE)
        assert checked.left_out == 0
        assert [f for f in checked.findings if f.severity == "error"] == []
        own.take_table(checked, folder=tmp_path / "d", on=TODAY)
        after = loaded(tmp_path / "d")
        assert set(after.population.index) == set(codes)
        assert int(after.population.to_numpy().sum()) == FIVE[territory][1]
        pd.testing.assert_frame_equal(
            after.population.sort_index(), data.population.loc[sorted(codes)], check_names=False
        )

    def test_the_state_printed_is_that_of_the_own_table(self, tmp_path, data, people):
        codes = data.territories["kaplice"].codes
        path = write_xlsx(tmp_path / "lide.xlsx", self.rows(data, people, codes, form="together"))
        own.take_table(
            own.check_table("population", path, data=data, settings=NOWHERE),
            folder=tmp_path,
            on=TODAY,
        )
        (source,) = [s for s in loaded(tmp_path).sources if s.id == "population"]
        assert (source.own, source.as_of, source.source) == (True, "2026-11-22", "lide.xlsx")
        assert "2020" not in source.short + source.not_for

    @given(seed=st.integers(0, 10_000))
    @settings(
        max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    def test_a_spoiled_cell_makes_the_obec_unknown_and_is_named(self, tmp_path, data, people, seed):
        dice = random.Random(seed)
        form = dice.choice(["sexes in rows", "together", "sexes in columns", "long"])
        codes = sorted(data.territories["luhacovice"].codes)
        table = self.rows(data, people, codes, form=form)
        line = dice.randrange(1, len(table))
        cells = range(4 if form == "long" else 3, len(table[0]))
        value = dice.choice(["-5", "", "mnoho", "3,5", "nan", "1e30", "9000000", "-", "x"])
        table[line][dice.choice(list(cells))] = value
        path = write_csv(tmp_path / f"{seed}.csv", table, encoding="utf-8")
        checked = own.check_table("population", path, data=data, settings=NOWHERE)
        total_hidden = value in ("", "-", "x", "nan", "mnoho") and not _has_error(checked)
        spoiled = str(table[line][0])
        if total_hidden:  # a total that cannot be read checks nothing, and the ages are whole
            assert set(checked.table["code"]) == set(codes)
        else:
            assert line + 1 in {f.row for f in checked.findings if f.severity == "error"}
            assert set(checked.table["code"]) == set(codes) - {spoiled}
        kept = checked.table.set_index("code")[list(AGE_BANDS)].astype(int).groupby("code").sum()
        expected = people.groupby("code")[list(AGE_BANDS)].sum().loc[kept.index]
        assert (kept.to_numpy() == expected.to_numpy()).all()

    def test_an_obec_twice_and_a_missing_age_are_unknown(self, tmp_path, data, people):
        codes = sorted(data.territories["luhacovice"].codes)
        table = self.rows(data, people, codes, form="together")
        table.append(table[1])
        long = self.rows(data, people, codes, form="long")
        del long[5]
        for name, rows in (("twice", table), ("missing", long)):
            path = write_csv(tmp_path / f"{name}.csv", rows, encoding="utf-8")
            checked = own.check_table("population", path, data=data, settings=NOWHERE)
            assert set(checked.table["code"]) == set(codes) - {codes[0]}
            assert _has_error(checked)
            assert checked.left_out > 0

    def test_broad_ages_are_refused_with_what_is_missing(self, tmp_path, data):
        rows = [["Obec", "0–14", "15–64", "65+"], ["Rumburk", 1, 2, 3]]
        with pytest.raises(errors.MissingColumns, match="65-69"):
            own.check_table(
                "population",
                write_csv(tmp_path / "x.csv", rows, encoding="utf-8"),
                data=data,
                settings=NOWHERE,
            )


def _has_error(checked) -> bool:
    return any(f.severity == "error" for f in checked.findings)
