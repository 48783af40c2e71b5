"""The tables of a release: their schemas, in the order in which users see the columns."""

from __future__ import annotations

import pyarrow as pa

_TEXT, _FLAG, _COUNT, _SHARE = pa.string(), pa.bool_(), pa.int32(), pa.float32()

DOCUMENTS = pa.schema(
    [
        ("doc_id", _TEXT),
        ("source_path", _TEXT),
        ("url", _TEXT),
        ("site", _TEXT),
        ("media_type", _TEXT),
        ("encoding", _TEXT),
        ("language", _TEXT),
        ("content_sha256", _TEXT),
        ("title", _TEXT),
        ("author", _TEXT),
        ("published", _TEXT),
        ("dateline_place", _TEXT),
        ("dateline_agency", _TEXT),
        ("publisher", _TEXT),
        ("text", pa.large_string()),
        ("text_sha256", _TEXT),
        ("text_origin", _TEXT),
        ("raw_chars", pa.int64()),
        ("page_kind", _TEXT),
        ("confidence", _SHARE),
        ("status", _TEXT),
        ("dup_cluster_id", _TEXT),
        ("dup_is_canonical", _FLAG),
        ("dup_similarity", _SHARE),
        ("pipeline_version", _TEXT),
        ("config_digest", _TEXT),
    ]
)
# ``seen_on`` and ``site_pages`` go in the steps of ``sites.about``.
REMOVED_BLOCKS = pa.schema(
    [
        ("doc_id", _TEXT),
        ("ordinal", _COUNT),
        ("text", _TEXT),
        ("reason", _TEXT),
        ("rule", _TEXT),
        ("score", _SHARE),
        ("seen_on", _COUNT),
        ("site_pages", _COUNT),
    ]
)
MENTIONS = pa.schema(
    [
        ("doc_id", _TEXT),
        ("start", _COUNT),
        ("end", _COUNT),
        ("surface", _TEXT),
        ("canonical", _TEXT),
        ("name_id", _TEXT),
        ("kind", _TEXT),
    ]
)
CLUSTERS = pa.schema(
    [
        ("cluster_id", _TEXT),
        ("doc_id", _TEXT),
        ("is_canonical", _FLAG),
        ("similarity", _SHARE),
        ("relation", _TEXT),
    ]
)
REJECTED = pa.schema(
    [
        ("doc_id", _TEXT),
        ("source_path", _TEXT),
        ("code", _TEXT),
        ("stage", _TEXT),
        ("message", _TEXT),
    ]
)
# Not shown, but what tells whether a text file is what was written.
TEXTS = pa.schema([("path", _TEXT), ("digest", _TEXT), ("bytes", pa.int64())])
MENTIONS_BY_MONTH = pa.schema(
    [
        ("doc_id", _TEXT),
        ("month", _TEXT),
        ("name_id", _TEXT),
        ("canonical", _TEXT),
        ("kind", _TEXT),
        ("mentions", pa.int64()),
    ]
)
