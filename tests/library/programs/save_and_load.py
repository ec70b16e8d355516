"""Results in a folder and in an archive, and back again."""

from solver import compare, generate, load

result = generate("pool.csv")
result.write("out")
result.write("all.jsonl.zst")
print(len(load("out")), len(load("all.jsonl.zst")))
print(compare(load("out"), load("all.jsonl.zst")).equal)
print(result[0].save("first_asn.json"))

# It prints:
# 77 77
# True
# first_asn.json
