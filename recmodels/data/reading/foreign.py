"""Files of other programs, told by their first bytes: what each is, and how to get its table out as CSV or Parquet."""

import io
import re
import zipfile
from collections.abc import Sequence

_UNPACK = "unpack it, then add the file or folder in it"
_WITH_PANDAS = "export it as CSV, for instance with pandas.{}(...).to_csv(...)"

# first bytes → what it is, and what helps
_SIGNS: tuple[tuple[bytes, str, str], ...] = (
    (b"7z\xbc\xaf", "a 7-Zip archive", _UNPACK),
    (b"Rar!", "a RAR archive", _UNPACK),
    (b"BZh", "a bzip2 file", "unpack it with `bunzip2`, or pack it with gzip"),
    (b"\xfd7zXZ", "an xz file", "unpack it with `unxz`, or pack it with gzip"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard file", "unpack it with `unzstd`, or pack it with gzip"),
    (b"\x04\x22\x4d\x18", "an LZ4 file", "unpack it with `unlz4`, or pack it with gzip"),
    (b"%PDF", "a PDF", "export the table in it as CSV"),
    (b"SQLite format 3", "an SQLite database", "export the table of interactions as CSV"),
    (b"\x89HDF", "an HDF5 file", "export the table in it as CSV, for instance with pandas.read_hdf(...).to_csv(...)"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook or another Office file", "save its sheet as CSV"),
    (b"\x93NUMPY", "a numpy array", "export it as CSV, for instance with numpy.savetxt(..., delimiter=',')"),
    (b"RDX2\n", "an R workspace", "export the table in it as CSV with R's write.csv"),
    (b"RDX3\n", "an R workspace", "export the table in it as CSV with R's write.csv"),
    (b"X\n\0\0\0", "an R object (RDS)", "export it as CSV with R's write.csv"),
    (b"<stata_dta>", "a Stata file", _WITH_PANDAS.format("read_stata")),
    (b"$FL2", "an SPSS file", _WITH_PANDAS.format("read_spss")),
    (b"$FL3", "an SPSS file", _WITH_PANDAS.format("read_spss")),
    (b"\0" * 12 + b"\xc2\xea\x81\x60", "a SAS file", _WITH_PANDAS.format("read_sas")),
    (b"MATLAB 5.0", "a MATLAB file", "export the table in it as CSV with MATLAB's writetable or scipy.io.loadmat"),
    (
        b"ARROW1",
        "an Arrow or Feather file",
        "export it as Parquet, for instance with pandas.read_feather(...).to_parquet(...)",
    ),
    (b"FEA1", "a Feather file", "export it as Parquet, for instance with pandas.read_feather(...).to_parquet(...)"),
    (b"ORC", "an ORC file", "export it as Parquet, for instance with pandas.read_orc(...).to_parquet(...)"),
    (b"Obj\x01", "an Avro file", "export it as Parquet or JSON lines"),
)
_PICKLE = re.compile(rb"\x80[\x02-\x05](?=.{8})", re.DOTALL)
_OLD_STATA = re.compile(rb"[\x69\x6c\x6e\x6f\x71\x72\x73][\x01\x02]\x01\x00")


def foreign_kind(data: bytes) -> tuple[str, str] | None:
    """What kind of file this is and what helps, in words; None where it may be text or Parquet."""
    if data.startswith(b"PK\x03\x04"):
        return _zip(data)
    if data.startswith(b"PK\x05\x06"):
        return "an empty zip archive", "add the file that it should hold"
    for sign, what, helps in _SIGNS:
        if data.startswith(sign):
            return what, helps
    if data[257:262] == b"ustar":
        return "a tar archive", _UNPACK
    if _PICKLE.match(data):
        return "a Python pickle, which could run code when read", "write the table in it with to_csv or to_parquet"
    if _OLD_STATA.match(data) and b"\0" in data[:200]:
        return "a Stata file", _WITH_PANDAS.format("read_stata")
    return None


def _zip(data: bytes) -> tuple[str, str]:
    """A zip archive by what it holds; only its list of names is read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [name for name in archive.namelist() if not name.endswith("/")]
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeError):
        return "a zip archive that is damaged or cut off", "fetch it again"
    return program_of(names) or (f"a zip archive of {len(names):,} files", _UNPACK)


def program_of(names: Sequence[str]) -> tuple[str, str] | None:
    """What a zip archive of these files is to a program and what helps, in words; None for an archive of any files."""
    if any(name.startswith("xl/") for name in names):
        return "an Excel workbook", "save its sheet as CSV"
    if any(name.startswith("content.xml") for name in names):
        return "an OpenDocument file", "save its sheet as CSV"
    if names and all(name.endswith(".npy") for name in names):
        is_sparse = {"indices.npy", "indptr.npy", "data.npy"} <= {*names}
        what = "a sparse matrix of scipy (npz)" if is_sparse else "numpy arrays (npz)"
        how = "scipy.sparse.load_npz, then scipy.io.mmwrite" if is_sparse else "numpy.load, then write rows as CSV"
        return what, f"export it with {how}"
    if any(name.endswith("data.pkl") for name in names):
        return "a file of torch.save", "write the table in it as CSV or Parquet"
    return None
