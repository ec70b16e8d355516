"""The JSON of associations, joined from columns: each distinct value is encoded once.

The texts are those of `Association.to_json` and of an archive's lines, byte for byte.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise, repeat

import msgspec

from solver.associations.association import MEMBER_TEXTS, Association
from solver.associations.association_table import Associations
from solver.associations.schema import WORDS
from solver.associations.texts import Numbers, Texts


def json_files(associations: Iterable[Association]) -> dict[str, str]:
    """The text of each association's file, by the file's name."""
    if not isinstance(associations, Associations):
        return {each.file_name: each.to_json() for each in associations}
    return dict(zip(associations.file_names, _texts(associations, repeat(""), indent=4), strict=True))


def json_lines(associations: Iterable[Association]) -> bytes:
    """A line for each association: the content of its file, with the file's name as `asn_file` in front."""
    if not isinstance(associations, Associations):
        return msgspec.json.Encoder().encode_lines(
            {"asn_file": each.file_name, **each.to_dict()} for each in associations
        )
    names = [f',"asn_file":{name}' for name in _encoded(associations.file_names)]
    return "".join(_texts(associations, names, indent=0)).encode()


def _texts(associations: Associations, first: Iterable[str], indent: int) -> list[str]:
    """The object of each association, which begins with the pairs that `first` has for it, and a line end."""
    line, colon = [("\n" + " " * indent * depth if indent else "") for depth in range(6)], ": " if indent else ":"

    def pairs(key: str, column: Texts, depth: int, left_out: Collection[str | None] = (), before: str = ",") -> Texts:
        """For each row the key with its value, or nothing for a value that is left out."""
        begin, encoded = (
            f'{before}{line[depth]}"{key}"{colon}',
            zip(column.values, _encoded(column.values), strict=True),
        )
        return Texts(column.codes, ["" if value in left_out else begin + text for value, text in encoded])

    def array(key: str, parts: Sequence[str], bounds: Numbers, depth: int) -> tuple[Iterable[str], ...]:
        """For each range of parts a comma and the key with their array, in pieces: long texts are joined once."""
        texts = [f",{line[depth + 1]}".join(parts[one:other]) for one, other in pairwise(bounds.tolist())]
        inner, end = ([around if text else "" for text in texts] for around in (line[depth + 1], line[depth]))
        return repeat(f',{line[depth]}"{key}"{colon}['), inner, texts, end, repeat("]")

    def united(*columns: Texts) -> Texts:
        return Texts.made(lambda *parts: "".join(parts), *columns)

    def joined(*columns: Iterable[str]) -> list[str]:
        return list(map("".join, zip(*columns, strict=False)))

    names, types, errors, candidates = (associations.members[text] for text in MEMBER_TEXTS)
    rest = [pairs("exptype", types, 5), pairs("exposerr", errors, 5), pairs("asn_candidate", candidates, 5, [None])]
    files = joined(pairs("expname", names, 5, before="{"), united(*rest), repeat(line[4] + "}"))
    members = array("members", list(map(files.__getitem__, associations.member.tolist())), associations.memberships, 3)
    products = joined(pairs("name", associations.names, 3, before="{"), *members, repeat(line[2] + "}"))
    words = united(*(pairs(word, associations.words[word], 1, [""]) for word in WORDS))
    begin, *inside = array("products", products, associations.products, 1)
    heads = ["{" + "".join(each)[1:] for each in zip(first, words, begin, strict=False)]
    return joined(heads, *inside, repeat(line[0] + "}\n"))


def _encoded(texts: Sequence[str | None]) -> list[str]:
    """Each text as JSON, which has no line break within."""
    return msgspec.json.Encoder().encode_lines(texts).decode().split("\n")[:-1]
