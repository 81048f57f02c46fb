"""Which obec is meant: certain, proposed, or open with candidates; never decided silently."""

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpss_geo import obec_list, obec_names
from kpss_geo.errors import BadTerritory, UnknownArea
from kpss_geo.obec_names import Match
from kpss_geo.text import fold

from facts import FIVE


@pytest.fixture(scope="module")
def names(data):
    return obec_names.index_names(data.obce)


class TestOneName:
    def test_every_name_of_the_country(self, data, names):
        """6 258 obce: a name borne once is that obec, a name borne more often is open."""
        borne = Counter(data.obce["name"])
        for code, name in data.obce["name"].items():
            found = obec_names.match(name, names)
            if borne[name] == 1:
                assert (found.how, found.code) == ("name", code)
            else:
                assert found.how == "ambiguous"
                assert found.code is None
                assert len(found.candidates) == borne[name]
                assert code in {candidate.code for candidate in found.candidates}

    def test_every_code_with_or_without_its_name(self, data, names):
        for code, name in data.obce["name"].items():
            for text in (code, f"{name} ({code})", f"{code} – {name}"):
                assert obec_names.match(text, names).code == code

    def test_a_name_with_its_orp_is_certain_everywhere(self, data, names):
        """No ORP holds two obce of one name, so the ORP always tells."""
        for code, name, orp in data.obce[["name", "orp_name"]].itertuples():
            assert obec_names.match(f"{name} (ORP {orp})", names).code == code

    def test_a_name_with_its_district_is_certain_but_where_the_district_has_two(self, data, names):
        held = Counter(zip(data.obce["name"], data.obce["district_name"], strict=True))
        for code, name, okres in data.obce[["name", "district_name"]].itertuples():
            found = obec_names.match(f"{name}, okr. {okres}", names)
            assert (found.code == code) == (held[name, okres] == 1)

    @pytest.mark.parametrize(
        ("text", "how", "first"),
        [
            ("  • 3) město Rumburk,", "name", "562777"),
            ("KRÁSNÁ LÍPA", "name", "562611"),
            ("krasna lipa", "name", "562611"),
            ("Město Touškov", "name", "559211"),
            ("hl. m. Praha", "name", "554782"),
            ("Podhorní Újezd a Vojice", "name", "573311"),
            ("Rumburk (10 950 obyvatel)", "name", "562777"),
            ("Rumbruk", "likely", "562777"),
            ("Dolní Podlužý", "likely", "562432"),
            ("Lipová", "ambiguous", "514772"),
            ("Lipová (okres Neznámý)", "ambiguous", "514772"),
            ("Rumburk (okres Zlín)", "ambiguous", "562777"),
            ("Březina (okres Brno-venkov)", "ambiguous", "581429"),
            ("562777 Šluknov", "ambiguous", "562777"),
        ],
    )
    def test_as_people_write_it(self, names, text, how, first):
        found = obec_names.match(text, names)
        assert (found.how, found.candidates[0].code) == (how, first)
        assert found.code == (first if how == "name" else None)

    @pytest.mark.parametrize("text", ["", "12", "xyzzy", "123456", "–", "(okres Děčín)"])
    def test_what_names_no_obec(self, names, text):
        assert obec_names.match(text, names).how == "unknown"

    def test_narrowing_proposes_and_never_decides(self, names):
        found = obec_names.match("Lipová", names)
        assert obec_names.narrow(found, {"562661", "562777"}).how == "likely"
        assert obec_names.narrow(found, {"562661", "514772"}) == found
        assert obec_names.narrow(found, set()) == found

    @given(st.text(max_size=60))
    @settings(max_examples=300, deadline=1000)
    def test_any_text_has_an_answer(self, names, text):
        found = obec_names.match(text, names)
        assert isinstance(found, Match)
        assert (found.code is not None) == (found.how in ("code", "name"))
        assert len(found.candidates) >= (found.how in ("code", "name", "likely"))

    @given(draw=st.data())
    @settings(max_examples=200, deadline=1000)
    def test_a_slip_of_one_letter_never_gives_another_obec_for_certain(self, data, names, draw):
        """A changed name is certain only if it is itself the name of an obec."""
        name = draw.draw(st.sampled_from(sorted(data.obce["name"].unique())))
        at = draw.draw(st.integers(0, len(name) - 1))
        letter = draw.draw(st.sampled_from("abcdeěščřžýáíé"))
        changed = name[:at] + letter + name[at + 1 :]
        found = obec_names.match(changed, names)
        if found.code is not None:
            assert fold(found.candidates[0].name) in (
                fold(changed),
                fold(changed.split(" ", 1)[-1]),
            )


BULLETS = ["", "- ", "• ", "1. ", "2) ", "a) ", "obec ", "* ", "   "]
BREAKS = ["\n", "\r\n", "; ", ", ", " | ", "\t", " • "]


class TestLists:
    @pytest.mark.parametrize("territory", FIVE)
    @pytest.mark.parametrize("between", BREAKS)
    def test_lists_of_the_five_territories(self, data, territory, between):
        """Namesakes are told apart by the district beside them; nothing else is needed."""
        codes = data.territories[territory].codes
        names = Counter(data.obce["name"])
        lines = []
        for number, code in enumerate(codes):
            row = data.obce.loc[code]
            text = BULLETS[number % len(BULLETS)] + row["name"]
            lines.append(f"{text} (ORP {row['orp_name']})" if names[row["name"]] > 1 else text)
        resolved = obec_list.resolve_list(between.join(lines), obce=data.obce)
        assert (set(resolved.codes), resolved.likely, resolved.unclear) == (set(codes), (), ())

    def test_a_list_from_a_document(self, data):
        text = """Obce Šluknovského výběžku (18):
            1. Dolní Poustevna\t562441\t1 700 obyvatel
            2) Doubice
             • Chřibská, Jiřetín pod Jedlovou
            - město Krásná Lípa; obec Lipová, okr. Děčín; Lobendava
            Mikulášovice, Rumburk, Rybniště, Staré Křečany a Šluknov
            Varnsdorf, Velký Šenov, Vilémov, Horní Podluží, Jiříkov, Dolní Podlužý
        """
        resolved = obec_list.resolve_list(text, obce=data.obce)
        assert len(resolved.codes) == 15
        assert [found.given for found in resolved.likely] == ["Dolní Podlužý"]
        open_lines = {found.given: found.how for found in resolved.unclear}
        assert open_lines.pop("Vilémov") == open_lines.pop("Jiříkov") == "ambiguous"
        assert set(open_lines.values()) == {"unknown"}
        assert all(line.startswith("Obce Šluknovského") for line in open_lines)
        kind, code = obec_list.suggest_area(resolved, obce=data.obce) or ("", "")
        assert (kind, data.obce.loc[data.obce["orp_code"] == code, "orp_name"].iloc[0]) == (
            "orp",
            "Rumburk",
        )
        within = obec_list.codes_of_area("orp", code, obce=data.obce)
        narrowed = obec_list.narrowed(resolved, within)
        assert narrowed.codes == resolved.codes
        assert set(narrowed.accepted().codes) == set(data.territories["sluknovsko"].codes)

    @pytest.mark.parametrize(
        ("text", "count"),
        [
            ("ORP Rumburk\nORP Varnsdorf", 18),
            ("SO ORP Rumburk; správní obvod ORP Varnsdorf", 18),
            ("Rumburk, ORP Varnsdorf", 7),
            ("okres Děčín", 52),
            ("celý okres Děčín", 52),
            ("Jihomoravský kraj", 673),
            ("kraj Vysočina", 704),
            ("Lipová, okres Děčín", 1),
            ("Rumburk, Rumburk, 562777", 1),
            ("", 0),
        ],
    )
    def test_whole_areas_and_repetitions(self, data, text, count):
        resolved = obec_list.resolve_list(text, obce=data.obce)
        assert (len(resolved.codes), resolved.unclear) == (count, ())

    def test_an_area_is_said_with_how_many_it_brought(self, data):
        assert obec_list.resolve_list("ORP Rumburk", obce=data.obce).areas == (("ORP Rumburk", 12),)

    @pytest.mark.parametrize(
        ("kind", "given"),
        [
            ("orp", "Rumburk"),
            ("orp", "rumburk"),
            ("district", "CZ0421"),
            ("district", "Brno venkov"),
            ("region", "Praha"),
            ("region", "Vysočina"),
            ("region", "cz064"),
            ("region", "kraj Jihomoravský"),
        ],
    )
    def test_areas_by_code_and_name(self, data, kind, given):
        column = {"orp": "orp_code", "district": "district_code", "region": "region_code"}[kind]
        codes = obec_list.codes_of_area(kind, given, obce=data.obce)
        (area,) = data.obce.loc[list(codes), column].unique()
        assert len(codes) == (data.obce[column] == area).sum()

    def test_an_unknown_area_names_the_nearest(self, data):
        with pytest.raises(UnknownArea, match="Rumburk"):
            obec_list.codes_of_area("orp", "Rumbrk", obce=data.obce)

    def test_a_list_beyond_sense_is_refused(self, data):
        with pytest.raises(BadTerritory, match="too long"):
            obec_list.resolve_list("Rumburk\n" * 100_000, obce=data.obce)

    @given(st.text(alphabet="abRumburk,;\n\t•-()0123456789 okresORP", max_size=200))
    @settings(max_examples=200, deadline=3000)
    def test_no_line_is_lost(self, data, names, text):
        """Whatever is pasted: every part is certain, an area, or given back as open."""
        resolved = obec_list.resolve_list(text, obce=data.obce, names=names)
        parts = obec_list.split_list(text, names)
        areas = [area for area, _ in resolved.areas]
        rest = [part for part in parts if part not in areas]
        told = {found.given for found in (*resolved.likely, *resolved.unclear)}
        certain = [part for part in rest if obec_names.match(part, names).code is not None]
        assert set(rest) == told | set(certain)


def test_shuffled_country_in_one_list(data):
    """All obce with their ORP, shuffled: every one is found, none twice."""
    rows = [f"{row.name} (ORP {row.orp})" for row in _rows(data)]
    random.Random(1).shuffle(rows)
    resolved = obec_list.resolve_list("\n".join(rows)[: obec_list.MAX_LIST], obce=data.obce)
    assert len(resolved.codes) == len(set(resolved.codes)) > 5_000
    assert len(resolved.unclear) + len(resolved.likely) <= 1  # the last line is cut


def _rows(data):
    return data.obce.rename(columns={"orp_name": "orp"})[["name", "orp"]].itertuples(index=False)
