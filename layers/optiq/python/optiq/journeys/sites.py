"""Well-known sites by what they are: search engines, social networks, video, shopping, assistants, hops.

A host belongs to a site when it is the site's domain or a subdomain of it; search engines whose other
subdomains are not search (support.google.com) are told by pattern. `source` values in links are often names
rather than hosts (utm_source=facebook), so each site has its names too.
"""

import re
from functools import lru_cache
from typing import Literal

Kind = Literal["search", "social", "video", "shopping", "assistant"]
Category = Literal["search", "social", "video", "shopping", "assistant", "email", "other"]

_SEARCH_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("google", re.compile(r"^(www\.|m\.|images\.|news\.|encrypted\.)?google\.(com?\.)?[a-z]{2,3}$")),
    ("google", re.compile(r"^com\.google\.android\.googlequicksearchbox$")),
    ("bing", re.compile(r"^(www\.|m\.|cn\.|[a-z]{2}\.)?bing\.com$")),
    ("yahoo", re.compile(r"^((www|[a-z]{2}|r)\.)?(search\.)?yahoo\.(com|co\.jp)$")),
    ("yandex", re.compile(r"^(www\.|m\.)?(ya|yandex)\.(ru|com|by|kz|ua|uz|com\.tr)$")),
    ("baidu", re.compile(r"^(www\.|m\.)?baidu\.com$")),
    ("naver", re.compile(r"^(m\.)?(search\.)?naver\.com$")),
    ("daum", re.compile(r"^(search\.)?daum\.net$")),
    ("seznam", re.compile(r"^(search\.|www\.)?seznam\.cz$")),
    ("brave", re.compile(r"^search\.brave\.com$")),
    ("aol", re.compile(r"^(search|suche|recherche)\.aol\.[a-z.]{2,6}$")),
)
_SEARCH: dict[str, tuple[str, ...]] = {
    "duckduckgo": ("duckduckgo.com", "ddg.gg"),
    "ecosia": ("ecosia.org",),
    "qwant": ("qwant.com",),
    "startpage": ("startpage.com",),
    "kagi": ("kagi.com",),
    "ask": ("ask.com",),
    "sogou": ("sogou.com",),
    "so": ("so.com",),
    "shenma": ("sm.cn",),
    "dogpile": ("dogpile.com",),
    "mojeek": ("mojeek.com",),
    "swisscows": ("swisscows.com",),
    "metager": ("metager.org", "metager.de"),
    "lycos": ("lycos.com",),
    "rambler": ("rambler.ru",),
    "presearch": ("presearch.com",),
    "petal": ("petalsearch.com",),
    "coccoc": ("coccoc.com",),
    "msn": ("msn.com",),
}
_SOCIAL: dict[str, tuple[str, ...]] = {
    "facebook": ("facebook.com", "fb.com", "fb.me", "com.facebook.katana", "messenger.com"),
    "instagram": ("instagram.com", "com.instagram.android"),
    "threads": ("threads.net", "threads.com"),
    "tiktok": ("tiktok.com",),
    "twitter": ("twitter.com", "t.co", "com.twitter.android"),
    "x": ("x.com",),
    "linkedin": ("linkedin.com", "lnkd.in", "com.linkedin.android"),
    "pinterest": ("pinterest.com", "pin.it", "pinterest.de", "pinterest.co.uk", "pinterest.fr"),
    "reddit": ("reddit.com", "redd.it", "com.reddit.frontpage"),
    "snapchat": ("snapchat.com",),
    "whatsapp": ("whatsapp.com", "wa.me"),
    "telegram": ("telegram.org", "t.me", "org.telegram.messenger"),
    "vk": ("vk.com", "vkontakte.ru"),
    "ok": ("ok.ru", "odnoklassniki.ru"),
    "weibo": ("weibo.com", "weibo.cn", "t.cn"),
    "wechat": ("wechat.com", "weixin.qq.com"),
    "qzone": ("qzone.qq.com",),
    "line": ("line.me",),
    "kakao": ("kakao.com",),
    "tumblr": ("tumblr.com", "t.umblr.com"),
    "quora": ("quora.com", "qr.ae"),
    "xing": ("xing.com",),
    "bluesky": ("bsky.app",),
    "mastodon": ("mastodon.social", "mastodon.online"),
    "discord": ("discord.com", "discord.gg"),
    "slack": ("slack.com",),
    "nextdoor": ("nextdoor.com",),
    "meetup": ("meetup.com",),
    "hackernews": ("news.ycombinator.com",),
    "stackoverflow": ("stackoverflow.com", "stackexchange.com"),
    "flickr": ("flickr.com",),
    "medium": ("medium.com",),
    "substack": ("substack.com",),
    "livejournal": ("livejournal.com",),
    "disqus": ("disqus.com", "disq.us"),
    "yammer": ("yammer.com",),
}
_VIDEO: dict[str, tuple[str, ...]] = {
    "youtube": ("youtube.com", "youtu.be", "com.google.android.youtube"),
    "vimeo": ("vimeo.com",),
    "twitch": ("twitch.tv",),
    "dailymotion": ("dailymotion.com",),
    "netflix": ("netflix.com",),
    "hulu": ("hulu.com",),
    "disneyplus": ("disneyplus.com",),
    "iqiyi": ("iqiyi.com",),
    "youku": ("youku.com",),
    "bilibili": ("bilibili.com",),
    "wistia": ("wistia.com",),
    "rumble": ("rumble.com",),
    "ted": ("ted.com",),
}
_SHOPPING: dict[str, tuple[str, ...]] = {
    "amazon": tuple(
        f"amazon.{tld}" for tld in ("com", "de", "co.uk", "fr", "it", "es", "nl", "ca", "co.jp", "in", "com.au")
    ),
    "ebay": tuple(f"ebay.{tld}" for tld in ("com", "de", "co.uk", "fr", "it", "es", "ca", "com.au")),
    "etsy": ("etsy.com",),
    "walmart": ("walmart.com",),
    "alibaba": ("alibaba.com",),
    "aliexpress": ("aliexpress.com",),
    "shopify": ("shopify.com", "shop.app"),
    "idealo": ("idealo.de", "idealo.co.uk", "idealo.fr", "idealo.it", "idealo.es"),
    "pricerunner": ("pricerunner.com",),
    "shopzilla": ("shopzilla.com",),
    "mercadolibre": ("mercadolibre.com", "mercadolivre.com.br"),
    "zalando": ("zalando.de", "zalando.com"),
    "otto": ("otto.de",),
    "googleshopping": ("shopping.google.com",),
}
_ASSISTANTS: dict[str, tuple[str, ...]] = {
    "chatgpt": ("chatgpt.com", "chat.openai.com"),
    "openai": ("openai.com",),
    "claude": ("claude.ai",),
    "gemini": ("gemini.google.com", "bard.google.com"),
    "perplexity": ("perplexity.ai",),
    "copilot": ("copilot.microsoft.com",),
    "deepseek": ("chat.deepseek.com", "deepseek.com"),
    "grok": ("grok.com",),
    "mistral": ("chat.mistral.ai", "mistral.ai"),
    "meta.ai": ("meta.ai",),
    "you": ("you.com",),
    "poe": ("poe.com",),
    "phind": ("phind.com",),
}
_TABLES: tuple[tuple[Kind, dict[str, tuple[str, ...]]], ...] = (
    ("search", _SEARCH | {name: () for name, _ in _SEARCH_PATTERNS}),
    ("social", _SOCIAL),
    ("video", _VIDEO),
    ("shopping", _SHOPPING),
    ("assistant", _ASSISTANTS),
)
_ALIASES: dict[str, tuple[Kind, str]] = {
    "fb": ("social", "facebook"),
    "ig": ("social", "instagram"),
    "meta": ("social", "facebook"),
    "yt": ("video", "youtube"),
}
_BY_NAME: dict[str, tuple[Kind, str]] = _ALIASES | {n: (kind, n) for kind, table in _TABLES for n in table}
_BY_DOMAIN: dict[str, tuple[Kind, str]] = {
    domain: (kind, name) for kind, table in _TABLES for name, domains in table.items() for domain in domains
}

_MAIL: tuple[str, ...] = (
    # Where people read their mail. For the default channels it takes an e-mail's own tags: a mail page is a referral.
    "mail.google.com",
    "com.google.android.gm",
    "outlook.live.com",
    "outlook.office.com",
    "outlook.office365.com",
    "mail.yahoo.com",
    "mail.aol.com",
    "mail.proton.me",
    "mail.zoho.com",
    "mail.ru",
    "mail.yandex.ru",
    "mail.yandex.com",
    "mail.163.com",
    "mail.qq.com",
    "gmx.net",
    "gmx.com",
    "web.de",
    "mail.com",
    "fastmail.com",
    "icloud.com",
)

HOPS: tuple[str, ...] = (
    # Payment and sign-in pages a customer passes through on the way to a purchase; coming back is no new contact.
    "paypal.com",
    "checkout.stripe.com",
    "hooks.stripe.com",
    "pay.stripe.com",
    "klarna.com",
    "adyen.com",
    "mollie.com",
    "sofort.com",
    "giropay.de",
    "worldpay.com",
    "checkout.com",
    "authorize.net",
    "braintreegateway.com",
    "pay.google.com",
    "pay.amazon.com",
    "payments.amazon.com",
    "afterpay.com",
    "clearpay.co.uk",
    "affirm.com",
    "razorpay.com",
    "payu.com",
    "przelewy24.pl",
    "paddle.com",
    "shop.app",
    "accounts.google.com",
    "login.microsoftonline.com",
    "login.live.com",
    "appleid.apple.com",
    "auth0.com",
    "okta.com",
)


@lru_cache(maxsize=4096)
def site_of_host(host: str) -> tuple[Kind, str] | None:
    """What a host is and the name of the site, or None."""
    for name, pattern in _SEARCH_PATTERNS:
        if pattern.match(host):
            return "search", name
    return next((_BY_DOMAIN[parent] for parent in _parents(host) if parent in _BY_DOMAIN), None)


def category_of(host: str) -> Category:
    """What a referring host is to a reader of reports."""
    if parent_among(_MAIL, host):
        return "email"
    site = site_of_host(host)
    return site[0] if site else "other"


def site_of_source(source: str) -> tuple[Kind, str] | None:
    """What a utm_source names: a site's name, or its host."""
    source = source.lower()
    return _BY_NAME.get(source) or site_of_host(source)


def parent_among(domains: tuple[str, ...], host: str) -> str:
    """Which of the domains a host is or is beneath, or ""."""
    return next((parent for parent in _parents(host) if parent in domains), "") if host else ""


def _parents(host: str) -> list[str]:
    labels = host.split(".")
    return [".".join(labels[index:]) for index in range(len(labels))]
