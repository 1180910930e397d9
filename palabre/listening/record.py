"""Mentions and their counts: what a match leaves behind, in the transaction of the match.

On the path: intake's `file` → here → alerts. One rule keeps every page and chart in agreement: change
items or mentions, then `refresh` their ids. It remakes their cards and moves their units between the
counts by the difference. All of it under the brand's lock, set by set, in two statements.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import batched_ids  # placeholder
