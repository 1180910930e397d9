"""What a text tells of itself, on this machine alone: language, tone, toxicity, spam, near-duplicates.

PURE: text in, a guess with its reasons out. People correct the guesses; corrections are learnt from.
"""

from palabre.enrichment.analysis import Analysis, Reason, analyse, reasons
from palabre.enrichment.extract import handles, hashtags, links
from palabre.enrichment.language import detect, detect_all
from palabre.enrichment.lessons import Adjustment, Lesson, learn
from palabre.enrichment.neardup import SAME_STORY, Fingerprint, fingerprint, fingerprints, similar

__all__ = [
    "SAME_STORY",
    "Adjustment",
    "Analysis",
    "Fingerprint",
    "Lesson",
    "Reason",
    "analyse",
    "detect",
    "detect_all",
    "fingerprint",
    "fingerprints",
    "handles",
    "hashtags",
    "learn",
    "links",
    "reasons",
    "similar",
]
