"""Where visits come from, by Google Analytics 4's default grouping."""

import pytest
from optiq.journeys.channels import channel_named, channel_of, origin_of
from optiq.kernel.events import Campaign
from optiq.tenancy.contracts import ChannelRule

SHOP = ("shop.example",)


@pytest.mark.parametrize(
    ("source", "medium", "campaign", "channel"),
    [
        ("(direct)", "(none)", "(not set)", "Direct"),
        ("(direct)", "(not set)", "(not set)", "Direct"),
        ("google", "cpc", "Cross-Network sale", "Cross-network"),
        ("amazon.com", "cpc", "x", "Paid Shopping"),
        ("google", "ppc", "summer-shopping", "Paid Shopping"),
        ("google", "CPC", "brand", "Paid Search"),
        ("bing.com", "paidsearch", "brand", "Paid Search"),
        ("facebook", "paid_social", "x", "Paid Social"),
        ("fb", "cpc", "x", "Paid Social"),
        ("youtube.com", "cpc", "x", "Paid Video"),
        ("adnetwork", "cpm", "x", "Display"),
        ("adnetwork", "banner", "x", "Display"),
        ("partner", "retargeting", "x", "Paid Other"),
        ("etsy.com", "referral", "x", "Organic Shopping"),
        ("newspaper", "link", "spring shop", "Organic Shopping"),
        ("t.co", "referral", "x", "Organic Social"),
        ("anything", "social-media", "x", "Organic Social"),
        ("youtube.com", "referral", "x", "Organic Video"),
        ("x-site", "video-ad", "x", "Organic Video"),
        ("google", "organic", "x", "Organic Search"),
        ("duckduckgo.com", "referral", "x", "Organic Search"),
        ("chatgpt.com", "referral", "x", "AI Assistant"),
        ("something", "ai-assistant", "x", "AI Assistant"),
        ("newsletter", "e-mail", "x", "Email"),
        ("email", "blast", "x", "Email"),
        ("partner", "affiliate", "x", "Affiliates"),
        ("blog.example", "referral", "x", "Referral"),
        ("podcast", "audio", "x", "Audio"),
        ("sms", "text", "x", "SMS"),
        ("app", "web-push", "x", "Mobile Push"),
        ("app", "mobile-message", "x", "Mobile Push"),
        ("support.google.com", "referral", "(not set)", "Referral"),
        ("odd", "strange", "x", "Unassigned"),
        # "shop" must stand by itself, or after an e.
        ("list", "newsflash", "eshop", "Organic Shopping"),
        ("list", "newsflash", "workshop", "Unassigned"),
    ],
)
def test_the_default_grouping(source: str, medium: str, campaign: str, channel: str) -> None:
    assert channel_named(source, medium, campaign) == channel


def test_a_sites_own_rule_comes_first() -> None:
    rules = (ChannelRule("Influencers", source="inst*", medium="Story"), ChannelRule("Never", source="other"))

    assert channel_named("Instagram", "story", "x", rules) == "Influencers"
    assert channel_named("instagram", "social", "x", rules) == "Organic Social"


@pytest.mark.parametrize(
    ("url", "referrer", "source", "medium", "channel"),
    [
        ("https://shop.example/", "", "(direct)", "(none)", "Direct"),
        ("https://shop.example/", "https://www.google.co.uk/", "google", "organic", "Organic Search"),
        (
            "https://shop.example/",
            "android-app://com.google.android.googlequicksearchbox/",
            "google",
            "organic",
            "Organic Search",
        ),
        ("https://shop.example/", "https://maps.google.com/", "maps.google.com", "referral", "Referral"),
        ("https://shop.example/", "https://l.facebook.com/l.php", "l.facebook.com", "referral", "Organic Social"),
        ("https://shop.example/?fbclid=1", "", "facebook", "referral", "Organic Social"),
        ("https://shop.example/?gclid=1", "https://www.google.com/", "google", "cpc", "Paid Search"),
        ("https://shop.example/?msclkid=1", "", "bing", "cpc", "Paid Search"),
        ("https://shop.example/?ttclid=1", "", "tiktok", "paid_social", "Paid Social"),
        ("https://shop.example/?dclid=1", "", "dfa", "cpm", "Display"),
        ("https://shop.example/", "https://perplexity.ai/", "perplexity", "ai-assistant", "AI Assistant"),
        ("https://[broken", "https://[worse", "(direct)", "(none)", "Direct"),
    ],
)
def test_what_an_address_and_a_referrer_say(url: str, referrer: str, source: str, medium: str, channel: str) -> None:
    origin = origin_of(url, referrer, None, SHOP)

    assert (origin.source, origin.medium, channel_of(origin)) == (source, medium, channel)


def test_a_search_ad_click_is_paid_whatever_the_medium_says() -> None:
    campaign = Campaign(source="google", medium="web", name="brand")

    assert channel_of(origin_of("https://shop.example/?gclid=1", "", campaign, SHOP)) == "Paid Search"


@pytest.mark.parametrize(
    "referrer", ["https://shop.example/cart", "https://pay.shop.example/", "https://www.paypal.com/x"]
)
def test_the_site_itself_and_payment_pages_are_no_origin(referrer: str) -> None:
    assert origin_of("https://shop.example/thanks", referrer, None, SHOP).internal


def test_a_tagged_link_from_a_payment_page_is_an_origin() -> None:
    campaign = Campaign(source="paypal", medium="email")

    assert not origin_of("https://shop.example/", "https://www.paypal.com/x", campaign, SHOP).internal
