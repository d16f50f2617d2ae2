import numpy as np
import pytest

from recmodels.data.reading.guessing import guessed

WORDS = {
    ("cp1252", "German"): "Äthiopien Kaffeemühle Röstung grün Süßigkeiten Österreich Größe Müller Bücher Käse Löffel",
    ("cp1252", "French"): "Éthiopie crème café fenêtre garçon Noël forêt théâtre été hôtel",
    ("latin-1", "Spanish"): "España niño corazón música jamón Málaga año película azúcar",
    ("latin-1", "Swedish"): "Åsa Göteborg smörgås räksmörgås älskar Malmö blåbär",
    ("cp1250", "Polish"): "żółty książka łódź miłość święta źródło pieśń Łukasz dziękuję",
    ("cp1250", "Czech"): "Dvořák příběh žluťoučký kůň děkuji Škoda čeština řeka dům",
    ("cp1251", "Russian"): "Сталкер Зеркало Солярис чайник кофе молоко книга война зелёный",
    ("koi8-r", "Russian"): "Сталкер Зеркало Солярис чайник кофе молоко книга война зелёный",
    ("iso8859-7", "Greek"): "Ελλάδα καφές βιβλίο θάλασσα Αθήνα μουσική σπίτι ήλιος Άννα",
    ("cp949", "Korean"): "기생충 올드보이 살인의 추억 괴물 커피 한국어 사람 서울 봄날은",
    ("gbk", "Chinese"): "霸王别姬 活着 大红灯笼高高挂 让子弹飞 咖啡 绿茶 北京 电影 我们",
    ("big5", "Chinese"): "霸王別姬 悲情城市 牯嶺街少年殺人事件 飲食男女 咖啡 綠茶 臺北 電影",
    ("shift_jis", "Japanese"): "千と千尋の神隠し もののけ姫 火垂るの墓 となりのトトロ コーヒー 紅茶の店 東京タワー",
    ("euc_jp", "Japanese"): "千と千尋の神隠し もののけ姫 火垂るの墓 となりのトトロ コーヒー 紅茶の店 東京タワー",
}
PLAIN = ["Tee", "Milch", "Sumatra", "blend", "USB", "cable", "Filter", "order"]


@pytest.mark.parametrize(("encoding", "language"), WORDS)
@pytest.mark.parametrize("n_words", [3, 6, 200])
@pytest.mark.parametrize("n_plain", [0, 500])
def test_texts_of_ten_languages_are_read_as_they_were_written(
    encoding: str, language: str, n_words: int, n_plain: int
) -> None:
    chance = np.random.default_rng(n_words + n_plain)
    words = [*np.resize(chance.permutation(WORDS[encoding, language].split()), n_words), *chance.choice(PLAIN, n_plain)]
    chance.shuffle(words)
    text = "user,item\n" + "".join(f"u{i},{word}\n" for i, word in enumerate(words))

    assert guessed(text.encode(encoding)).text == text


@pytest.mark.parametrize("word", WORDS["cp1252", "German"].split() + WORDS["cp1252", "French"].split())
def test_one_western_word_in_the_whole_file_is_enough(word: str) -> None:
    text = f"kunde;artikel\n1;{word}\n" + "2;Sumatra\n" * 50 + f"3;{word} Yirgacheffe\n"

    assert guessed(text.encode("cp1252")).text == text


def test_what_is_said_names_the_encoding_with_a_word() -> None:
    guess = guessed("kunde;artikel\n1;Äthiopien Yirgacheffe\n2;Röstung grün\n".encode("cp1252"))

    assert guess.in_words().startswith("read as Latin-1, in which one of its words is 'Äthiopien'; if that looks wrong")


def test_a_word_that_may_be_of_two_encodings_is_said_with_both() -> None:
    guess = guessed("user,item\n1,čaj\n".encode("cp1250"))

    assert "it may be Windows-1250 ('čaj') too: then say encoding=cp1250" in guess.in_words()
