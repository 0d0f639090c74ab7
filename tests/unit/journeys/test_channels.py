"""Where visits come from, by Google Analytics 4's default grouping."""

import pytest
from optiq.journeys.channels import channel_named, channel_of
from optiq.journeys.origins import origin_of
from optiq.kernel.events import Campaign
from optiq.tenancy.contracts import ChannelRule, ClickId

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
        ("firebase", "whatever", "x", "Mobile Push"),
        ("Firebase", "(not set)", "x", "Mobile Push"),
        ("onesignal", "notification", "x", "Mobile Push"),
        ("firebase", "cpc", "x", "Paid Other"),
        ("facebook", "expandable", "x", "Display"),
        ("x-site", "paid_anything", "x", "Paid Other"),
        ("google", "retargeting", "x", "Paid Search"),
        ("any", "sms", "x", "SMS"),
        ("any", "(not set)", "(not set)", "Unassigned"),
        ("direct", "(none)", "(not set)", "Unassigned"),
        ("https://www.facebook.com/", "post", "x", "Organic Social"),
        ("www.google.de", "", "x", "Organic Search"),
        ("android-app://com.google.android.gm/", "referral", "x", "Email"),
        ("ANDROID-APP://com.openai.chatgpt", "", "x", "AI Assistant"),
        ("gmail", "referral", "x", "Email"),
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
        # Apps, with and without what follows their package.
        ("https://shop.example/", "android-app://com.google.android.gm", "gmail", "email", "Email"),
        ("https://shop.example/", "android-app://com.google.android.gm/", "gmail", "email", "Email"),
        ("https://shop.example/", "android-app://com.slack/", "com.slack", "referral", "Organic Social"),
        ("https://shop.example/", "android-app://com.Slack/", "com.slack", "referral", "Organic Social"),
        (
            "https://shop.example/",
            "android-app://com.google.android.googlequicksearchbox/https/www.google.com",
            "google",
            "organic",
            "Organic Search",
        ),
        ("https://shop.example/", "android-app://com.openai.chatgpt/", "chatgpt", "ai-assistant", "AI Assistant"),
        # Mail programs.
        ("https://shop.example/", "https://mail.google.com/", "gmail", "email", "Email"),
        ("https://shop.example/", "https://mail.yahoo.co.jp/", "yahoo mail", "email", "Email"),
        ("https://shop.example/", "https://deref-gmx.net/mail/client/x", "gmx mail", "email", "Email"),
        # Countries.
        ("https://shop.example/", "https://www.google.com.hk/", "google", "organic", "Organic Search"),
        ("https://shop.example/", "https://m.yandex.kz/", "yandex", "organic", "Organic Search"),
        ("https://shop.example/", "https://de.search.yahoo.com/", "yahoo", "organic", "Organic Search"),
        ("https://shop.example/", "https://www.pinterest.co.kr/", "pinterest.co.kr", "referral", "Organic Social"),
        ("https://shop.example/", "https://www.amazon.com.mx/", "amazon.com.mx", "referral", "Organic Shopping"),
        ("https://shop.example/", "https://drive.google.com/", "drive.google.com", "referral", "Referral"),
        # Referrers as servers and libraries write them.
        ("https://shop.example/", "www.google.com", "google", "organic", "Organic Search"),
        ("https://shop.example/", "blog.example/post?a=b", "blog.example", "referral", "Referral"),
        ("https://shop.example/", "HTTPS://WWW.Google.DE./", "google", "organic", "Organic Search"),
        ("https://shop.example/", " https://blog.example:8443/ ", "blog.example", "referral", "Referral"),
        ("https://shop.example/", "$direct", "(direct)", "(none)", "Direct"),
        ("https://shop.example/", "about:blank", "(direct)", "(none)", "Direct"),
        ("https://shop.example/", "https://bücher.example/", "xn--bcher-kva.example", "referral", "Referral"),
        # Click ids, written as campaigns are.
        ("https://shop.example/?GCLID=1", "", "google", "cpc", "Paid Search"),
        ("https://shop.example/#gclid=1", "", "google", "cpc", "Paid Search"),
        ("https://shop.example/#/landing?MSCLKID=1", "", "bing", "cpc", "Paid Search"),
        ("https://shop.example/?a=b&amp;ttclid=1", "", "tiktok", "paid_social", "Paid Social"),
        ("https://shop.example/?a=b?li_fat_id=1", "", "linkedin", "paid_social", "Paid Social"),
        ("https://shop.example/?igsh=MXk%3D", "", "instagram", "referral", "Organic Social"),
        # What is no site tells nothing.
        (
            "https://shop.example/",
            "chrome-extension://aohghmighlieiainnegkcijnfilokake/",
            "(direct)",
            "(none)",
            "Direct",
        ),
        ("https://shop.example/", "moz-extension://0190-ab/popup.html", "(direct)", "(none)", "Direct"),
        ("https://shop.example/", "file://server/mail.html", "(direct)", "(none)", "Direct"),
        ("https://shop.example/", "capacitor://localhost.local/", "(direct)", "(none)", "Direct"),
        ("https://shop.example/?sccid=1", "", "snapchat", "paid_social", "Paid Social"),
    ],
)
def test_what_an_address_and_a_referrer_say(url: str, referrer: str, source: str, medium: str, channel: str) -> None:
    origin = origin_of(url, referrer, None, SHOP)

    assert (origin.source, origin.medium, channel_of(origin)) == (source, medium, channel)


@pytest.mark.parametrize(
    ("source", "medium"),
    [("direct", "none"), ("Direct", "(none)"), ("(direct)", ""), ("direct", ""), ("DIRECT", "None")],
)
@pytest.mark.parametrize("referrer", ["", "https://www.google.com/"])
def test_link_that_says_direct_is_direct(source: str, medium: str, referrer: str) -> None:
    origin = origin_of("https://shop.example/", referrer, Campaign(source=source, medium=medium), SHOP)

    assert (origin.source, origin.medium, channel_of(origin)) == ("(direct)", "(none)", "Direct")
    assert not origin.signature


@pytest.mark.parametrize(("source", "channel"), [("copilot.com", "AI Assistant"), ("direct mail", "Unassigned")])
def test_source_is_read_as_people_write_it(source: str, channel: str) -> None:
    assert channel_named(source, "", "") == channel


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


@pytest.mark.parametrize("parameter", ["gclid", "GCLID", "XClid", "xclid"])
def test_origin_of_keeps_a_long_click_id_under_its_known_name(parameter: str) -> None:
    own = (ClickId("xclid", "exads", "cpc"),)
    value = "Ab" * 500

    origin = origin_of(f"https://shop.example/#/x?{parameter}={value}", "", None, SHOP, (), own)

    assert origin.click_ids == ((parameter.lower(), value),)


def test_origin_of_keeps_no_part_of_a_click_id_that_is_too_long() -> None:
    """Cut it would be another click's. That it was a click is known all the same."""
    origin = origin_of(f"https://shop.example/?gclid={'A' * 1_001}&ad_id={'1' * 1_001}", "", None, SHOP)

    assert (origin.click_ids, origin.ad_ids) == ((("gclid", ""),), ())
    assert (origin.source, origin.medium, origin.touch_type) == ("google", "cpc", "AD_CLICK")


def test_origin_of_keeps_what_names_the_campaign_group_and_ad() -> None:
    ids = "gad_campaignid=111&utm_id=spring&campaign_id={{campaign.id}}&adset_id=__AID__&adgroup_id=77&ad_id=999"

    origin = origin_of(f"https://shop.example/?gad_source=1&{ids}", "", None, SHOP)

    assert origin.ad_ids == (("gad_campaignid", "111"), ("utm_id", "spring"), ("adgroup_id", "77"), ("ad_id", "999"))
    assert origin.click_ids == (("gad_source", "1"),)


def test_an_ads_id_alone_is_no_contact() -> None:
    """A shop may use such a parameter for its own."""
    origin = origin_of("https://shop.example/?campaign_id=111", "", None, SHOP)

    assert (origin.source, origin.is_contact, origin.signature) == ("(direct)", False, ())


@pytest.mark.parametrize(
    "blank",
    [
        *("{gclid}", "undefined", "{{gclid}}", "(not set)", "null", "%7Bgclid%7D", "%257Bgclid%257D"),
        *("%28not+set%29", "%28not%20set%29", "__CLICKID__", "", "%20", "None"),
    ],
)
@pytest.mark.parametrize("name", ["gclid", "ttclid", "fbclid", "ref_click"])
def test_click_id_that_says_nothing_is_none(name: str, blank: str) -> None:
    own = (ClickId(parameter="ref_click", source="partner", medium="affiliate"),)

    origin = origin_of(f"https://shop.example/?{name}={blank}", "", None, SHOP, (), own)

    assert (origin.click_ids, origin.source, origin.is_contact) == ((), "(direct)", False)


def test_click_id_that_says_something_counts_after_one_that_says_nothing() -> None:
    url = "https://shop.example/?gclid=null&gclid=Cj0K&fbclid={fbclid}"

    assert origin_of(url, "", None, SHOP).click_ids == (("gclid", "Cj0K"),)


def test_origin_of_takes_the_first_click_id_of_a_name() -> None:
    url = "https://shop.example/?gclid=&gclid=1&GCLID=2#gclid=3"

    assert origin_of(url, "", None, SHOP).click_ids == (("gclid", "1"),)


@pytest.mark.parametrize("listed", ["bücher.example", "xn--bcher-kva.example", "www.bücher.example"])
@pytest.mark.parametrize("host", ["bücher.example", "XN--BCHER-KVA.example", "pay.bücher.example", "bücher.example."])
def test_origin_of_knows_a_sites_own_international_domain_in_both_forms(listed: str, host: str) -> None:
    assert origin_of("https://shop.example/", f"https://{host}/cart", None, (listed,)).internal


@pytest.mark.parametrize("listed", ["zahlung-münchen.example", "xn--zahlung-mnchen-osb.example"])
def test_origin_of_knows_an_excluded_international_domain_in_both_forms(listed: str) -> None:
    assert origin_of("https://shop.example/", "https://zahlung-münchen.example/", None, SHOP, (listed,)).hop


@pytest.mark.parametrize(
    "referrer",
    [
        "https://www.paypal.com/",
        "https://www.paypal.de/",
        "https://r3.girogate.sofort.com/",
        "https://checkoutshopper-live.adyen.com/",
        "https://sis.redsys.es/",
        "https://secure.payu.pl/",
        "https://accounts.google.co.uk/",
        "https://tenant.eu.auth0.com/",
        "https://shop.app/",
        "https://pay.amazon.de/",
        "https://id.apple.com/",
        "https://idp.swissid.ch/",
        "https://payment.paytabs.com/",
        "https://secure-egypt.paytabs.com/",
        "https://payment.eps.at/",
        "https://venmo.com/",
        "https://app.ecwid.com/",
        "https://secure.squarespace.com/",
        "https://applepay.cdn-apple.com/",
        "https://pay.revolut.com/",
        "https://r3.girogate.de/",
        "https://apay-us.amazon.com/",
        "https://payment.ecpay.com.tw/",
        "https://3dsecure.vub.sk/",
        "https://3ds-acs.bank.example/",
    ],
)
def test_origin_of_counts_payment_and_sign_in_pages_as_hops(referrer: str) -> None:
    origin = origin_of("https://shop.example/thanks", referrer, None, SHOP)

    assert origin.internal
    assert origin.hop
    assert origin_of("https://shop.example/thanks", referrer, None, SHOP, None).medium == "referral"


def test_a_mail_programs_referrer_alone_is_no_campaign() -> None:
    origin = origin_of("https://shop.example/", "https://mail.google.com/", None, SHOP)

    assert origin.signature == ()
