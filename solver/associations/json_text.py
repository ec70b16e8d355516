"""The JSON of associations, joined from columns: each distinct value is encoded once.

The texts are those of `Association.to_json` and of an archive's lines, byte for byte.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, pairwise, repeat

import msgspec

from solver.associations.association import MEMBER_TEXTS, Association
from solver.associations.association_table import Associations
from solver.associations.schema import WORDS
from solver.associations.texts import Texts
from solver.pools import Numbers


def json_files(associations: Iterable[Association]) -> dict[str, str]:
    """The text of each association's file, by the file's name."""
    if not isinstance(associations, Associations):
        return {each.file_name: each.to_json() for each in associations}
    texts = map(b"".join, _pieces(associations, repeat(b""), indent=4))
    return dict(zip(associations.file_names, map(bytes.decode, texts), strict=True))


def json_lines(associations: Iterable[Association]) -> bytes:
    """A line for each association: the content of its file, with the file's name as `asn_file` in front."""
    if not isinstance(associations, Associations):
        return msgspec.json.Encoder().encode_lines(
            {"asn_file": each.file_name, **each.to_dict()} for each in associations
        )
    names = [b',"asn_file":' + name for name in _encoded(associations.file_names)]
    return b"".join(chain.from_iterable(_pieces(associations, names, indent=0)))


def _pieces(associations: Associations, first: Iterable[bytes], indent: int) -> Iterator[tuple[bytes, ...]]:
    """The object of each association and a line end, in pieces, so that long texts are joined once.

    The object begins with the pairs that `first` has for it.
    """
    line = [b"\n" + b" " * indent * depth if indent else b"" for depth in range(6)]

    def start(key: str, depth: int, before: bytes = b",") -> bytes:
        return before + line[depth] + f'"{key}":'.encode() + b" " * bool(indent)

    def pairs(key: str, texts: Texts, depth: int, left_out: Collection[str | None] = (), before: bytes = b",") -> Texts:
        """For each row the key with its value, or nothing for a value that is left out."""
        begin, encoded = start(key, depth, before), zip(texts.values, _encoded(texts.values), strict=True)
        return Texts(texts.codes, [b"" if value in left_out else begin + text for value, text in encoded])

    def array(key: str, parts: Sequence[bytes], bounds: Numbers, depth: int) -> tuple[Iterable[bytes], ...]:
        """For each range of parts a comma and the key with their array, in pieces."""
        between = b"," + line[depth + 1]
        texts = [between.join(parts[one:other]) for one, other in pairwise(bounds.tolist())]
        inner, end = ([around if text else b"" for text in texts] for around in (line[depth + 1], line[depth]))
        return repeat(start(key, depth) + b"["), inner, texts, end, repeat(b"]")

    def united(*columns: Texts) -> Texts:
        return Texts.made(lambda *parts: b"".join(parts), *columns)

    def joined(*columns: Iterable[bytes]) -> list[bytes]:
        return list(map(b"".join, zip(*columns, strict=False)))

    names, types, errors, candidates = (associations.members[text] for text in MEMBER_TEXTS)
    rest = [pairs("exptype", types, 5), pairs("exposerr", errors, 5), pairs("asn_candidate", candidates, 5, [None])]
    files = joined(pairs("expname", names, 5, before=b"{"), united(*rest), repeat(line[4] + b"}"))
    members = array("members", list(map(files.__getitem__, associations.member.tolist())), associations.memberships, 3)
    products = joined(pairs("name", associations.names, 3, before=b"{"), *members, repeat(line[2] + b"}"))
    words = united(*(pairs(word, associations.words[word], 1, [""]) for word in WORDS))
    begin, *inside = array("products", products, associations.products, 1)
    heads = [b"{" + b"".join(each)[1:] for each in zip(first, words, begin, strict=False)]
    return zip(heads, *inside, repeat(line[0] + b"}\n"), strict=False)


def _encoded(texts: Sequence[str | None]) -> list[bytes]:
    """Each text as JSON, which has no line break within."""
    return msgspec.json.Encoder().encode_lines(texts).split(b"\n")[:-1]
