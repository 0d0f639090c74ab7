"""What advertising platforms add to the addresses of landing pages: click ids, and ids of what was clicked."""

from collections.abc import Mapping

AD_CLICKS: Mapping[str, tuple[str, str]] = {
    # Click ids that prove an advertisement (two of them an e-mail), with the source and medium they stand for when a
    # link says nothing.
    "gclid": ("google", "cpc"),
    "gbraid": ("google", "cpc"),
    "wbraid": ("google", "cpc"),
    "gad_source": ("google", "cpc"),
    "gclsrc": ("google", "cpc"),
    "dclid": ("dfa", "cpm"),
    "msclkid": ("bing", "cpc"),
    "ttclid": ("tiktok", "paid_social"),
    "twclid": ("twitter", "paid_social"),
    "li_fat_id": ("linkedin", "paid_social"),
    "epik": ("pinterest", "paid_social"),
    "rdt_cid": ("reddit", "paid_social"),
    "ScCid": ("snapchat", "paid_social"),
    "qclid": ("quora", "paid_social"),
    "yclid": ("yandex", "cpc"),
    "irclid": ("impact", "affiliate"),
    "irclickid": ("impact", "affiliate"),
    "awc": ("awin", "affiliate"),
    "cjevent": ("cj", "affiliate"),
    "tblci": ("taboola", "display"),
    "dicbo": ("outbrain", "display"),
    "mc_cid": ("mailchimp", "email"),
    "_kx": ("klaviyo", "email"),
}
PLAIN_CLICKS: Mapping[str, str] = {
    "fbclid": "facebook",
    "igshid": "instagram",
    "igsh": "instagram",
    "optiq_link": "tracked link",
}
"""Added to every outbound link, paid or not: they tell the source and prove no advertisement. Ours is the id of a
tracked link (optiq.links)."""
AD_IDS = ("gad_campaignid", "utm_id", "campaign_id", "adset_id", "adgroup_id", "ad_id")
"""Ids of the campaign, group and ad that was clicked: Google's own, GA4's, and those of tracking templates. They prove
no click: a site may use such a name for its own."""
LONGEST_CLICK_ID = 1_000
"""Characters. A longer one is left out: cut it would name another click, or none."""
KNOWN = frozenset(name.lower() for name in (*AD_CLICKS, *PLAIN_CLICKS, *AD_IDS))
"""All of them, in small letters."""
