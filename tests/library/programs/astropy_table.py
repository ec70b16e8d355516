"""Results as an astropy table."""

from astropy.table import Table

from solver import generate

members = Table(generate("pool.csv", level=3).members_table().to_pydict())
print(len(members), members["expname"][0])

# It prints:
# 89 jw01001001001_02101_00001_nis_cal.fits
