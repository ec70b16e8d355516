"""The pools that are packaged with the reference, and with which options they are compared.

Two of them cannot be compared as they are:

* `jw93060_20150312T160130_pool.csv` has no column ASN_CANDIDATE. The reference crashes; we refuse it.
* `mega_pool.csv` has three FILENAMEs twice, and members are known by their file names. The reference mixes
  them up silently; we refuse it. With different names instead, both make the same.
"""

from __future__ import annotations

from collections import Counter

from tests.conformance.canonical import MODES

WITHOUT_CANDIDATES = "jw93060_20150312T160130_pool.csv"
WITH_DUPLICATES = "mega_pool.csv"

#: How many associations of Level 2 and Level 3 the default mode makes. The pool that takes longest is first.
POOLS: dict[str, tuple[int, int]] = {
    WITH_DUPLICATES: (651, 211),
    "pool_004_wfs.csv": (170, 42),
    "pool_001_candidates.csv": (70, 22),
    "pool_001_candidates_lower.csv": (70, 22),
    "pool_013_coron_nircam.csv": (64, 24),
    "jw00632_dups.csv": (4, 2),
    "jw09505_20251216t202003_pool.csv": (8, 2),
    "jw87800_20180412T163456_pool.csv": (10, 2),
    "pool_002_image_miri.csv": (8, 1),
    "pool_003_image_nircam.csv": (18, 2),
    "pool_005_spec_niriss.csv": (4, 1),
    "pool_006_spec_nirspec.csv": (28, 3),
    "pool_007_spec_miri.csv": (19, 8),
    "pool_008_exposerr.csv": (1, 0),
    "pool_010_spec_nirspec_lv2bkg.csv": (15, 4),
    "pool_017_spec_nirspec_lv2imprint.csv": (6, 1),
    "pool_018_all_exptypes.csv": (43, 18),
    "pool_019_niriss_wfss.csv": (16, 3),
    "pool_020_00009_image_miri.csv": (8, 1),
    "pool_021_tso.csv": (5, 5),
    "pool_023_nirspec_msa_3nod.csv": (12, 2),
    "pool_023b_nirspec_msa_3nod_subpix.csv": (18, 1),
    "pool_024_nirspec_fss_nods.csv": (30, 5),
    "pool_024b_nirspec_fss_nods.csv": (10, 1),
    "pool_024c_nirspec_fss_nods.csv": (40, 1),
    "pool_025_nirspec_fss_nod_chop.csv": (8, 6),
    "pool_033_wfs_jitter.csv": (6, 0),
    "pool_duplicate.csv": (1, 2),
}

#: Pools that are made with other options, too.
_OPTIONS = {
    "pool_001_candidates.csv": ("-i o001 c1000", "--merge"),
    "pool_007_spec_miri.csv": ("-i o005 o008",),
    "pool_010_spec_nirspec_lv2bkg.csv": ("-i o001 c1000", "--DMS -i o001 o003", "--merge"),
    "pool_013_coron_nircam.csv": ("-i c1000 c1004 o001", "--merge"),
    "pool_018_all_exptypes.csv": ("-i o001 c1003 c1008", "--DMS -i o005", "--merge"),
    "pool_025_nirspec_fss_nod_chop.csv": ("-i c1001", "--DMS -i o001", "--merge"),
}

#: All runs: the pool and the options. The large pool has one, since the reference takes minutes for it.
RUNS = tuple(
    (name, options)
    for name in POOLS
    for options in (*MODES, *_OPTIONS.get(name, ()))
    if name != WITH_DUPLICATES or not options
)


def file_names(text: str) -> list[str]:
    """The FILENAME of each row; it is the first cell in every packaged pool."""
    header, *lines = text.splitlines()
    assert header.startswith("FILENAME|")
    return [line.split("|", 1)[0] for line in lines]


def renamed(text: str) -> str:
    """The pool with a detector of its own in the FILENAME of each row that repeats one."""
    header, *lines = text.splitlines()
    seen: Counter[str] = Counter()
    for row, name in enumerate(file_names(text)):
        if seen[name]:
            lines[row] = lines[row].replace("_uncal", f"dup{seen[name]}_uncal", 1)
        seen[name] += 1
    return "\n".join([header, *lines]) + "\n"
