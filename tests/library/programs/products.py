"""Products of a candidate, with their members."""

from solver import generate

for association in generate("pool.csv").select(candidate="o015"):
    for product in association.products:
        print(product.name)
        for member in product.members:
            print("   ", member.exptype, member.expname)

# It prints:
# jw01001015001_02101_00001_mirimage
#     science jw01001015001_02101_00001_mirimage_rate.fits
# jw01001015001_02101_00002_mirimage
#     science jw01001015001_02101_00002_mirimage_rate.fits
# jw01001-o015_t010_miri_f770w
#     science jw01001015001_02101_00001_mirimage_cal.fits
#     science jw01001015001_02101_00002_mirimage_cal.fits
