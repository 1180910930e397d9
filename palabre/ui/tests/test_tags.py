"""Components: what they show, and that they escape what people wrote."""

from dataclasses import dataclass

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from palabre.ui import icons, navigation, texts
from palabre.ui.templatetags import ui

EVIL = '<script>alert("x")</script>'


@dataclass
class Piece:
    kind: str
    start: int
    end: int


def draw(markup: str, **values: object) -> str:
    with translation.override("fr"):
        return Template(markup).render(Context(values))


@pytest.mark.parametrize(
    "source",
    [
        "{% chip text %}",
        "{% kpi text 3 note=text formula=text missing=text %}",
        '{% empty "ear" text text=text action=text href="/" %}',
        '{% avatar text network="rss" network_label=text %}',
        "{% highlight text spans %}",
        "{% menu text %}{{ text }}{% endmenu %}",
        "{% hint %}{{ text }}{% endhint %}",
        '{% dialog "d" text %}{{ text }}{% enddialog %}',
        "{% banner %}{{ text }}{% endbanner %}",
        "{% progress text 1 2 note=text %}",
        "{% copy text label=text %}",
        "{% bars rows label=text %}",
        '{% chart "c" spec text head=head rows=table csv=text %}',
        '{% sentiment "negative" words=head %}',
        "{% query_layer text pieces %}",
        "{% steps head 1 %}",
        "{% pager text newer=text %}",
    ],
)
def test_nothing_a_stranger_wrote_becomes_markup(source):
    html = draw(
        source,
        text=EVIL,
        spans=[(2, 8)],
        rows=[(EVIL, 30, EVIL)],
        spec={"title": EVIL},
        head=[EVIL],
        table=[[EVIL]],
        pieces=[Piece("word", 0, 7)],
    )
    assert "<script>" not in html
    assert "alert(&quot;" in html or "alert(\\" in html or "alert(" in html


def test_json_in_a_page_cannot_end_its_script():
    html = ui.json_script_tag({"a": "</script><b>"}, "x")
    assert html.count("</script>") == 1
    assert "<b>" not in html


def test_an_icon_is_hidden_unless_it_is_named():
    assert 'aria-hidden="true"' in draw('{% icon "ear" %}')
    assert 'role="img" aria-label="Écouter"' in draw('{% icon "ear" label="Écouter" %}')


def test_a_judgement_has_an_icon_a_word_and_its_reasons():
    html = draw('{% sentiment "negative" words=words %}', words=["attente", "dommage"])
    assert f"#{icons.SENTIMENT['negative']}" in html
    assert "négatif · «\u00a0attente\u00a0», «\u00a0dommage\u00a0»" in html


def test_an_unknown_judgement_is_not_shown():
    assert draw('{% sentiment "" %}') == ""


@pytest.mark.parametrize(
    ("source", "arrow", "tone"),
    [
        ("{% delta 18 %}", "▲", "good"),
        ("{% delta change unit='points' %}", "▼", "bad"),
        ("{% delta 18 good='down' %}", "▲", "bad"),
        ("{% delta 18 good='neither' %}", "▲", 'class="delta"'),
    ],
)
def test_a_change_has_an_arrow_a_word_and_a_tone(source, arrow, tone):
    html = draw(source, change=-4)
    assert arrow in html
    assert tone in html
    assert "visually-hidden" in html


def test_no_change_is_said():
    assert "stable" in draw("{% delta 0 %}")
    assert "stable" in draw("{% delta change %}", change=0.3)


def test_one_point_is_singular():
    assert "1\u00a0point<" in draw("{% delta 1 unit='points' %}")
    assert "4\u00a0points<" in draw("{% delta 4 unit='points' %}")


def test_a_missing_figure_is_a_dash_with_its_reason():
    html = draw('{% kpi "Portée" None missing="aucune source ne la donne" %}')
    assert "—" in html
    assert "aucune source ne la donne" in html


def test_a_figure_is_written_as_people_write_it():
    assert "1\u202f284" in draw('{% kpi "Mentions" 1284 %}')


@pytest.mark.parametrize("values", [[], [3], [0, 0, 0], [1, 2, 3]])
def test_sparklines_of_few_or_equal_figures(values):
    html = draw("{% sparkline values %}", values=values)
    assert ("<polyline" in html) is (len(values) > 1)
    assert "nan" not in html


def test_bars_never_leave_their_rail():
    html = draw("{% bars rows %}", rows=[("a", 140, "140"), ("b", -3, "-3")])
    assert 'width="100.00"' in html
    assert 'width="0.00"' in html


def test_a_cut_bar_fills_its_length():
    html = draw("{% split parts %}", parts=[("pos", 1), ("neu", 1), ("neg", 2)])
    assert 'class="fill-neg" x="50.00" width="50.00"' in html
    assert draw("{% split parts %}", parts=[("pos", 0)])


def test_highlights_may_touch_overlap_and_overrun():
    html = texts.highlight("un café serré", [(3, 7), (5, 13), (11, 99), (50, 60), (4, 4)])
    assert html == "un <mark>café</mark><mark> serré</mark>"


def test_the_query_layer_keeps_every_character():
    source = "a ET  (b OU c*\n"
    pieces = [
        Piece("word", 0, 1),
        Piece("operator", 2, 4),
        Piece("paren", 6, 7),
        Piece("word", 7, 8),
        Piece("operator", 9, 11),
        Piece("prefix", 12, 14),
    ]
    html = draw("{% query_layer source pieces start=6 length=3 %}", source=source, pieces=pieces)
    layer = html.strip().removesuffix("</div>").split(">", 1)[1]
    text = "".join(part.split(">", 1)[-1] for part in layer.split("<"))
    assert text == source
    assert '<span class="q-paren q-error">(</span>' in html
    assert '<span class="q-op">OU</span>' in html
    assert '<span class="q-form">c*</span>' in html


def test_a_refusal_is_told_from_the_other_operators():
    pieces = [Piece("operator", 0, 4), Piece("operator", 5, 6), Piece("operator", 8, 10)]
    html = draw("{% query_layer source pieces %}", source="SAUF -a ET", pieces=pieces)
    assert html.count("q-not") == 2
    assert html.count("q-op") == 1


def test_an_undo_address_must_be_one_of_ours():
    assert texts.undo_address("undo:/b/x/restore/") == "/b/x/restore/"
    assert texts.undo_address("undo:https://elsewhere.example/") == ""
    assert texts.undo_address("undo://elsewhere.example/") == ""
    assert texts.undo_address(None) == ""


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0",
            "Firefox · Windows",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Version/18.0 Safari/605.1.15", "Safari · macOS"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/131.0 Mobile Safari/537.36", "Chrome · Android"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/131.0 Safari/537.36 Edg/131.0", "Edge · Windows"),
        ("curl/8", "Navigateur inconnu"),
    ],
)
def test_a_browser_in_two_words(agent, expected):
    with translation.override("fr"):
        assert texts.browser(agent) == expected


class Sample(forms.Form):
    name = forms.CharField(label="Nom", help_text="Aide")
    note = forms.CharField(label="Note", required=False)
    kind = forms.ChoiceField(label="Genre", widget=forms.RadioSelect, choices=[("a", "A"), ("b", "B")])
    agreed = forms.BooleanField(label="Accord")


def test_a_plain_form_comes_out_labelled_with_its_errors_at_their_place():
    with translation.override("fr"):
        html = str(Sample({"name": "", "kind": "z"}))
    assert '<label for="id_name">Nom</label>' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert "(facultatif)" in html
    assert "<legend>Genre</legend>" in html
    assert html.index('id="id_agreed"') < html.index('<label for="id_agreed">')


def test_every_room_has_an_honest_page_or_a_url():
    for room in navigation.VERBS[1:]:
        assert room.promise
        assert room.meanwhile


def test_the_verbs_come_in_their_fixed_order():
    with translation.override("fr"):
        assert [str(room.label) for room in navigation.VERBS] == [
            "Écouter",
            "Répondre",
            "Publier",
            "Relier",
            "Mesurer",
            "Viser",
        ]


def test_a_badge_belongs_to_a_known_room():
    with pytest.raises(ValueError, match="no room"):
        navigation.count("kitchen", lambda request, brand: 1)
