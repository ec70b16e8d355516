"""A rule of one's own."""

from rules.level3_base import AsnMixin_Base, AsnMixin_Image, AsnMixin_OpticalPath, DMS_Level3_Base
from rules.vocabulary import one_of, require, same
from solver import generate


class Asn_Warm(AsnMixin_Image, AsnMixin_OpticalPath, AsnMixin_Base, DMS_Level3_Base):
    """MIRI images of one target at 7.7 micrometres."""

    constraints = require(one_of("filter", "f770w"), same("targetid"))


for association in generate("pool.csv", Asn_Warm):
    print(association.products[0].name, len(association.members))

# It prints:
# jw01001-o015_t010_miri_f770w 2
