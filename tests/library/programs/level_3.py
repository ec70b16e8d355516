"""The Level 3 associations of a pool."""

from solver import generate

for association in generate("pool.csv", level=3).select(type="coron3"):
    print(association.name, association.asn_rule, association.target)

# It prints:
# jw01001-c1001_coron3_00001_asn Asn_Lv3MIRCoron t002
