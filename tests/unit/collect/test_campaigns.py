"""The campaign that an address names, however its parameters are written."""

import re
from pathlib import Path

import pytest
from optiq.collect.campaigns import read_campaign
from optiq.collect.payloads import MAX_CAMPAIGN
from optiq.kernel.events import Campaign

SPRING = Campaign(source="newsletter", medium="email", name="spring")
SHOP = "https://shop.example"


@pytest.mark.parametrize(
    "address",
    [
        "/?utm_source=newsletter&utm_medium=email&utm_campaign=spring",
        # In any case.
        "/?UTM_SOURCE=newsletter&UTM_MEDIUM=email&UTM_CAMPAIGN=spring",
        "/?Utm_Source=newsletter&Utm_Medium=email&Utm_Campaign=spring",
        "/?uTM_sOURCE=newsletter&utm_Medium=email&UTM_campaign=spring",
        # Behind #.
        "/#utm_source=newsletter&utm_medium=email&utm_campaign=spring",
        "/#/landing?utm_source=newsletter&utm_medium=email&utm_campaign=spring",
        "/#!/landing?utm_source=newsletter&utm_medium=email&utm_campaign=spring",
        "/#!utm_source=newsletter&utm_medium=email&utm_campaign=spring",
        "/#?utm_source=newsletter&utm_medium=email&utm_campaign=spring",
        "/#/?utm_source=newsletter&utm_medium=email&utm_campaign=spring",
        "/#top&utm_source=newsletter&utm_medium=email&utm_campaign=spring",
        "/?a=b#/landing?utm_source=newsletter&UTM_MEDIUM=email&utm_campaign=spring",
        "/?utm_source=newsletter#/landing?utm_medium=email&utm_campaign=spring",
        "/?utm_source=newsletter&utm_medium=email&utm_campaign=spring#/landing",
        # Escaped separators.
        "/?utm_source=newsletter&amp;utm_medium=email&amp;utm_campaign=spring",
        "/?utm_source=newsletter&amp;amp;utm_medium=email&amp;amp;utm_campaign=spring",
        "/?utm_source=newsletter&AMP;utm_medium=email&amp;utm_campaign=spring",
        "/?utm_source=newsletter&#038;utm_medium=email&#38;utm_campaign=spring",
        "/?utm_source=newsletter&amp;#038;utm_medium=email&#x26;utm_campaign=spring",
        "/?utm_source=newsletter\\u0026utm_medium=email\\u0026utm_campaign=spring",
        "/?utm_source=newsletter;utm_medium=email;utm_campaign=spring",
        "/#/landing?a=b&amp;utm_source=newsletter&amp;utm_medium=email&amp;utm_campaign=spring",
        # A second ?, or none at all.
        "/?a=b?utm_source=newsletter&utm_medium=email&utm_campaign=spring",
        "/?a?utm_source=newsletter?utm_medium=email?utm_campaign=spring",
        "/??utm_source=newsletter&utm_medium=email&utm_campaign=spring",
        "/page&utm_source=newsletter&utm_medium=email&utm_campaign=spring",
        "/page%3Futm_source=newsletter&utm_medium=email&utm_campaign=spring",
        "/page%3Futm_source=newsletter%26utm_medium=email%26utm_campaign=spring",
        "/page%3futm_source%3Dnewsletter%26utm_medium%3Demail%26utm_campaign%3Dspring",
        "/?a=b%26utm_source=newsletter%26amp%3Butm_medium=email%26amp;utm_campaign=spring",
        "/?utm_source=newsletter&amp%3Butm_medium=email&amp%3butm_campaign=spring",
        "/?utm_source%253Dnewsletter%2526utm_medium%253Demail%2526utm_campaign%253Dspring",
        # What says nothing is none.
        "/?utm_source=null&utm_source=newsletter&utm_medium=undefined&utm_medium=email&utm_campaign=spring&utm_term=NaN",
        "/?utm_source={{site_source_name}}&utm_source=newsletter&utm_medium=email&utm_campaign=spring&utm_term={keyword}",
        "/?utm_source=newsletter&utm_medium=email&utm_campaign=spring&utm_content=None&utm_term=%28not%20set%29",
        # Encoded.
        "/?utm%5Fsource=newsletter&utm%5fmedium=email&%20utm_campaign=spring",
        "/?utm_source%3Dnewsletter%26utm_medium%3Demail%26utm_campaign%3Dspring",
        "/?utm_source=%20newsletter%20&utm_medium=+email&utm_campaign=spring%0D%0A",
        "/?utm_source=%EF%BB%BFnewsletter&utm_medium=email%09&utm_campaign=%E2%80%8Bspring",
        # Encoded twice, blanks around names, and templates that look encoded.
        "/?utm%255Fsource=newsletter&UTM%255fMedium=email&utm_campaign=spring",
        "/?utm_source =newsletter&utm_medium =email&utm_campaign%20=spring",
        "/? utm_source= newsletter&utm_medium+=email& utm_campaign=spring",
        "/?utm_campaign=%%CAMPAIGN%%&utm_source=newsletter&utm_medium=email&utm_campaign=spring&utm_term=%DATE%",
        "/?utm_campaign=%%BANNER_NAME%%&utm_source=newsletter&utm_medium=email&utm_campaign=spring&utm_term=%ADGROUP%",
        # The first value that says something counts.
        "/?utm_source=&utm_source=newsletter&utm_source=other&utm_medium=email&utm_campaign=spring",
        "/?utm_source=newsletter&utm_medium=email&utm_campaign=spring#utm_source=other",
        # Matomo's names, which count after utm_*.
        "/?mtm_source=newsletter&mtm_medium=email&mtm_campaign=spring",
        "/?pk_source=newsletter&PK_MEDIUM=email&pk_campaign=spring",
        "/?mtm%5Fsource=newsletter&pk%255Fmedium=email&mtm%5fcampaign=spring",
        "/?mtm_source=other&utm_source=newsletter&utm_medium=email&pk_cpn=spring",
    ],
)
def test_campaign_of_reads_parameters_however_they_are_written(address: str) -> None:
    assert read_campaign(SHOP + address)[0] == SPRING


@pytest.mark.parametrize(
    ("address", "campaign"),
    [
        (
            "/?utm_source=News&utm_medium=e+mail&utm_campaign=a%26b",
            Campaign(source="News", medium="e mail", name="a&b"),
        ),
        ("/?utm_term=why?now&utm_content=a;b", Campaign(term="why?now", content="a;b")),
        ("/?utm_campaign=10%25%20off", Campaign(name="10% off")),
        ("/?utm_campaign=50%&utm_source=%C3%BC%", Campaign(name="50%", source="ü%")),
        ("/?utm_campaign=a=b", Campaign(name="a=b")),
        ("/?utm_source=b%C3%BCcher&mtm_kwd=teapot", Campaign(source="bücher", term="teapot")),
        ("/?utm_content=a%00b%0Ac", Campaign(content="a b c")),
        ("/?utm_term=%D9%85%DB%8C%E2%80%8C%D8%AE%D9%88%D8%A7%D9%87%D9%85", Campaign(term="می\u200cخواهم")),
    ],
)
def test_campaign_of_keeps_what_belongs_to_a_value(address: str, campaign: Campaign) -> None:
    assert read_campaign(SHOP + address)[0] == campaign


@pytest.mark.parametrize(
    "address",
    ["/", "/?utm_id=1", "/?utm_source=", "/?utm_source=%20&utm_medium=%00", "/utm_source", "/utm_source=x", "/#utm"],
)
def test_campaign_of_finds_none_where_nothing_is_said(address: str) -> None:
    assert read_campaign(SHOP + address)[0] is None


@pytest.mark.parametrize(
    "address",
    [
        "/?redirect=https%3A%2F%2Fother.example%2F%3Futm_source%3Devil",
        "/?a=1&next=%2Fsale%3Futm_campaign%3Dinner",
        "/?next=%2Fsale%3Fa%3D1%26utm_source%3Devil",
        "/?u=https%253A%252F%252Fother.example%252F%253Futm_source%253Devil",
        "/?r=https%3A%2F%2Fother.example%2F%3Fa=1%26utm_source=evil",
        "/?r=other.example%2F%3Futm_source=evil",
        "/?r=%2F%2Fother.example%3Futm_source=evil",
        "/?next=/sale?utm_source=evil",
        "/?next=/sale;utm_source=evil",
        "/?r=https://other.example/?utm_source=evil",
        "/?r%3Dhttps%3A%2F%2Fother.example%2F%3Futm_source%3Devil%26a%3Db",
        "/page?x=1%3Futm_source%3Devil",
        "/#next=%2Fsale%3Futm_source%3Devil",
        "/#/landing?next=%2Fsale%3Futm_source%3Devil",
        "/?url=android-app%3A%2F%2Fcom.example%2F%3Futm_source%3Devil",
    ],
)
def test_parameters_of_a_nested_address_are_not_the_pages(address: str) -> None:
    assert read_campaign(SHOP + address)[0] is None
    # What follows it is.
    assert read_campaign(f"{SHOP}{address}&utm_source=news")[0] == Campaign(source="news")


@pytest.mark.parametrize(
    "address",
    [
        "/page%3Futm_source%3Dnews%26utm_medium%3Demail",
        "/page%3Futm_source=news%26utm_medium=email",
        "/page%3futm_source%3dnews%26utm_medium%3demail?a=b",
        "/?utm_source%3Dnews%26utm_medium%3Demail",
        "/#utm_source%3Dnews%26utm_medium%3Demail",
        "/#/landing%3Futm_source%3Dnews%26utm_medium%3Demail",
        "/?route=common/home?utm_source=news&utm_medium=email",
    ],
)
def test_encoded_separators_of_the_page_itself_separate(address: str) -> None:
    assert read_campaign(SHOP + address)[0] == Campaign(source="news", medium="email")


@pytest.mark.parametrize("address", ["", "https://[broken/?a=b", "?", "#", "&", "%"])
def test_campaign_of_finds_none_in_what_is_no_address(address: str) -> None:
    assert read_campaign(address)[0] is None


@pytest.mark.parametrize("name", ["utm_content", "UTM_CONTENT", "mtm_content"])
def test_read_campaign_shortens_a_long_value_and_names_it(name: str) -> None:
    campaign, shortened = read_campaign(f"{SHOP}/?utm_source=nl&{name}={'x' * (MAX_CAMPAIGN + 20)}")

    assert campaign == Campaign(source="nl", content="x" * MAX_CAMPAIGN)
    assert shortened == (name.lower(),)


def test_read_campaign_names_nothing_when_all_fits() -> None:
    assert read_campaign(f"{SHOP}/?utm_source={'x' * MAX_CAMPAIGN}")[1] == ()


def test_read_campaign_ends_when_an_address_is_encoded_many_times() -> None:
    address = "utm_source=x"
    for _ in range(9):
        address = address.replace("%", "%25").replace("=", "%3D")

    assert read_campaign(f"{SHOP}/?{address}")[0] is None


def test_campaign_of_reads_what_the_documentation_shows() -> None:
    page = (Path(__file__).parents[3] / "docs" / "where-visits-come-from.md").read_text(encoding="utf-8")
    shown = [address for address in re.findall(r"`([?#/][^`]+)`", page) if "news" in address]

    found = {address: read_campaign(SHOP + address)[0] for address in shown}

    assert len(shown) >= 10
    assert {address for address, campaign in found.items() if campaign is None or campaign.source != "news"} == set()


@pytest.mark.parametrize("written", ["Fr%C3%BChling", "Fru%CC%88hling", "Fr%FChling", "Frühling", "Fru\u0308hling"])
def test_a_value_is_one_however_its_letters_are_encoded(written: str) -> None:
    campaign, _ = read_campaign(f"https://shop.example/?utm_source=nl&utm_campaign={written}")
    assert campaign is not None
    assert campaign.name == "Frühling"
