"""Make the data files that the package ships, from the copies that scikit-learn installs.

    python -m venv scratch && scratch/bin/pip install scikit-learn==1.9.1
    scratch/bin/python assets/data/make_data.py

Both sets come from the UCI Machine Learning Repository under CC BY 4.0; landscape/surfaces/networks/files/README.md
names their authors. The digits are packed by gzip without a time stamp, so the files come out the same every time.
"""

import gzip
from pathlib import Path

from sklearn.datasets import load_digits, load_iris

FOLDER = Path(__file__).parents[2] / "landscape" / "surfaces" / "networks" / "files"


def main() -> None:
    """Write iris.csv and digits.csv.gz."""
    iris = load_iris()
    header = "sepal length (cm),sepal width (cm),petal length (cm),petal width (cm),species"
    names = iris.target_names
    rows = [",".join([*(f"{cell:g}" for cell in row), names[k]]) for row, k in zip(iris.data, iris.target, strict=True)]
    (FOLDER / "iris.csv").write_text("\n".join([header, *rows, ""]), encoding="ascii")

    digits = load_digits()
    header = ",".join([*(f"pixel {i // 8} {i % 8}" for i in range(64)), "digit"])
    rows = [
        ",".join([*(f"{cell:g}" for cell in row), str(k)]) for row, k in zip(digits.data, digits.target, strict=True)
    ]
    packed = gzip.compress("\n".join([header, *rows, ""]).encode("ascii"), mtime=0)
    (FOLDER / "digits.csv.gz").write_bytes(packed)


if __name__ == "__main__":
    main()
