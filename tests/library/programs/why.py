"""Why an exposure is in no association."""

from solver import Pool, explain, generate

pool = Pool.read("pool.csv")
result = generate(pool)
orphan = result.orphans["filename"][0]
print(result.reasons[orphan])
print(explain(pool, orphan))

# It prints:
# no rule fits
# jw01001011001_02101_00001_mirimage_uncal.fits
#   MIRI, MIR_DARKIMG; program 1001, observation 11, target not given; in o011 (observation)
#   no association is expected: darks, flats and lamps of this kind are made into reference files, not into science products
#   in no association
#   1 rule came close; -v shows why not
