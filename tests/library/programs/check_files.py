"""Whether association files are right."""

from solver import Pool, check, load

report = check(Pool.read("pool.csv"), load("asn"))
for finding in report.findings:
    print(finding.code, finding.message)
print(report.associations, report.members, len(report.in_none))

# It prints:
# 77 193 11
