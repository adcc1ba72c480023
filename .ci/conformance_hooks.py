"""What a schema cannot say of requests, for schemathesis: with this they are as good as they claim to be."""

import schemathesis
from schemathesis import GenerationMode


@schemathesis.serializer("application/x-ndjson")
def lines(ctx, value):
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.meta is None or case.meta.generation.mode != GenerationMode.POSITIVE:
        return
    query, headers = case.query or {}, case.headers or {}
    # Only an answer gives out cursors, and how long a window may be is a setting.
    query.pop("cursor", None)
    # A condition is JSON of its own, of which a schema of texts says nothing.
    query.pop("where", None)
    if "window" in query:
        query["window"] = "5m"
    # Times that follow one another, and as many points as there may be.
    if case.operation.path == "/v1/series":
        for name in ("since", "until", "step"):
            query.pop(name, None)
    # Of an export of the log no more can be asked than a form and a time.
    if case.operation.path == "/v1/export" and query.get("of") == "log":
        for name in set(query) - {"of", "format", "since", "until"}:
            query.pop(name)
    # Bodies are not packed here.
    if "Content-Encoding" in headers:
        headers["Content-Encoding"] = "identity"
