"""Hashtags, links and handles."""

from palabre.enrichment.extract import handles, hashtags, links


def test_hashtags_in_order_each_once_and_no_number():
    assert hashtags("#Nantes et #été2026, #nantes ! Place #1 et a#b, l’#océan.") == (
        "Nantes",
        "été2026",
        "océan",
    )
    assert hashtags("#हिन्दी और #日本語") == ("हिन्दी", "日本語")


def test_a_fragment_of_a_link_is_no_hashtag_and_its_at_no_handle():
    text = "voir https://exemple.fr/page#partie et https://medium.com/@ada/x."
    assert hashtags(text) == ()
    assert handles(text) == ()
    assert links(text) == ("https://exemple.fr/page#partie", "https://medium.com/@ada/x")


def test_links_lose_the_punctuation_of_the_sentence_and_keep_their_own():
    assert links("(voir https://fr.wikipedia.org/wiki/Nantes_(ville)).") == (
        "https://fr.wikipedia.org/wiki/Nantes_(ville)",
    )
    assert links("www.exemple.fr, « http://a.example/?q=1&r=2 » !") == (
        "https://www.exemple.fr",
        "http://a.example/?q=1&r=2",
    )
    assert links("http://") == ()


def test_handles_keep_their_server_and_an_address_is_none():
    assert handles("Merci @ada.bsky.social, @Bob @bob et @eve@mastodon.example! moi@exemple.fr") == (
        "ada.bsky.social",
        "Bob",
        "eve@mastodon.example",
    )
    assert handles("@ @- a@b") == ()
