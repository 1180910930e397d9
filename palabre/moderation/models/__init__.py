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
from palabre.moderation.models.rules import Rule, RuleRun
from palabre.moderation.models.wordlists import Word, WordHit, WordList

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
    "Rule",
    "RuleRun",
    "Word",
    "WordHit",
    "WordList",
    "Wording",
]
