"""The names of columns in the larger languages beside English, as people write them; see `column_names.py`."""

USERS = """
kunde kundin käufer kaeufer käuferin besteller abonnent
kundennummer kundennr kunden_id nutzer nutzer_id benutzer benutzer_id benutzername mitglied leser
usuario usuario_id id_usuario usuária cliente cliente_id id_cliente comprador socio miembro
utilisateur abonné utilisateur_id id_utilisateur client_id id_client numéro_client acheteur membre lecteur
utente utente_id id_utente acquirente gebruiker gebruiker_id klant klantnummer klant_id
użytkownik użytkownik_id uživatel kullanıcı kullanıcı_id müşteri müşteri_no användare asiakas kund
пользователь пользователь_id id_пользователя клиент клиент_id id_клиента покупатель читатель
用户 用户id 用户编号 用户名 会员 会员id 顾客 客户 客户id 用戶 會員 顧客 顧客id ユーザー ユーザーid ユーザid 会員id
사용자 사용자id 고객 고객id 회원 회원id المستخدم مستخدم
"""
MAYBE_USERS = "client klient"  # who also names a program
ITEMS = """
artikel artikelnummer warennummer artikelnr artikel_id produkt produktnummer produkt_id buch lied spiel ware
artículo artículo_id id_artículo producto producto_id id_producto película libro canción
produit produit_id id_produit référence_produit livre chanson jeu
articolo articolo_id prodotto prodotto_id id_prodotto brano
produto produto_id id_produto filme livro boek książka towar ürün ürün_id kitap
товар товар_id id_товара фильм книга песня игра продукт
商品 商品id 商品编号 物品 物品id 电影 电影id 书籍 图书 歌曲 產品 产品 产品id 商品番号 アイテム アイテムid 映画 作品
상품 상품id 제품 아이템 영화
"""
RATINGS = """
bewertung bewertungen sterne note punkte punktzahl wertung benotung
calificación calificacion puntuación puntaje valoración estrellas nota
avis évaluation notation étoiles valutazione voto voti punteggio stelle
avaliação classificação pontuação estrelas beoordeling waardering cijfer sterren ocena puan betyg arvosana
рейтинг оценка балл звезды 评分 打分 星级 评价 分数 評分 評価 評点 レーティング 点数 평점 별점 점수 تقييم
"""
VERDICTS = """
empfohlen empfehlung weiterempfehlung weiterempfehlen empfehlenswert empfiehlt gefällt gefällt_mir gefallen
recommandé recommande recommandation recommander aimé aime j_aime recomendado recomendada recomienda recomendación
recomendaría recomendar gusta me_gusta gustó consigliato consigliata consiglia consiglio raccomandato piace mi_piace
piaciuto recomenda recomendo recomendação recomendaria gostei gostou gosta aanbevolen aanbeveling aanrader polecam
polecany polecane poleca doporučeno doporučuji tavsiye tavsiye_eder öneri rekommenderas rekommenderar suosittelen
рекомендую рекомендует рекомендовано рекомендация советую нравится понравилось понравился
推荐 推薦 是否推荐 是否推薦 喜欢 喜歡 是否喜欢 点赞 おすすめ お勧め オススメ いいね 好き 추천 추천여부 좋아요 أوصي توصية
"""
COUNTS = """
anzahl menge stückzahl stunden cantidad quantité nombre_d_écoutes quantità quantidade aantal ilość adet
количество 数量 次数 播放次数 点击次数 購入数 再生回数 수량
"""
TIMES = """
datum zeit zeitstempel zeitpunkt bestelldatum kaufdatum fecha fecha_hora fecha_compra date_de_commande date_d_achat
horodatage data_ora data_compra дата время дата_покупки 时间 日期 时间戳 下单时间 购买时间 時間 日時 日付 購入日
날짜 시간
"""
