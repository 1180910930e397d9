"""The labelled posts the trainers learn from, as arrays; docs/develop/models.md says whose they are."""

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

CLASSES = {"neg": 0, "neu": 1, "pos": 2}
"""Labels of sentiment, in the order of the models' outputs."""


@dataclass(frozen=True)
class Posts:
    """Posts of one corpus, as arrays; `label` as in the files."""

    language: NDArray[np.str_]
    label: NDArray[np.str_]
    source: NDArray[np.str_]
    text: list[str]

    def where(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> "Posts":
        """Those chosen, by a mask or by their places."""
        places = np.flatnonzero(chosen) if chosen.dtype == bool else chosen
        return Posts(
            self.language[places], self.label[places], self.source[places], [self.text[i] for i in places]
        )

    def __len__(self) -> int:
        return len(self.text)


def read(folder: Path, task: str, split: str) -> Posts:
    """One file of the data folder."""
    lines = (folder / f"{task}_{split}.tsv").read_text(encoding="utf-8").split("\n")[1:]
    rows = [line.split("\t") for line in lines if line]
    language, label, source = (np.array(column) for column in list(zip(*rows, strict=True))[:3])
    return Posts(language, label, source, [row[-1] for row in rows])


_STARTED = time.monotonic()


def say(*words: object) -> None:
    """Where the training is, for who waits."""
    print(f"{time.monotonic() - _STARTED:6.0f} s ", *words, flush=True)
