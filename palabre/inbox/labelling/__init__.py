"""Labels: words of the brand's own by which conversations are sorted, made on the fly and kept in order."""

from palabre.inbox.labelling.labels import (
    Taken,
    change,
    delete,
    label,
    labels_of,
    merge,
    named,
    shift,
    unlabel,
)

__all__ = ["Taken", "change", "delete", "label", "labels_of", "merge", "named", "shift", "unlabel"]
