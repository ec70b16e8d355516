"""Columns without a keyword, derived from the keywords of all exposures together.

Each function takes the rows in order of observation and returns a value for each. `solver.headers.assumptions` states
what is derived, from what, and how it can change the result.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import groupby
from math import isnan
from operator import itemgetter

from solver.default import Mission
from solver.multimap import grouped
from solver.pools import HIERARCHY, SCIENCE, Row, is_given, natural, number_of, observation_name, whole_number_of

#: The values in which all exposures of one exposure specification agree.
_setting = itemgetter(
    "exp_type", "filter", "pupil", "grating", "fxd_slit", "band", "channel", "subarray", "patttype", "numdthpt",
    "subpxpts", "is_imprt", "bkgdtarg", "msametfl", "targprop",
)  # fmt: skip

#: The observation of an exposure, and its activity, whatever parallel sequence it is in.
_observation = itemgetter("program", "obs_num")
_activity = itemgetter("program", "obs_num", "visit", "visitgrp", "act_id")

#: The number of acquisitions, which belong to no specification or tile.
NONE = "0"

ACQUISITION = "TARGET_ACQUISITION"


def in_order(rows: Iterable[Row]) -> list[Row]:
    """The rows as they were observed: by program, observation, visit, group, sequence, activity, exposure, name."""
    return sorted(rows, key=lambda row: [natural(row[column].lower()) for column in (*HIERARCHY.values(), "filename")])


def fill(rows: Iterable[Row], mission: Mission, targets: Mapping[str, str] | None = None) -> list[Row]:
    """The rows in order of observation, with the columns without a keyword filled in where they have no value.

    Each observation is a candidate.

    Args:
        rows: the exposures, with the columns that come from keywords and those that are stated.
        mission: which exposure types are acquisitions.
        targets: numbers of targets that are known, by FILENAME.
    """
    ordered = in_order(rows)
    science = [row for row in ordered if row["exp_type"].lower() not in mission.acquisitions]
    acquiring = {*mission.acquisitions} - {*mission.confirmations}
    for row, specification, tile in zip(science, specifications(science), tiles(science), strict=True):
        _complete(row, expspcin=specification, mostilno=tile)
    for row, target in zip(ordered, target_ids(ordered, targets), strict=True):
        kind = ACQUISITION if row["exp_type"].lower() in acquiring else SCIENCE
        own = observation_name(row["program"], row["obs_num"], several=False), "OBSERVATION"
        _complete(row, pntgtype=kind, asn_candidate=str([own]))
        _complete(row, targetid=target, dithptin=row["patt_num"], expspcin=NONE, mostilno=NONE)
    return ordered


def _complete(row: Row, **derived: str) -> None:
    for column, value in derived.items():
        row[column] = row.get(column) or value


def target_ids(rows: Sequence[Row], known: Mapping[str, str] | None = None) -> list[str]:
    """The targets of each program, numbered in order of first observation: from 1, or after the numbers that are known.

    Exposures share a target if the proposer gave it the same name; without one, if they have the same catalogue name;
    without either, the same coordinates. Exposures with none of these have no target.
    """
    numbers: defaultdict[str, dict[Hashable, str]] = defaultdict(dict)
    given = [(row["program"], _target(row), (known or {}).get(row.get("filename", ""), "")) for row in rows]
    for program, key, number in given:
        numbers[program] |= {key: number} if number and key else {}
    last = {program: max(filter(None, map(whole_number_of, of.values())), default=0) for program, of in numbers.items()}
    for program, key, _ in given:
        if key is not None and key not in numbers[program]:
            last[program] += 1
            numbers[program][key] = str(last[program])
    return [number or numbers[program].get(key, "") for program, key, number in given]


def _target(row: Row) -> Hashable | None:
    for column in ("targprop", "targname"):
        name = row[column].lower()
        if is_given(name) and name != "unknown":
            return column, name
    position = tuple(round(number_of(row[column]), 4) for column in ("prop_ra", "prop_dec"))
    return position if any(position) and not any(map(isnan, position)) else None  # zeros mean no position


def specifications(rows: Sequence[Row]) -> list[str]:
    """The exposure specifications of each observation, numbered from 1, for rows without acquisitions.

    Each activity is a specification of its own, unless it continues the one before it, with the same setting and the
    next dither position: then it belongs to the same.
    """
    numbers: dict[tuple[str, ...], str] = {}
    for _, observation in groupby(rows, key=_observation):
        number, setting, follows = 0, frozenset[tuple[str, ...]](), -1
        activities = grouped((_activity(row), row) for row in observation)
        for activity in sorted(activities, key=lambda each: [natural(part.lower()) for part in each]):
            before, setting = setting, frozenset(map(_setting, activities[activity]))
            indices = [whole_number_of(row["patt_num"]) for row in activities[activity]]
            positions = [index for index in indices if index is not None]
            if setting != before or min(positions, default=0) != follows:
                number += 1
            follows = max(positions, default=-2) + 1
            numbers[activity] = str(number)
    return [numbers[_activity(row)] for row in rows]


def tiles(rows: Sequence[Row]) -> list[str]:
    """The mosaic tiles of each observation, numbered from 1, for rows without acquisitions.

    A visit begins the next tile if its settings and dither positions are those of an earlier visit of the tile, or a
    subset or superset of them.
    """
    numbers: dict[tuple[str, ...], str] = {}
    for observation, members in groupby(rows, key=_observation):
        number, earlier = 1, list[set[tuple[str, ...]]]()
        for visit, exposures in groupby(members, key=lambda row: row["visit"]):
            positions = {(*_setting(row), row["detector"], row["patt_num"]) for row in exposures}
            if any(positions <= each or positions >= each for each in earlier):
                number, earlier = number + 1, []
            earlier.append(positions)
            numbers[*observation, visit] = str(number)
    return [numbers[*_observation(row), row["visit"]] for row in rows]
