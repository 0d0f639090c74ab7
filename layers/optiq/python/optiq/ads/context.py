"""Ads: what advertising cost."""

from optiq.ads.lake import AD_METRICS
from optiq.kernel.manifest import Context, Function, Permission

CONTEXT = Context(
    name="ads",
    what="what advertising cost",
    permissions=(Permission("ads:write", "MEMBER", "send what advertisements cost"),),
    audits=("ad_metrics",),
    lake=(AD_METRICS,),
    functions=(
        Function(
            "routes",
            memory_mb=1024,
            timeout_seconds=29,
            table=("GetItem", "PutItem"),
            may=("secret",),
            appends=(AD_METRICS.name,),
            columns=True,
        ),
    ),
)
