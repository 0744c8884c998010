"""Many notebooks marked: `batch` on the cores here, `cluster` and its `worker` on others.

`marking` goes from what was found to the report, and keeps what was marked at an `interruption`.
`record` writes a result down and restores it, `previous` goes on from an earlier marking, and
`identity` says whether that was the same marker.
"""
