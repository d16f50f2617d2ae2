import hashlib
import io
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from recmodels.data.reading.read import read_interactions
from recmodels.data.reading.sources import SOURCES, Source, fetch
from recmodels.errors import DataError, SetupError


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """A web server on this machine, serving `tmp_path / site`."""
    (tmp_path / "site").mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / "site")))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def archive(tmp_path: Path, files: dict[str, str]) -> str:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as out:
        for name, text in files.items():
            out.writestr(name, text)
    (tmp_path / "site" / "x.zip").write_bytes(buffer.getvalue())
    return hashlib.sha256(buffer.getvalue()).hexdigest()


FILES = {
    "x/ratings.dat": "1::2::5::978300760\n1::3::4::978300761\n",
    "x/movies.dat": "2::Two (1999)::War\n3::Three::Drama\n",
}


def source(site: str, sha256: str, files: tuple[str, ...] = ("ratings.dat", "movies.dat")) -> dict[str, Source]:
    return {"x": Source(url=f"{site}/x.zip", sha256=sha256, files=files, interactions="ratings.dat", licence="none")}


def test_a_fetched_archive_is_unpacked_and_can_be_read(site: str, tmp_path: Path) -> None:
    sources = source(site, archive(tmp_path, FILES))

    path = fetch("x", tmp_path / "data", sources)

    data = read_interactions(path)
    assert (len(data), data.text_columns) == (2, ("title", "genres"))
    (tmp_path / "site" / "x.zip").unlink()
    assert fetch("x", tmp_path / "data", sources) == path  # not fetched twice


def test_an_archive_with_another_sha256_is_refused_and_nothing_is_kept(site: str, tmp_path: Path) -> None:
    archive(tmp_path, FILES)

    with pytest.raises(DataError, match="nothing was kept"):
        fetch("x", tmp_path / "data", source(site, "0" * 64))

    assert not (tmp_path / "data").exists()


def test_a_path_in_the_archive_cannot_lead_out_of_the_folder(site: str, tmp_path: Path) -> None:
    sources = source(site, archive(tmp_path, {"../../ratings.dat": FILES["x/ratings.dat"]}), ("ratings.dat",))

    assert fetch("x", tmp_path / "data", sources) == tmp_path / "data" / "x" / "ratings.dat"


def test_an_archive_without_the_file_is_refused(site: str, tmp_path: Path) -> None:
    sources = source(site, archive(tmp_path, {"readme": "hello"}))

    with pytest.raises(DataError, match=r"the archive of x has no ratings.dat; it has readme"):
        fetch("x", tmp_path / "data", sources)
    assert not (tmp_path / "data" / "x").exists()


def test_without_a_network_the_error_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"cannot fetch http://127.0.0.1:9/x.zip .* `recpilot data add FOLDER`"):
        fetch("x", tmp_path, source("http://127.0.0.1:9", "0" * 64))


def test_an_unknown_source_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=f"no dataset 'netflix' can be fetched; these can: {', '.join(SOURCES)}"):
        fetch("netflix", tmp_path)


def test_sources_are_https_with_a_full_sha256() -> None:
    assert all(s.url.startswith("https://") and len(s.sha256) == 64 for s in SOURCES.values())
