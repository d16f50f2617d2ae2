"""The names that people give to columns, compared without case and punctuation."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Literal

from recmodels.data import names_in_languages as abroad

Role = Literal["user", "item", "weight", "time", "order", "split"]


def plain(name: str) -> str:
    """`User-ID` → `userid`, `Évaluation` → `evaluation`, `评分` as it stands."""
    if name.isascii():
        return re.sub(r"[^a-z0-9]", "", name.lower())
    bare = "".join(char for char in unicodedata.normalize("NFKD", name.lower()) if not unicodedata.combining(char))
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFC", bare))


def _words(text: str) -> tuple[str, ...]:
    return tuple(map(plain, text.split()))


_ANONYMOUS = _words(  # a browser, a device or who is not logged in, as analytics name them
    "userpseudoid anonymousid anonymoususerid anonid domainuserid networkuserid distinctid amplitudeid fullvisitorid "
    "gaclientid"
)
# role → tiers of names without punctuation; a name in an earlier tier is the better guess
ROLE_NAMES: dict[Role, tuple[tuple[str, ...], ...]] = {
    "user": (
        _words(
            "user userid uid useridx userindex visitor visitorid customer customerid custid member memberid account "
            "accountid profileid reviewer reviewerid reader readerid player playerid person personid subscriberid "
            "shopperid buyer buyerid student studentid learnerid listenerid viewerid clientid householdid householdkey "
            f"msno userhash usersha1 customeruser respondent respondentid participantid {abroad.USERS}"
        ),
        _words(f"username profilename reviewprofilename nickname screenname steamid {abroad.MAYBE_USERS}"),
        _words("email emailaddress customeremail useremail billingemail"),
        _ANONYMOUS,
        _words("session sessionid sessionidhash sessionkey uuid deviceid cookieid"),
    ),
    "item": (
        _words(
            "item itemid iid itemidx itemindex movie movieid film filmid product productid asin parentasin sku artist "
            "artistid song songid track trackid book bookid isbn isbn13 game gameid anime animeid article articleid "
            "news newsid video videoid business businessid gmapid restaurantid recipe recipeid course courseid jobid "
            "adid goodid goodsid stockcode venue venueid poi poiid hotelid listingid showid podcastid episodeid "
            "content contentid docid documentid repoid photoid app appid pinid beerid beerbeerid joke jokeid offerid "
            "bookmark bookmarkid work workid skuid media mediaid trackidclean productskuhash adgroupid "
            f"trackuri lineitemsku {abroad.ITEMS}"
        ),
        _words(
            "itemname moviename movietitle producttitle productname booktitle gamename gametitle songname artistname "
            "title url trackname lineitemname"
        ),
    ),
    "weight": (
        _words(
            "rating ratings score stars star weight overall bookrating userrating starrating reviewscore reviewoverall "
            "myscore preference"
        ),
        _words(
            "playcount playcounts plays listens nlistens count cnt counts hours hoursplayed playtime watchtime "
            f"watchratio quantity qty frequency freq views clicks {abroad.COUNTS}"
        ),
        _words(
            "label click clicked isclick clk like liked islike purchase purchased accessed implicit feedback target "
            "interaction"
        ),
        _words("value"),
        _words(abroad.RATINGS),
        _words(
            "thumb thumbs thumbsup vote votes voted votedup reaction sentiment verdict opinion recommend recommended "
            f"isrecommended recommends recommendation wouldrecommend isgood polarity {abroad.VERDICTS}"
        ),
    ),
    "order": (
        _words("pos position order seq step sequence sessionposition addtocartorder"),
        _words(
            "timeframe eventindex eventnumber eventseq hitnumber hitshitnumber stepnumber sequencenumber seqno seqnum"
        ),
    ),
    "split": (_words("split"),),
}
RATINGS_ABROAD, VERDICTS = ROLE_NAMES["weight"][4:6]  # a weight only where their values are numbers, or yes and no
WHOLE_COUNTS = frozenset(
    _words(
        "playcount playcounts plays listens nlistens count cnt counts quantity qty views clicks anzahl menge stückzahl "
        "cantidad quantité quantità quantidade aantal ilość adet количество 数量 次数 播放次数 수량"
    )
)
_COUNT = re.compile(  # within a longer name: qty_ordered, Lineitem quantity, Anzahl Wiedergaben, purchase_count
    r".*(qty|quantit|cantidad|qtde?|hoeveelheid|reproduc|wiedergabe|aufrufe|scrobbles|ecoutes|pageviews|数量|次数|回数|購入数|"
    r"구매수|количеств).*|(order(ed)?|sold|total|num|number)?(units|downloads|streams|plays|listens)|stuck(zahl|menge)?|"
    r"(antal|menge|anzahl)(kop|sald|bestellt|gekauft|verkauft|artikel)?|"
    r".*(play|listen|view|click|purchase|order|buy|stream|download|visit)s?(count|cnt)s?|.*scnt"
)


def is_count(name: str) -> bool:
    """Whether a column is called as what says how often or how many: plays, Units, qty_ordered, purchase_count."""
    word = plain(name)
    return word in ROLE_NAMES["weight"][1] or _COUNT.fullmatch(word) is not None


# counts the visits of a user, so that positions within a visit come after it
VISIT_NUMBERS = frozenset(
    _words(
        "ordernumber orderno ordernum orderseq nthorder basketnumber basketno sessionnumber sessionno sessionnum "
        "visitnumber visitno visitnum gasessionnumber tripnumber invoicenumber invoiceno"
    )
)
# of the place or a part of the moment, which no role has
COORDINATE_NAMES = frozenset(_words("lat latitude lon lng long longitude"))
PART_NAMES = frozenset(_words("hour hourofday minute weekday dayofweek month year tz timezone timezoneoffset"))
WEAK_USERS = frozenset(_words("uuid deviceid cookieid"))  # a device or browser, which may be many people
ANONYMOUS = (*_ANONYMOUS, *_words("visitorid clientid cookieid deviceid uuid"))  # the better one first
# what advertisements are shown on and to: a log of clicks with several of these has no column that is surely the user
CLICK_LOG_NAMES = frozenset(
    _words(
        "siteid sitedomain appid appdomain deviceid deviceip devicemodel adid bannerpos campaign campaignid c1 c14 c15"
    )
)
# amounts, which are never ids
AMOUNT = re.compile(
    r".*(price|cost|amount|total|quantity|qty|discount|revenue|duration|durationms|percent)s?|num[^b].*s|numberof.*"
    r"|age|adults|children|babies|nights|(played|watched|listened|spent|dwell)(ms|msec|seconds|sec)"
    r"|.*(montant|valor|betrag|preis|prix|precio|prezzo|preco|importo|importe|umsatz|金额|金額|价格|価格|цена|сумма|금액).*"
)
# other people, so that a table of users and these is a network and no log of items
PERSON = re.compile(
    r"(friend|follow(er|ee|ing)|trust(ee|or|er)|buddy|peer|contact|relative|inviter|referrer)s?(id|idx)?"
)
THING = re.compile(r"item|product|sku|track|song|album|movie|film|book|article|video|game|asin|isbn")
# several times say the same thing, so the first is taken
TIME_NAMES = _words(
    "timestamp unixtimestamp unixreviewtime unixtime ts eventtimestamp eventtime datetime createdat created time "
    "ratedat reviewtime timestampms timems date invoicedate reviewdate transactiondate purchasedate orderdate "
    "visitdate watchedat playedat clicktime submittime updatedat tdat transactiondt eventdate dateadded "
    f"mylastupdated day {abroad.TIMES}"
)
PATTERNS: dict[str, str] = {
    "user": r".*(user|customer|visitor|member|reviewer|account|guest|borrower|patron).*"
    r"(id|idx|code|key|hash|no|number)",
    "item": r".*(item|movie|film|product|artist|track|song|book|game|article|video).*(id|idx|code|key|hash|no|number)",
    "time": r".*(timestamp|datetime)",
}


def likely_roles(columns: Sequence[str]) -> dict[str, str]:
    """Role → the column that is best called so, by names alone; a column has one role.

    >>> likely_roles(["order_date", "sku", "customer_no", "price"])
    {'user': 'customer_no', 'item': 'sku', 'time': 'order_date'}
    """
    found: dict[str, str] = {}
    names = {
        "user": ROLE_NAMES["user"],
        "item": ROLE_NAMES["item"],
        "weight": ROLE_NAMES["weight"],
        "time": (TIME_NAMES,),
    }
    for role, tiers in names.items():
        called = [column for tier in tiers for column in columns if plain(column) in tier]
        called += [column for column in columns if role in PATTERNS and re.fullmatch(PATTERNS[role], plain(column))]
        free = [column for column in called if column not in found.values()]
        found |= {role: free[0]} if free else {}
    return found


# best first; the plain name of a text column ends with one of them
TEXT_NAMES = _words(
    "title name genres genre author authors artist brand developer director categories category class tags tag "
    "keywords publisher subtitle shortdesc summary overview abstract plot synopsis description desc content"
)
NO_GROUP = re.compile(r".*(zip|zipcode|postcode|postalcode|id|name|email|phone)")
NO_TEXT = re.compile(
    r".*(url|image|img|picture|icon|link|date|isbn|asin|imdb|language|country|downloads|package)[sml]?"
)
# numbers that may look like those of a scale and tell what or where, not how good
NO_OPINION = re.compile(
    r".*(type|kind|price|cost|amount|total|code|platform|device|browser|channel|source|version|os|age|group|gender|sex|"
    r"country|region|city|zone|store|shop|category|cat|class|segment|cluster|zip|page|rank|place|size|colou?r|slot|"
    r"length|width|height|day|week|month|hour|season|floor|level|tier|flag|status|state|id|idx|index|no|number|num|count)"
    r"\d*|(num|number|countof|is|has).*|[a-z]?\d+"
)
# what came of a row, known only after it: never an input
_ACTS = (
    r"click|pageview|view|pv|like|dislike|hate|fav|favou?rite|wish|wishlist|buy|bought|purchase|transaction|"
    r"convert|conversion|addtocart|cart|checkout|pay|paid|payment|refund|return|follow|share|comment|forward|skipp?|"
    r"finish|complete|completion|longview|install|subscribe|dwell|watch|play|listen|upvote|downvote|vote|reward|"
    r"engagement|satisfaction|satisfied|revenue|gmv|spend|reorder|cancell?|cancell?ation|noshow|overdue|renew|renewal|"
    r"complain|complaint|exchange|deliver|redeem|rebook|abandon|expire"
)
OUTCOME = re.compile(
    rf"(is|has|did|was|n|num|number|total)?({_ACTS})(e?d|e?s|ing)?"
    r"(time|duration|second|sec|ms|share|ratio|percent|pct|rate|count|cnt|flag|label|amount|num|id)?s?"
)
OUTCOME_NAMES = frozenset(
    _words(
        "y outcome event eventtype action actiontype behavior behaviour behaviortype interactiontype profileenter nps "
        "isread isreviewed"
    )
)
