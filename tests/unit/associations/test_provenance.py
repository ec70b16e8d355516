"""The graph of products: every member is linked to the exposure or product that it is a file of."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import networkx as nx
import pytest

import solver
from rules import MISSION
from solver import Association, Member, Pool, Product, UsageError, generate
from solver.associations import product_figure, product_graph

ROOT = Path(solver.__file__).parents[1]
CASES = sorted((ROOT / "tests/conformance/cases").glob("*.csv"))

Edge = tuple[str, str, tuple[str, ...], tuple[str, ...]]


def association(kind: str, name: str, *members: str, candidate: str = "o001") -> Association:
    """An association of one product with members such as "science a_rate.fits"."""
    made = tuple(Member(file, role) for role, file in map(str.split, members))
    return Association(kind, "A_Rule", None, "", "", "00001", "", candidate, "", "", (Product(name, made),))


def edges(*associations: Association) -> list[Edge]:
    graph = product_graph(associations)
    return [(*edge, roles, graph.edges[edge]["files"]) for *edge, roles in graph.edges(data="roles")]


IMAGE = association("image2", "a", "science a_rate.fits", "background b_rate.fits")
SERIES = association("tso-image2", "a", "science a_rateints.fits", candidate="o002")
WFSS = association(
    "spec2",
    "g",
    "science g_rate.fits",
    "direct_image deep_i2d.fits",
    "sourcecat deep_cat.ecsv",
    "segmap deep_segm.fits",
)

LINKED: dict[str, tuple[list[Association], list[Edge]]] = {
    "a Level 2 product comes from exposures": (
        [IMAGE],
        [("a_uncal.fits", "a", ("science",), ("a_rate.fits",)),
         ("b_uncal.fits", "a", ("background",), ("b_rate.fits",))],
    ),
    "a Level 3 product comes from those of Level 2, once for all roles": (
        [association("spec2", "a", "science a_rate.fits"),
         association("spec3", "deep", "science a_cal.fits", "background a_x1d.fits")],
        [("a_uncal.fits", "a", ("science",), ("a_rate.fits",)),
         ("a", "deep", ("science", "background"), ("a_cal.fits", "a_x1d.fits"))],
    ),
    "slitless spectra come from a direct image's Level 3 product, too": (
        [association("image2", "d", "science d_rate.fits"), association("image3", "deep", "science d_cal.fits"), WFSS],
        [("d_uncal.fits", "d", ("science",), ("d_rate.fits",)), ("d", "deep", ("science",), ("d_cal.fits",)),
         ("deep", "g", ("direct_image", "sourcecat", "segmap"), ("deep_i2d.fits", "deep_cat.ecsv", "deep_segm.fits")),
         ("g_uncal.fits", "g", ("science",), ("g_rate.fits",))],
    ),
    "an image that nothing makes is one missing product": (
        [WFSS],
        [("g_uncal.fits", "g", ("science",), ("g_rate.fits",)),
         ("deep", "g", ("direct_image", "sourcecat", "segmap"), ("deep_i2d.fits", "deep_cat.ecsv", "deep_segm.fits"))],
    ),
    "files by integration come from rates by integration": (
        [IMAGE, SERIES, association("tso3", "curve", "science a_calints.fits"),
         association("image3", "deep", "science a_cal.fits")],
        [("a_uncal.fits", "a (jw00001-o001_image2_00001_asn)", ("science",), ("a_rate.fits",)),
         ("a_uncal.fits", "a (jw00001-o002_tso-image2_00001_asn)", ("science",), ("a_rateints.fits",)),
         ("b_uncal.fits", "a (jw00001-o001_image2_00001_asn)", ("background",), ("b_rate.fits",)),
         ("a (jw00001-o001_image2_00001_asn)", "deep", ("science",), ("a_cal.fits",)),
         ("a (jw00001-o002_tso-image2_00001_asn)", "curve", ("science",), ("a_calints.fits",))],
    ),
    "what no Level 2 product makes comes from the exposure": (
        [association("image3", "deep", "science a_cal.fits", "target_acquisition t_rate.fits")],
        [("a_uncal.fits", "deep", ("science",), ("a_cal.fits",)),
         ("t_uncal.fits", "deep", ("target_acquisition",), ("t_rate.fits",))],
    ),
    "a file without suffix is the exposure at Level 2 and its product at Level 3": (
        [association("image2", "other", "science other.fits"), association("image3", "deep", "science other.fits")],
        [("other.fits", "other", ("science",), ("other.fits",)), ("other", "deep", ("science",), ("other.fits",))],
    ),
    "folders, compression and capitals do not matter": (
        [association("image2", "a", "science x/A_rate.fits.gz"),
         association("image3", "deep", "science y\\A_cal.fits.gz")],
        [("A_uncal.fits.gz", "a", ("science",), ("x/A_rate.fits.gz",)),
         ("a", "deep", ("science",), ("y\\A_cal.fits.gz",))],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", LINKED)
def test_who_takes_files_of_whom(case: str) -> None:
    made, linked = LINKED[case]
    assert sorted(edges(*made)) == sorted(linked)


def test_what_a_node_carries() -> None:
    graph = product_graph([WFSS])
    assert graph.nodes["g_uncal.fits"] == {"kind": "exposure", "level": 1}
    assert graph.nodes["deep"] == {"kind": "missing"}
    assert graph.nodes["g"] == {
        "kind": "product", "level": 2, "product": "g", "type": "spec2", "rule": "A_Rule",
        "association": "jw00001-o001_spec2_00001_asn.json",
    }  # fmt: skip


@pytest.mark.parametrize("path", [ROOT / "benchmarks/demo_pool.csv", *CASES], ids=lambda path: path.stem)
def test_of_a_whole_result_everything_is_linked(path: Path) -> None:
    """Every exposure is one of the pool, every Level 3 member is made by Level 2, and nothing is missing."""
    pool = Pool.read(path)
    made = generate(pool).associations
    graph = product_graph(made)
    assert nx.is_directed_acyclic_graph(graph)
    level = dict(graph.nodes(data="level"))
    assert {node for node in graph if level[node] == 1} <= set(pool.file_names)
    assert {node for node, kind in graph.nodes(data="kind") if kind == "missing"} == set()
    assert [edge for edge in graph.edges if level[edge[0]] == 1 and level[edge[1]] != 2] == []
    files = sorted(file for *_, some in graph.edges(data="files") for file in some)
    everything = {member.expname for each in made for member in each.members}
    assert set(files) == everything
    assert sum(kind == "product" for _, kind in graph.nodes(data="kind")) == sum(len(each.products) for each in made)


def test_without_level_2_exposures_lead_to_level_3() -> None:
    graph = product_graph(generate(Pool.read(ROOT / "benchmarks/demo_pool.csv"), MISSION.of_level(3)).associations)
    assert {graph.nodes[source]["level"] for source, _ in graph.edges} == {1}


# --- The figure ---------------------------------------------------------------------------------


def test_a_figure_shows_every_node_and_a_key_of_the_roles() -> None:
    pytest.importorskip("matplotlib")
    (axes,) = product_figure([IMAGE, association("image3", "deep", "science a_cal.fits")]).axes
    assert {text.get_text() for text in axes.texts} == {
        "exposures", "Level 2", "Level 3", "a_uncal.fits", "b_uncal.fits", "a", "deep", "image2", "image3", "",
    }  # fmt: skip
    legend = axes.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["science", "background"]


def test_products_stand_right_of_what_they_come_from() -> None:
    pytest.importorskip("matplotlib")
    made = [
        association("image2", "d", "science d_rate.fits"),
        association("image3", "deep", "science d_cal.fits"),
        WFSS,
    ]
    (axes,) = product_figure(made).axes
    places = {text.get_text(): text.get_position()[0] for text in axes.texts}
    assert places["d_uncal.fits"] == places["g_uncal.fits"] < places["d"] < places["deep"] < places["g"]


@pytest.mark.parametrize(
    ("number", "problem"), [(0, "there are no associations to draw"), (1001, "shows up to 1,000 exposures")]
)
def test_a_figure_that_nobody_could_read_is_refused(number: int, problem: str) -> None:
    files = [f"science a{each}_rate.fits" for each in range(number)]
    with pytest.raises(UsageError, match=problem):
        product_figure([association("image2", "a", *files)] if files else [])


def test_associations_that_take_the_products_of_each_other_are_named() -> None:
    pytest.importorskip("matplotlib")
    made = [association("image3", *each.split(" ", 1)) for each in ("p science q_i2d.fits", "q science p_i2d.fits")]
    made = [replace(each, sequence=number) for number, each in enumerate(made, 1)]
    files = ", ".join(each.file_name for each in made)
    with pytest.raises(UsageError) as error:
        product_figure([*made, IMAGE])
    assert str(error.value) == f"{files}: associations that take each other's products cannot be drawn"


def test_without_matplotlib_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(UsageError, match=r"pip install 'asnsolve\[figures\]'"):
        product_figure([IMAGE])
