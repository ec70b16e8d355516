"""Results as a pandas frame: its members, and how many of them are science."""

from solver import generate

frame = generate("pool.csv", level=3).members_table().to_pandas()
print(len(frame), sum(frame["exptype"] == "science"))

# It prints:
# 89 63
