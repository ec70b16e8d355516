"""From a folder of downloaded FITS files to association files."""

from solver import generate, ingest

found = ingest(["mastDownload"])
result = generate(found.pool)
result.write("asn_of_downloads")
print(len(found.pool), len(found.skipped), len(result), len(result.orphans))

# It prints:
# 18 0 21 0
