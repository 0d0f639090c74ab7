"""What another context needs to know of platforms to send conversions through a connection."""

from optiq.ads.connections.credentials import NoCredentialError as NoCredentialError
from optiq.ads.platforms.asking import Answered as Answered
from optiq.ads.platforms.asking import by_status as by_status
from optiq.ads.platforms.contract import Upload as Upload
from optiq.ads.platforms.meta_errors import classify as classify_meta
from optiq.ads.platforms.reported import Json as Json
from optiq.ads.platforms.tiktok_errors import classify as classify_tiktok
from optiq.ads.platforms.verdicts import PlatformError as PlatformError
from optiq.ads.platforms.verdicts import Verdict as Verdict

__all__ = [
    "Answered",
    "Json",
    "NoCredentialError",
    "PlatformError",
    "Upload",
    "Verdict",
    "by_status",
    "classify_meta",
    "classify_tiktok",
]
