"""Associations as plain data, and as the JSON that the calibration pipeline reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from solver.associations.names import association_name, is_plain, level_of
from solver.associations.schema import WORDS, check_schema
from solver.errors import OutputError
from solver.words import inert, plural

#: A notebook folds products with more members.
_MEMBERS_SHOWN = 20

#: The texts of a member.
MEMBER_TEXTS = ("expname", "exptype", "exposerr", "asn_candidate")

NOT_DEGRADED = "No known degraded exposures in association."
DEGRADED = (
    "One or more members have an error associated with them.\nDetails can be found in the member.exposerr attribute."
)


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a product.

    Attributes:
        expname: name of the file.
        exptype: its role in the product, such as science.
        exposerr: what went wrong with the exposure (EXPOSERR in the pool); None if no problem is known.
        asn_candidate: the candidates for which it was considered, in the notation of the pool; files of Level 2 do
            not have this key.
        row: row of the exposure in its pool; not written, and ignored when members are compared.
        extra: other keys that a file had, as they were.
    """

    expname: str
    exptype: str
    exposerr: str | None = None
    asn_candidate: str | None = None
    row: int | None = field(default=None, compare=False, repr=False)
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False, repr=False)


@dataclass(frozen=True, slots=True)
class Product:
    """A product and the files it is made from, in canonical order.

    Attributes:
        name: the beginning of the names of its files, such as jw01001-c1000_t001_niriss_clear-f115w; the pipeline fills
            in {source_id} and {slit_name}, for which it makes many files.
        members: the files that it is made from.
        extra: other keys that a file had, as they were.
    """

    name: str
    members: tuple[Member, ...]
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False, repr=False)

    def __repr__(self) -> str:
        """Its name, and how many members it has."""
        return inert(f"<Product {self.name}: {plural(len(self.members), 'member')}>")

    def has(self, exptype: str) -> bool:
        """Whether a member has this role."""
        return any(member.exptype == exptype for member in self.members)


@dataclass(frozen=True, slots=True)
class Association:
    """A list of products that one pipeline run makes. The keys of the JSON are the names of the attributes.

    Attributes:
        asn_type: the pipeline to run, such as image3 (`calwebb_image3`).
        asn_rule: the rule that made it.
        version_id: the version given by `--version-id`, or None.
        code_version: the software that made it, with its version.
        degraded_status: "No known degraded exposures in association.", or "One or more members have an error associated
            with them." and where to look.
        program: the program, as five digits.
        constraints: the values on which the science exposures agree, for human readers.
        asn_id: the candidate: an observation, such as o001, several that the proposal combines, such as c1000, or the
            whole program, such as a3001 (discovery).
        target: at Level 2 the target's number in TARGETID, or the text "null" if the pool has none; at Level 3 as in
            most products' names, such as t001, or t000 where several targets are combined, or none is given.
        asn_pool: the file name of the pool; in-memory for one that was made in Python.
        products: the products.
        sequence: number among the associations of the same program, id and type, from 1.
        extra: other keys that a file had, as they were.
    """

    asn_type: str
    asn_rule: str
    version_id: str | None
    code_version: str
    degraded_status: str
    program: str
    constraints: str
    asn_id: str
    target: str
    asn_pool: str
    products: tuple[Product, ...]
    sequence: int = 1
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False, repr=False)

    @property
    def members(self) -> tuple[Member, ...]:
        """The members of all its products."""
        return tuple(member for product in self.products for member in product.members)

    @property
    def rows(self) -> frozenset[int]:
        """Rows of the pool's exposures that are in it."""
        return frozenset(member.row for member in self.members if member.row is not None)

    @property
    def level(self) -> int:
        """Its processing level, 2 or 3."""
        return level_of(self.asn_type, self.asn_rule)

    @property
    def name(self) -> str:
        """The file name without its ending."""
        return association_name(self.program, self.asn_id, self.version_id, self.asn_type, self.sequence)

    @property
    def file_name(self) -> str:
        """The file name, `jwPPPPP-ACID[_VERSION]_TYPE_NNNNN_asn.json`."""
        return self.name + ".json"

    def __repr__(self) -> str:
        """Its name, its rule, and what it makes of how many members."""
        made = self.products[0].name if len(self.products) == 1 else plural(len(self.products), "product")
        return inert(f"<Association {self.name}: {self.asn_rule}, {made} of {plural(len(self.members), 'member')}>")

    def _repr_html_(self) -> str:
        """As a notebook shows it."""
        from solver.markup import notebook  # only notebooks need it

        return notebook("association", self, _MEMBERS_SHOWN)

    def to_dict(self) -> dict[str, Any]:
        """The association as it is written; keys without content are left out."""
        words = {word: text for word in WORDS if (text := getattr(self, word)) != ""}
        made = [{"name": each.name, "members": [*map(_member, each.members)], **each.extra} for each in self.products]
        return {**words, "products": made, **self.extra}

    def to_json(self) -> str:
        """The file's text."""
        return laid_out(msgspec.json.encode(self.to_dict()))

    def save(self, path: str | Path, *, overwrite: bool = False) -> Path:
        """Write the association's file, whole or not at all; a file with the same content is left as it is.

        Args:
            path: the file, or the folder in which it gets the association's own file name.
            overwrite: also replace a file with other content.

        Returns:
            the file.

        Raises:
            OutputError: another file is in the way, the folder does not exist or cannot be written to, or the
                association's name cannot be that of a file.

        >>> import tempfile
        >>> product = Product("deep", (Member("a_cal.fits", "science"),))
        >>> made = Association("image3", "A_Rule", None, "", "", "00001", "", "o001", "", "", (product,))
        >>> made.save(tempfile.mkdtemp()).name
        'jw00001-o001_image3_00001_asn.json'
        """
        from solver.whole_files import write_new  # only writing needs it

        file = Path(path)
        if file.is_dir():
            if not is_plain(self.file_name):
                raise OutputError(f"{self.file_name!r} cannot be the name of a file; give the file a name of its own")
            file /= self.file_name
        write_new(file, self.to_json().encode(), overwrite=overwrite)
        return file

    @classmethod
    def from_json(cls, text: str, *, source: str = "association") -> Association:
        """Parse a file's text; `extra` keeps unknown keys.

        Args:
            text: the JSON.
            source: the text's name in messages.

        Raises:
            AssociationError: it is not JSON, or does not follow the schema of associations.
        """
        return cls.from_dict(check_schema(text, source))

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Association:
        """The association of a file's content, which must follow the schema."""
        products = tuple(map(_read_product, data["products"]))
        words = {name: data.get(name, "") for name in WORDS} | {"version_id": data.get("version_id")}
        extra = {key: value for key, value in data.items() if key not in {*WORDS, "products"}}
        return cls(**words, products=products, extra=extra)


def laid_out(content: bytes) -> str:
    """The text of a file with this content, in JSON."""
    return msgspec.json.format(content, indent=4).decode() + "\n"


def _read_product(data: Mapping[str, Any]) -> Product:
    extra = {key: value for key, value in data.items() if key not in {"name", "members"}}
    return Product(data.get("name", "undefined"), tuple(map(_read_member, data["members"])), extra)


def _read_member(data: Mapping[str, Any]) -> Member:
    known = {key: data[key] for key in MEMBER_TEXTS if key in data}
    return Member(**known, extra={key: value for key, value in data.items() if key not in MEMBER_TEXTS})


def _member(member: Member) -> dict[str, Any]:
    written = {key: getattr(member, key) for key in MEMBER_TEXTS}
    return {key: text for key, text in written.items() if text is not None or key == "exposerr"} | dict(member.extra)


def outline(file: str, association: Association) -> dict[str, str]:
    """What identifies an association, for machines."""
    of = {"program": association.program, "id": association.asn_id}
    return {"file": file, "rule": association.asn_rule, "type": association.asn_type, **of}
