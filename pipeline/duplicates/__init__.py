"""Near-duplicates: which documents carry the same story, and which of them stands for it.

The method is MinHash (Broder 1997) over word shingles with locality-sensitive bands (Indyk & Motwani 1998), every
candidate verified on the whole shingle sets; excerpts are found by a prefix filter (Chaudhuri et al. 2006), which
misses none. Callers pass the canonical body with names in canonical form, so that editions that spell a name
differently meet.
"""

from pipeline.duplicates.bands import BANDS, jaccard
from pipeline.duplicates.clusters import Membership, Relation, canonical_order, cluster, cluster_id, identity
from pipeline.duplicates.excerpts import last
from pipeline.duplicates.overlaps import Texts
from pipeline.duplicates.shingles import SIGNATURE_SIZE, minhash, shingle_hashes, signature, text_print
from pipeline.duplicates.standing import band_keys, contained, regroup

__all__ = [
    "BANDS",
    "SIGNATURE_SIZE",
    "Membership",
    "Relation",
    "Texts",
    "band_keys",
    "canonical_order",
    "cluster",
    "cluster_id",
    "contained",
    "identity",
    "jaccard",
    "last",
    "minhash",
    "regroup",
    "shingle_hashes",
    "signature",
    "text_print",
]
