"""The JSON of associations, joined from columns: each distinct value is encoded once.

The texts are those of `Association.to_json` and of an archive's lines, byte for byte.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise

import msgspec

from solver.associations.association import Association
from solver.associations.association_table import MEMBER_TEXTS, Associations
from solver.associations.schema import WORDS
from solver.associations.texts import Numbers, Texts


def json_files(associations: Iterable[Association]) -> dict[str, str]:
    """The text of each association's file, by the file's name."""
    if not isinstance(associations, Associations):
        return {each.file_name: each.to_json() for each in associations}
    texts = _texts(associations, [""] * len(associations), indent=4)
    return {name: text + "\n" for name, text in zip(associations.file_names, texts, strict=True)}


def json_lines(associations: Iterable[Association]) -> bytes:
    """A line for each association: the content of its file, with the file's name as `asn_file` in front."""
    if not isinstance(associations, Associations):
        return msgspec.json.Encoder().encode_lines(
            {"asn_file": each.file_name, **each.to_dict()} for each in associations
        )
    names = [f',"asn_file":{name}' for name in _encoded(associations.file_names)]
    return "".join([text + "\n" for text in _texts(associations, names, indent=0)]).encode()


def _texts(associations: Associations, first: Iterable[str], indent: int) -> list[str]:
    """The object of each association, which begins with the pairs that `first` has for it."""
    line, colon = [("\n" + " " * indent * depth if indent else "") for depth in range(6)], ": " if indent else ":"

    def pairs(key: str, column: Texts, depth: int, left_out: Collection[str | None] = ()) -> Texts:
        """For each row a comma and the key with its value, or nothing for a value that is left out."""
        begin, encoded = f',{line[depth]}"{key}"{colon}', zip(column.values, _encoded(column.values), strict=True)
        return Texts(column.codes, ["" if value in left_out else begin + text for value, text in encoded])

    def objects(*columns: Iterable[str], depth: int) -> list[str]:
        """An object for each row, at a depth; its first comma is left out."""
        begin, end = "{", line[depth] + "}"
        return [begin + "".join(each)[1:] + end for each in zip(*columns, strict=True)]

    def arrays(key: str, parts: Sequence[str], bounds: Numbers, depth: int) -> list[str]:
        """For each range of parts a comma and the key with their array."""
        begin, inner, end = f',{line[depth]}"{key}"{colon}[', line[depth + 1], line[depth] + "]"
        joined = (f",{inner}".join(parts[one:other]) for one, other in pairwise(bounds.tolist()))
        return [f"{begin}{inner}{text}{end}" if text else begin + "]" for text in joined]

    def united(*columns: Texts) -> Texts:
        return Texts.made(lambda *parts: "".join(parts), *columns)

    files, *rest = (
        pairs(key, associations.members[key], 5, [None] if key == "asn_candidate" else ()) for key in MEMBER_TEXTS
    )
    every = objects(files, united(*rest), depth=4)
    members = arrays("members", list(map(every.__getitem__, associations.member.tolist())), associations.memberships, 3)
    products = objects(pairs("name", associations.names, 3), members, depth=2)
    words = [pairs(word, associations.words[word], 1, [""]) for word in WORDS]
    return objects(first, *words, arrays("products", products, associations.products, 1), depth=0)


def _encoded(texts: Sequence[str | None]) -> list[str]:
    """Each text as JSON, which has no line break within."""
    return msgspec.json.Encoder().encode_lines(texts).decode().split("\n")[:-1]
