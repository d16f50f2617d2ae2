import numpy as np

from memory.embedding import HashingEmbedder


def test_hashed_vectors_are_unit_vectors_and_the_same_in_every_process() -> None:
    vectors = HashingEmbedder(8).embed(["sasrec on books", "ease", "", "…"])
    assert vectors.dtype == np.float32 and vectors.shape == (4, 8)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-6)
    assert vectors[1].nonzero()[0].tolist() == [1]


def test_texts_with_words_in_common_are_nearer() -> None:
    books, more_books, music = HashingEmbedder().embed(["deep model on books", "a model on books", "loud music"])
    assert books @ more_books > books @ music


def test_no_text_gives_no_vectors() -> None:
    assert HashingEmbedder(8).embed([]).shape == (0, 8)
