"""Results as an astropy table."""

from solver import generate

members = generate("pool.csv", level=3).members_table("astropy")
print(len(members), members["expname"][0])

# It prints:
# 89 jw01001001001_02101_00001_nis_cal.fits
