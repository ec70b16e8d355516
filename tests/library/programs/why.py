"""Why an exposure is in no association."""

from solver import Pool, explain, generate

pool = Pool.read("pool.csv")
result = generate(pool)
orphan = result.orphans["filename"][0]
print(result.reasons[orphan])
print(explain(pool, orphan, rule="Asn_Lv3Image"))

# It prints:
# qualifies for no rule
# jw01001011001_02101_00001_mirimage_uncal.fits
#   mir_darkimg of miri; program 1001, observation 11, target not given; in o011 (observation)
#   it is in no product
#   1 rule did not take it
#     Asn_Lv3Image: Images of one target
#       target is not given, needs a value (AsnMixin_Target)
#       exposure type is mir_darkimg, needs one of fgs_image, mir_image, nis_image, nrc_image, nrs_mimf (AsnMixin_Image)
#       it is in no group that has a science exposure (DMS_Level3_Base); its group has dark
