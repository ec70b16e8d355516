"""Domains: which tables and modes are refused."""

from __future__ import annotations

import pytest

from rules.vocabulary.domains import Domain, Mode, mode, table

FILTERS = table(("filter", "pupil"), (("f150w2", "f162m"), ("f200w", "clear")))


def test_columns_that_no_table_has_are_tables_of_their_own() -> None:
    made = mode("nrc_image", FILTERS, filter="f200w", detector=("nrca1", "nrca2"), channel="short")
    assert made == Mode(
        ("nrc_image",), (FILTERS, table(("detector",), (("nrca1",), ("nrca2",))), table(("channel",), (("short",),)))
    )


def test_a_domain_offers_modes_and_values() -> None:
    images, darks = mode("nrc_image", FILTERS), mode(("nrc_dark", "nrc_flat"), filter="")
    domain = Domain((images, darks))
    assert (domain.mode_of("nrc_flat"), domain.mode_of("mir_image")) == (darks, None)
    assert domain.values("filter") == {"f150w2", "f200w", ""}
    assert domain.values("exp_type") == {"nrc_image", "nrc_dark", "nrc_flat"}
    assert (Domain().modes, dict(domain.examples), domain.filled, dict(domain.products)) == ((), {}, (), {})


def test_a_table_has_a_value_for_each_column() -> None:
    with pytest.raises(ValueError, match=r"the table of filter, pupil needs rows of 2 values, not \('f200w',\)"):
        table(("filter", "pupil"), (("f200w",),))
    with pytest.raises(ValueError, match="needs rows of 1 values, not none"):
        table(("filter",), ())


def test_a_column_is_in_one_table() -> None:
    with pytest.raises(ValueError, match=r"^nrc_image, nrc_dark: filter, pupil in two tables$"):
        mode(("nrc_image", "nrc_dark"), FILTERS, FILTERS)


def test_an_exposure_type_is_in_one_mode() -> None:
    with pytest.raises(ValueError, match=r"^mir_image, nrc_image in two modes$"):
        Domain((mode(("nrc_image", "mir_image")), mode("mir_image"), mode("nrc_image")))
