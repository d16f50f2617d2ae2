"""Kinds of events as people write them in the larger languages: `kauf`, `compra` and 购买 all mean a purchase."""

from recmodels.data.column_names import plain

_MEANINGS = {
    "view": """
        view views viewed pageview detail angesehen angeschaut ansehen ansicht ansichten aufruf aufgerufen
        seitenaufruf produktansicht gesehen betrachtet vista visto vistas ver visualización visualizacion
        visualización_de_producto visita vue vues consultation consulté visualizzazione visualizzato
        visualização visualizado bekeken weergave wyświetlenie obejrzenie просмотр просмотрено просмотры 浏览
        查看 访问 瀏覽 閲覧 閲覧済み 조회 görüntüleme
    """,
    "click": """
        click clicks clicked klick klicks geklickt angeklickt clic clics cliqué clique cliques klik geklikt
        kliknięcie клик клики 点击 點擊 クリック 클릭 tıklama
    """,
    "cart": """
        cart carts basket baskets addtocart added_to_cart add_to_basket in_den_warenkorb warenkorb einkaufswagen
        korb warenkorb_hinzugefügt carrito añadir_al_carrito agregar_al_carrito cesta panier ajout_au_panier
        ajouté_au_panier carrello aggiunto_al_carrello carrinho winkelwagen winkelmand koszyk do_koszyka корзина
        в_корзину добавлено_в_корзину 加购 加购物车 加入购物车 购物车 加車 カート カート追加 장바구니 sepet
    """,
    "wish": """
        wish wishlist favourite favorite fav favorites favourites merkliste gemerkt merkzettel wunschliste
        wunschzettel favorit favoriten favorito favoritos lista_de_deseos favori favoris liste_d_envies
        preferito preferiti lista_desideri lista_de_desejos verlanglijst favoriet ulubione избранное в_избранное
        收藏 加入收藏 心愿单 お気に入り 찜 즐겨찾기
    """,
    "purchase": """
        purchase purchases purchased buy buys bought order orders ordered transaction sale kauf käufe kaufen
        gekauft einkauf bestellung bestellt compra compras comprado comprar pedido achat achats acheté commande
        commandé acquisto acquistato ordine aankoop gekocht bestelling zakup zakupy kupiono покупка куплено
        заказ 购买 购买成功 下单 成交 支付 購買 購入 注文 구매 주문 satın_alma
    """,
    "like": """
        like likes liked gefällt gefällt_mir me_gusta j_aime mi_piace curtir vind_ik_leuk нравится лайк 点赞
        喜欢 いいね 좋아요
    """,
    "share": """
        share shares shared geteilt teilen compartir compartido partage partagé condiviso compartilhar 分享 转发
        シェア 공유
    """,
    "play": """
        play plays played abgespielt reproducción lecture riproduzione afgespeeld odtworzenie 播放 再生 재생
    """,
    "return": """
        return returned retoure retourniert devolución devuelto retour rendu reso devolvido zwrot возврат 退货
        返品 반품
    """,
}
_WORDS = {plain(word): meaning for meaning, words in _MEANINGS.items() for word in words.split()}
_KIND_NAMES = """
event eventtype eventname action actiontype activity activitytype behavior behaviour behaviortype
interactiontype aktion ereignis ereignistyp ereignisart aktivität vorgang evento tipo_evento tipo_de_evento
acción accion événement type_evenement type_d_evenement azione ação gebeurtenis actie zdarzenie событие действие
тип_события 行为 行为类型 事件 事件类型 动作 操作 行動 イベント 행동 이벤트
"""
KIND_NAMES = frozenset(map(plain, _KIND_NAMES.split()))
"""Columns that name the kind of each event."""


def meaning_of(word: str) -> str | None:
    """The kind of event that a word means, in English: `purchase` for `Kauf`; None for any other word.

    >>> meaning_of("Warenkorb"), meaning_of("added to cart"), meaning_of("Berlin")
    ('cart', 'cart', None)
    """
    return _WORDS.get(plain(word))
