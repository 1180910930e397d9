"""What is reviewed and why, what was decided by which article, what the author says to it.

Keys between rows of a brand are pairs in the database: see the migrations.
"""

from palabre.moderation.models.charter import Article, Policy, Wording
from palabre.moderation.models.decisions import (
    Appeal,
    Case,
    Decision,
    Evidence,
    Exposure,
    Kind,
    Picture,
    Reason,
)

__all__ = [
    "Appeal",
    "Article",
    "Case",
    "Decision",
    "Evidence",
    "Exposure",
    "Kind",
    "Picture",
    "Policy",
    "Reason",
    "Wording",
]
