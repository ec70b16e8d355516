"""A product by its name."""

from solver import generate

result = generate("pool.csv")
association = result["jw01001-c1001_t002_miri_f2300c-masklyot"]
science = [member.expname for member in association.members if member.exptype == "science"]
print(association.asn_type, len(science), "of", len(association.members))

# It prints:
# coron3 4 of 9
