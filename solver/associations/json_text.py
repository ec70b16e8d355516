"""The JSON of associations, joined from columns: each distinct value is encoded once.

The texts are those of `Association.to_json` and of an archive's lines, byte for byte.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, pairwise, repeat

import msgspec

from solver.associations.association import MEMBER_TEXTS, Association, laid_out
from solver.associations.association_table import Associations
from solver.associations.schema import WORDS
from solver.associations.texts import Texts
from solver.pools import Numbers


def json_files(associations: Iterable[Association]) -> dict[str, str]:
    """The text of each association's file, by the file's name."""
    if not isinstance(associations, Associations):
        return {each.file_name: each.to_json() for each in associations}
    texts = map(laid_out, map(b"".join, _pieces(associations, repeat(b""))))
    return dict(zip(associations.file_names, texts, strict=True))


def json_lines(associations: Iterable[Association]) -> bytes:
    """A line for each association: the content of its file, with the file's name as `asn_file` in front."""
    if not isinstance(associations, Associations):
        contents = ({"asn_file": each.file_name, **each.to_dict()} for each in associations)
        return msgspec.json.Encoder().encode_lines(contents)
    names = [b',"asn_file":' + name for name in _encoded(associations.file_names)]
    return b"".join(chain.from_iterable(_pieces(associations, names)))


def _pieces(associations: Associations, first: Iterable[bytes]) -> Iterator[tuple[bytes, ...]]:
    """The object of each association and a line end, in pieces, so that long texts are joined once.

    The object begins with the pairs that `first` has for it.
    """

    def pairs(key: str, texts: Texts, left_out: Collection[str | None] = (), before: bytes = b",") -> Texts:
        """For each row the key with its value, or nothing for a value that is left out."""
        begin, encoded = before + f'"{key}":'.encode(), zip(texts.values, _encoded(texts.values), strict=True)
        return Texts(texts.codes, [b"" if value in left_out else begin + text for value, text in encoded])

    def united(*columns: Texts) -> Texts:
        return Texts.made(lambda *parts: b"".join(parts), *columns)

    def objects(key: str, texts: Texts, *rest: Iterable[bytes]) -> list[bytes]:
        """For each row the object with the key and its value, and the rest."""
        return list(map(b"".join, zip(pairs(key, texts, before=b"{"), *rest, repeat(b"}"), strict=False)))

    def array(key: str, parts: Sequence[bytes], bounds: Numbers) -> tuple[Iterable[bytes], ...]:
        """For each range of parts the key with their array, in pieces."""
        texts = [b",".join(parts[one:other]) for one, other in pairwise(bounds.tolist())]
        return repeat(f',"{key}":['.encode()), texts, repeat(b"]")

    name, *texts = MEMBER_TEXTS
    rest = [pairs(text, associations.members[text], [None] if text == "asn_candidate" else []) for text in texts]
    files = objects(name, associations.members[name], united(*rest))
    members = array("members", list(map(files.__getitem__, associations.member.tolist())), associations.memberships)
    products = objects("name", associations.names, *members)
    words = united(*(pairs(word, associations.words[word], [""]) for word in WORDS))
    begin, *inside = array("products", products, associations.products)
    heads = [b"{" + b"".join(each)[1:] for each in zip(first, words, begin, strict=False)]
    return zip(heads, *inside, repeat(b"}\n"), strict=False)


def _encoded(texts: Sequence[str | None]) -> list[bytes]:
    """Each text as JSON, which has no line break within."""
    return msgspec.json.Encoder().encode_lines(texts).split(b"\n")[:-1]
