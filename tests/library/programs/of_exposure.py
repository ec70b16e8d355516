"""The associations that an exposure is in."""

from solver import generate

for association in generate("pool.csv").select(exposure="jw01001003001_03102_00001_mirimage"):
    print(association.asn_type, association.asn_id, association.asn_rule)

# It prints:
# coron3 c1001 Asn_Lv3MIRCoron
# image2 o003 Asn_Lv2Image
