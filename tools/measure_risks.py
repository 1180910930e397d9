"""Write palabre/enrichment/models/risks-1.tsv: what each threshold of toxicity and spam does on the
development splits. Call it after a training: `.venv/bin/python -m tools.measure_risks [THEIR FOLDER]`.
"""

import sys
from pathlib import Path

from palabre.enrichment.analysis import analyse
from palabre.enrichment.risks import HEAD, TABLE
from tools.corpora import read

STEPS = tuple(step / 20 for step in range(1, 20))
BAD = {"toxicity": "toxic", "spam": "spam"}


def table(folder: Path) -> str:
    """The whole file, its heading first."""
    ordinary = read(folder, "sentiment", "dev")
    usual = analyse(ordinary.text, [str(one) for one in ordinary.language])
    lines = ["\t".join(HEAD)]
    for task, bad in BAD.items():
        posts = read(folder, task, "dev")
        found = analyse(posts.text, [str(one) for one in posts.language])
        scores = [getattr(one, f"{task}_score") for one in found]
        everyday = [getattr(one, f"{task}_score") for one in usual]
        wanted = [label == bad for label in posts.label]
        for step in STEPS:
            caught = sum(score >= step for score, hit in zip(scores, wanted, strict=True) if hit)
            wrong = sum(score >= step for score, hit in zip(scores, wanted, strict=True) if not hit)
            raised = sum(score >= step for score in everyday)
            counts = (caught, sum(wanted), wrong, len(wanted) - sum(wanted), raised, len(everyday))
            lines.append("\t".join([task, f"{step:.2f}", *map(str, counts)]))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    given = (
        Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2] / "shared/data/nlp"
    )
    TABLE.write_text(table(given), encoding="utf-8")
    print(f"{TABLE.name} written.")
