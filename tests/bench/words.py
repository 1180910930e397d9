"""Made-up posts of real words by their real frequencies, French two times out of three."""

import random
from functools import cache
from itertools import accumulate


@cache
def _lexicon(language: str) -> tuple[list[str], list[float]]:
    from wordfreq import top_n_list, word_frequency

    words = [word for word in top_n_list(language, 20_000) if word.isalpha()]
    return words, list(accumulate(word_frequency(word, language) for word in words))


def sentence(dice: random.Random, least: int = 15, most: int = 45) -> str:
    """One post."""
    words, weights = _lexicon(dice.choice(["fr", "fr", "en"]))
    chosen = dice.choices(words, cum_weights=weights, k=dice.randint(least, most))
    return " ".join(chosen).capitalize() + "."
