"""What a product is made from, down to the exposures."""

import networkx as nx

from solver import generate

graph = generate("pool.csv").graph()
made_from = nx.ancestors(graph, "jw01001-c1001_t002_miri_f2300c-masklyot")
print(len(made_from), sum(graph.nodes[each]["kind"] == "exposure" for each in made_from))

# It prints:
# 18 9
