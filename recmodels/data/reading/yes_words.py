"""Words for yes and no, in the languages whose names of columns are known (see `names_in_languages`)."""

YES = (
    *("true", "t", "yes", "y", "x", "on", "1", "wahr", "ja", "vrai", "oui", "verdadero", "si", "sí", "vero", "sì"),
    *(
        "verdadeiro",
        "sim",
        "waar",
        "prawda",
        "tak",
        "ano",
        "evet",
        "doğru",
        "kyllä",
        "да",
        "истина",
        "是",
        "はい",
        "예",
    ),
    *("네", "نعم"),
)
NO = (
    *("false", "f", "no", "n", "off", "0", "falsch", "nein", "faux", "non", "falso", "não", "nao", "onwaar", "nee"),
    *(
        "fałsz",
        "nie",
        "ne",
        "hayır",
        "yanlış",
        "nej",
        "ei",
        "нет",
        "ложь",
        "否",
        "不是",
        "いいえ",
        "아니오",
        "아니요",
        "لا",
    ),
)
