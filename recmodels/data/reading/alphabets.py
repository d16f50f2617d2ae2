"""How likely the words of a text are in a language: what tells encodings apart when many of them fit the bytes.

A language is a table of the log-probability of each of its letters. A word also pays for what hardly occurs within
one: letters of two scripts side by side, a capital after a small letter, a symbol between letters.
"""

import math
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

_ASCII, _DIGIT = math.log(1 / 20), math.log(1 / 40)
_ACCENT, _CAPITAL = math.log(1 / 40), math.log(1 / 12)
_PUNCTUATION, _SYMBOL, _FOREIGN, _CONTROL = -6.0, -11.0, -14.0, -25.0
_MIXED, _WRONG_CASE, _NO_PLAIN_LETTER, _WITHIN = -7.0, -6.0, -6.0, -5.0
_NEXT_CAPITAL = 1.8  # less than what a capital costs: few words are written in capitals, and then they are whole
_PUNCTUATION_SIGNS = "“”„‘’‚«»‹›–—…•·€£§©®™°¿¡´½¼²³ª№µ、。「」『』（）！？：；，・ー《》～　"
_WESTERN = {  # accented letters, by language
    "German": "äöüß",
    "French": "àâæçéèêëîïôùûüÿœ",
    "Spanish": "áéíóúñüçªº",
    "Portuguese": "ãõáâàçéêíóôúü",
    "Italian": "àèéìòù",
    "Danish and Norwegian": "æøåéôö",
    "Swedish and Finnish": "åäöé",
    "Icelandic": "áðéíóúýþæö",
    "Dutch": "ëïéèüöä",
}
_CENTRAL = {
    "Polish": "ąćęłńóśźż",
    "Czech": "áčďéěíňóřšťúůýž",
    "Slovak": "áäčďéíĺľňóôŕšťúýž",
    "Hungarian": "áéíóöőúüű",
    "Romanian": "ăâîşţ",
    "Croatian and Slovene": "čćđšž",
    "German": "äöüß",
}
_BY_FREQUENCY = {  # of each family, the letters from the most to the least frequent
    "cyrillic": "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъёіїєґўџљњћђј",
    "greek": "αοιετσνηυρπκμλςόίάγέήωδύχθώφβξζψϊϋΐΰ",
    "hebrew": "יהולאתרבשמנדכעםחפקצגזטסןךףץ",
    "arabic": "الينمتروبةعدسفهكقأحجشطصخإىذئزثءآضغظؤ",
    "thai": "านรอกเ่งมยลว้ดทสัติีะปุบคหืแูจพชึขใ์ไ็โผธซศณญฉภฐถฟำษฝฆฬฮฏฑฌฎฒฅ",
}
_HANGUL = (
    "이다는을의에고하가지로기도사리자아스대어인시나한라해서정장수부전제주일과그원상보우구오성동거비를선트조니마만무"
    "공화의여모드생물소산세국신위안영유경미르것들코와커피책노래게강식당방남"
)
_HANZI = (
    "的一是了不在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然"
    "家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把"
    "机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果"
    "加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔"
    "更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展"
    "马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共"
    "确传师观清今切院让识候带导争运茶影书咖啡爱城红绿花风云夜龙飞"
)
_HANZI_OLD = (
    "的一是了不在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作里用道行所然"
    "家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實日軍者意無力它與長把"
    "機十民第公此已工使情明性知全三又關點正業外將兩高間由問很最重並物手應戰向頭文體政美相見被利什二等產或新己制身果"
    "加西斯月話合回特代內信表化老給世位次度門任常先海通教兒原東聲提立及比員解水名真論處走義各入幾口認條平系氣題活爾"
    "更別打女變四神總何電數安少報才結反受目太量再感建務做接必場件計管期市直德資命山金指克許統區保至隊形社便空決治展"
    "馬科司五基眼書非則聽白卻界達光放強即像難且權思王象完設式色路記南品住告類求據程北邊死張該交規萬取拉格望覺術領共"
    "確傳師觀清今切院讓識候帶導爭運茶影咖啡愛城紅綠花風雲夜龍飛"
)
_KANJI = (
    "日一国人年大十二本中長出三時行見月分後前生五間上東四今金九入学高円子外八六下来気小七山話女北午百書先名川千水半"
    "男西電校語土木聞食車何南万毎白天母火右読友左休父雨の物語姫神火墓都会新町道心愛花風夢空海音茶米酒店品屋犬猫私君"
    "方作手目"
)


class Language:
    """The letters of a language with their log-probability, and what is asked of its words.

    Attributes:
        is_latin: Its words have plain letters beside the accented ones.
    """

    def __init__(self, logs: Mapping[str, float], *, is_latin: bool = False) -> None:
        self.logs, self.is_latin = logs, is_latin

    def score(self, word: str) -> float:
        """The log-probability of a word that has a letter beyond ASCII."""
        total, before = 0.0, ""
        for letter in word:
            total += self.logs.get(letter) or _other(letter)
            total += _beside(before, letter, self.is_latin) if before else 0.0
            before = letter
        is_bare = self.is_latin and len(word) > 1 and not any(map(_is_plain_letter, word))
        return total + (_NO_PLAIN_LETTER if is_bare else 0.0)


@cache
def languages(family: str) -> tuple[Language, ...]:
    """The languages that texts of a family are written in: "western", "cyrillic", "korean", …"""
    if family in ("western", "central", "turkish"):
        table = {"western": _WESTERN, "central": _CENTRAL, "turkish": {"Turkish": "çğıöşüİâî"}}[family]
        return tuple(Language(_cased(dict.fromkeys(letters, _ACCENT)), is_latin=True) for letters in table.values())
    if family in _BY_FREQUENCY:
        return (Language(_cased(_ranked(_BY_FREQUENCY[family]))),)
    return (Language(_east_asian(family)),)


def _east_asian(family: str) -> dict[str, float]:
    """Common signs, the first level of the national standard, and the second one."""
    if family == "korean":
        return _shared(_decoded_rows("euc_kr", 0xB0, 0xC8), 0.5) | _shared(set(_HANGUL), 0.5)
    if family == "japanese":
        kana = _shared(map(chr, range(0x3041, 0x3094)), 0.45) | _shared(map(chr, range(0x30A1, 0x30FD)), 0.25)
        levels = _shared(_decoded_rows("euc_jp", 0xD0, 0xF4), 0.003) | _shared(_decoded_rows("euc_jp", 0xB0, 0xCF), 0.2)
        return levels | _shared(set(_KANJI), 0.1) | kana
    if family == "chinese":
        levels = _shared(_decoded_rows("gb2312", 0xD8, 0xF7), 0.04) | _shared(_decoded_rows("gb2312", 0xB0, 0xD7), 0.5)
        return levels | _shared(set(_HANZI), 0.4)
    levels = _shared(_decoded_rows("big5", 0xC9, 0xF9, 0x40), 0.04) | _shared(
        _decoded_rows("big5", 0xA4, 0xC6, 0x40), 0.5
    )
    return levels | _shared(set(_HANZI_OLD), 0.4)


def _decoded_rows(encoding: str, first: int, last: int, second: int = 0xA1) -> list[str]:
    pairs = (bytes((lead, trail)) for lead in range(first, last + 1) for trail in range(second, 0xFF))
    return [sign for pair in pairs if len(sign := pair.decode(encoding, errors="ignore")) == 1 and ord(sign) > 0x7F]


def _shared(signs: Iterable[str], probability: float) -> dict[str, float]:
    known = list(signs)
    return dict.fromkeys(known, math.log(probability / len(known)))


def _ranked(letters: str) -> dict[str, float]:
    """By Zipf's law, flattened: the tenth letter is about half as frequent as the first."""
    weights = [1 / (rank + 8) ** 1.5 for rank in range(len(letters))]
    return {letter: math.log(weight / sum(weights)) for letter, weight in zip(letters, weights, strict=True)}


def _cased(logs: Mapping[str, float]) -> dict[str, float]:
    upper = {letter.upper(): log + _CAPITAL for letter, log in logs.items() if len(letter.upper()) == 1}
    return upper | dict(logs)


@cache
def _other(letter: str) -> float:
    """What a sign costs that is no letter of the language."""
    if letter.isascii():
        return _DIGIT if letter.isdigit() else _ASCII if letter.isalpha() else _PUNCTUATION
    if letter in _PUNCTUATION_SIGNS:
        return _PUNCTUATION
    if unicodedata.category(letter) in ("Cc", "Co", "Cn"):
        return _CONTROL
    return _FOREIGN if letter.isalpha() else _SYMBOL


@cache
def _script(letter: str) -> str:
    if not letter.isalpha() or letter in _PUNCTUATION_SIGNS:
        return ""
    name = unicodedata.name(letter, "").split(" ")[0]
    return "CJK" if name in ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "KATAKANA-HIRAGANA") else name


@cache
def _beside(before: str, letter: str, is_latin: bool) -> float:
    """What two signs side by side cost."""
    one, other = _script(before), _script(letter)
    if one and other and one != other:
        return _MIXED
    if other and letter.isupper() and not letter.isascii():
        return _WRONG_CASE if before.islower() else _NEXT_CAPITAL if before.isupper() else 0.0
    is_sign_within = is_latin and one and not other and not letter.isascii() and letter not in "’”»…–—™®°"
    return _WITHIN if is_sign_within else 0.0


def _is_plain_letter(letter: str) -> bool:
    return letter.isascii() and letter.isalpha()
