"""Charts as pictures, for mail: the same definition as on the page, drawn here."""

from collections.abc import Sequence
from typing import Literal

import vl_convert
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from palabre.agency.models import Brand
from palabre.alerts.pictures import Picture
from palabre.insight.charts import volume_chart
from palabre.listening.counts import Step, tally
from palabre.listening.filters import MentionFilter
from palabre.ui.palette import painted
from palabre.ui.typography import french, number

DAYS = 30
WIDTH, HEIGHT = 520, 130
LEAST = 3
"""Days with mentions before a picture says more than the figures."""


def volume_picture(brand: Brand, topics: Sequence[int]) -> Picture | None:
    """Mentions a day by tone over thirty days, as PNG at twice its size; None when there is little to see."""
    counted = tally(brand=brand, mentions=MentionFilter(topics=tuple(topics), days=DAYS), now=timezone.now())
    if sum(1 for bar in counted.bars if bar.total) < LEAST:
        return None
    spec = painted(volume_chart(counted.bars, Step.DAY))
    spec |= {"width": WIDTH, "height": HEIGHT, "background": "#ffffff"}
    locale: Literal["fr-FR", "en-GB"] = "fr-FR" if french() else "en-GB"
    png = vl_convert.vegalite_to_png(spec, scale=2, format_locale=locale, time_format_locale=locale)
    words = ngettext(
        "%(shown)s mention in thirty days", "%(shown)s mentions in thirty days", counted.total
    ) % {"shown": number(counted.total)}
    negative = counted.tones.get(-1, 0)
    return Picture(png=png, words=words + _(", %(shown)s negative") % {"shown": number(negative)})
