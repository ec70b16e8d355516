"""Why an exposure is in no association."""

from solver import Pool, explain, generate

pool = Pool.read("pool.csv")
result = generate(pool)
orphan = result.orphans["filename"][0]
print(result.reasons[orphan])
print(explain(pool, orphan))

# It prints:
# qualifies for no rule
# jw01001011001_02101_00001_mirimage_uncal.fits
#   MIR_DARKIMG of MIRI; program 1001, observation 11, target unknown; in o011 (observation)
#   in no association
#   Asn_Lv3TSO does not take it: TARGETID is missing; it is not a time series; its group has dark exposures, but no science exposure
