"""The constraint vocabulary: what a rule can say, as frozen and composable expressions.

Rules are written with the lower-case constructors and nothing else. The classes behind them are
closed unions, so that the solver, the texts and the analyses can each treat all cases:

* `Attribute`, `Comparable`: what is asked of an exposure;
* `Predicate`: whether an exposure qualifies, and `Choice`, a table of predicates;
* `Same`: whether exposures agree; `Near`: whether two are near each other; `Join`: what is added to a group;
* `Cardinality`: whether a group has one seed or many; `Validity`: what the whole group must fulfil;
* `Select`, `Expansion`: what a valid group becomes;
* `ProductName`, `MemberName`: how it is called.
"""

from __future__ import annotations

from rules.vocabulary import attributes, grouping, predicates, products
from rules.vocabulary.attributes import *  # noqa: F403 (each module lists its public names)
from rules.vocabulary.grouping import *  # noqa: F403
from rules.vocabulary.predicates import *  # noqa: F403
from rules.vocabulary.products import *  # noqa: F403

__all__ = attributes.__all__ + predicates.__all__ + grouping.__all__ + products.__all__
