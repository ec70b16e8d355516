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

from typing import TYPE_CHECKING

from rules.late import late

if TYPE_CHECKING:
    from rules.vocabulary.attributes import (
        ASN_TYPES as ASN_TYPES,
        CANDIDATE_TYPES as CANDIDATE_TYPES,
        COLUMNS as COLUMNS,
        DERIVED as DERIVED,
        ROLES as ROLES,
        Attribute as Attribute,
        Column as Column,
        Comparable as Comparable,
        FirstGiven as FirstGiven,
        InCandidate as InCandidate,
        Mapped as Mapped,
        column as column,
        first_given as first_given,
        in_candidate as in_candidate,
        mapped as mapped,
    )
    from rules.vocabulary.grouping import (
        AtLeast as AtLeast,
        Cardinality as Cardinality,
        CloseOnSky as CloseOnSky,
        Constraint as Constraint,
        Has as Has,
        Join as Join,
        Many as Many,
        Near as Near,
        OneSeed as OneSeed,
        Same as Same,
        Spans as Spans,
        Validity as Validity,
        Within as Within,
        Without as Without,
        at_least as at_least,
        close_on_sky as close_on_sky,
        has as has,
        join as join,
        many as many,
        one_seed as one_seed,
        require as require,
        same as same,
        spans as spans,
        within as within,
        without as without,
    )
    from rules.vocabulary.predicates import (
        FALSE as FALSE,
        TRUE as TRUE,
        AllOf as AllOf,
        AnyOf as AnyOf,
        Case as Case,
        Choice as Choice,
        Combination as Combination,
        Contains as Contains,
        Given as Given,
        Not as Not,
        OneOf as OneOf,
        Predicate as Predicate,
        absent as absent,
        all_of as all_of,
        any_of as any_of,
        case as case,
        choose as choose,
        combination as combination,
        contains as contains,
        not_ as not_,
        one_of as one_of,
        present as present,
    )
    from rules.vocabulary.products import (
        DirectImage as DirectImage,
        DitherOverlap as DitherOverlap,
        Expansion as Expansion,
        Field as Field,
        MemberName as MemberName,
        NodPairs as NodPairs,
        NodsAsBackground as NodsAsBackground,
        OneProduct as OneProduct,
        ProductName as ProductName,
        Select as Select,
        direct_image as direct_image,
        dither_overlap as dither_overlap,
        nod_pairs as nod_pairs,
        nods_as_background as nods_as_background,
        one_product as one_product,
        product_name as product_name,
        select as select,
    )

__getattr__, __dir__ = late(__name__, __file__)
