"""The JSON of associations, joined from columns: each distinct value is encoded once.

The texts are those of `Association.to_json` and of an archive's lines, byte for byte.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

import msgspec

from solver.associations.association_table import MEMBER_TEXTS, Associations
from solver.associations.schema import WORDS
from solver.associations.texts import Texts


def json_files(associations: Associations) -> dict[str, str]:
    """The text of each association's file, by the file's name."""
    texts = _texts(associations, [[] for _ in range(len(associations))], indent=4)
    return {name: text + "\n" for name, text in zip(associations.file_names, texts, strict=True)}


def json_lines(associations: Associations) -> bytes:
    """A line for each association: the content of its file, with the file's name as `asn_file` in front."""
    names = [[f'"asn_file":{_encoded(name)}'] for name in associations.file_names]
    return "".join([text + "\n" for text in _texts(associations, names, indent=0)]).encode()


def _texts(associations: Associations, first: Sequence[list[str]], indent: int) -> Iterator[str]:
    """The object of each association, which begins with the pairs of `first`."""
    line, colon = [("\n" + " " * indent * depth if indent else "") for depth in range(6)], ": " if indent else ":"

    def enclosed(parts: Sequence[str], depth: int, ends: str) -> str:
        """An object or array at a depth."""
        if not parts:
            return ends
        return ends[0] + line[depth + 1] + ("," + line[depth + 1]).join(parts) + line[depth] + ends[1]

    def pairs(key: str, column: Texts, left_out: Collection[str | None] = ()) -> list[str]:
        """For each row the key with its value; "" for a value that is left out."""
        texts = ["" if each in left_out else f'"{key}"{colon}{_encoded(each)}' for each in column.values]
        return list(map(texts.__getitem__, column.codes.tolist()))

    *columns, candidates = [associations.members[key] for key in MEMBER_TEXTS]
    texts = [*map(pairs, MEMBER_TEXTS, columns), pairs(MEMBER_TEXTS[-1], candidates, [None])]
    every = [enclosed([each for each in parts if each], 4, "{}") for parts in zip(*texts, strict=True)]
    members = list(map(every.__getitem__, associations.member.tolist()))
    names = pairs("name", associations.names)
    products = [
        enclosed([name, f'"members"{colon}' + enclosed(members[begin:end], 3, "[]")], 2, "{}")
        for name, (begin, end) in zip(names, pairwise(associations.memberships.tolist()), strict=True)
    ]
    words = zip(*(pairs(word, associations.words[word], [""]) for word in WORDS), strict=True)
    bounds = pairwise(associations.products.tolist())
    for before, parts, (begin, end) in zip(first, words, bounds, strict=True):
        own = f'"products"{colon}' + enclosed(products[begin:end], 1, "[]")
        yield enclosed([*before, *filter(None, parts), own], 0, "{}")


def _encoded(text: str | None) -> str:
    return msgspec.json.encode(text).decode()
