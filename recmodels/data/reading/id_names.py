"""Names that say that a column numbers something - `Transaction ID`, `Belegnr`, `order_no` - and holds no moments.

An id of ten digits looks like seconds since 1970, one of thirteen like milliseconds, and one of eight like a date.
"""

import re

from recmodels.data.column_names import plain


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_WORDS = _set(
    "id ids uid guid uuid key code no nr num number nummer numero numer ref reference referenz referencia phone tel "
    "telefon telephone mobile msisdn imei isbn ean upc gtin barcode"
)
_DOCUMENTS = (
    "order|invoice|ticket|transaction|txn|trans|receipt|voucher|payment|booking|purchase|shipment|event|record|row|line|"
    "rating|review|user|customer|client|member|item|product|article|session|basket|cart|visit|beleg|bon|rechnung|"
    "bestell|bestellung|auftrag|vorgang|kunden|artikel|commande|facture|pedido|factura|recibo|ordine|fattura|faktura|ordre"
)
_PAPERS = _set(  # whose number a column of this name holds
    "order invoice ticket transaction txn receipt voucher beleg bon rechnung bestellung auftrag vorgang commande "
    "facture pedido factura recibo ordine fattura faktura ordre заказ чек 订单 訂單 注文 주문"
)
_TIMES = _set(
    "date datetime time timestamp tstamp at on ts dt day when ms sec seconds millis epoch unix utc datum zeit uhrzeit "
    "zeitpunkt am fecha hora heure le data giorno tid dato dag"
)
_FUSED = re.compile(rf"({_DOCUMENTS})(n|s|en|s?e)?(id|no|nr|num|number|nummer|numero|code|key|ref)")
_ABROAD = re.compile(r".*(单号|單號|编号|編號|番号|編号|번호|номер|号码|号碼)")
_MARK = re.compile(r"(?i)\bn[°º]|№|#")


def is_called_id(name: str) -> bool:
    """Whether the name is that of an id or of a document's number, and says nothing of a time."""
    bare = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    words = [plain(word) for word in re.split(r"[\W_]+", bare) if word]
    if any(word in _TIMES for word in words):
        return False
    whole = plain(name)
    is_number = any(word in _WORDS for word in words) or _FUSED.fullmatch(whole) is not None
    return whole in _PAPERS or is_number or bool(_MARK.search(name)) or _ABROAD.fullmatch(whole) is not None
