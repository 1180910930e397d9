"""Who talks in the sandbox: people, newspapers and an agency, none of which exists."""

from collections.abc import Mapping

from palabre.networks.sandbox.invented.shape import Tongue

FIRST_NAMES = (
    "Camille", "Nour", "Élio", "Maïwenn", "Tess", "Anouk", "Basile", "Lilou", "Zoé", "Côme", "Inès", "Malo",
    "Ysée", "Noé", "Salomé", "Titouan", "Awa", "Léonie", "Marius", "Soline", "Idris", "Romy", "Gaspard",
)  # fmt: skip
LAST_NAMES = (
    "Aubépine", "Tamaris", "Bergamote", "Cressonnière", "Douvelle", "Églantine", "Fougeray", "Genévrier",
    "Houblonnet", "Jonquille", "Mirabelle", "Nénuphar", "Oseille", "Pimprenelle", "Quenouille", "Romarin",
    "Serpolet", "Tournesol", "Verveine", "Capucine",
)  # fmt: skip

OUTLETS: Mapping[Tongue, tuple[tuple[str, str], ...]] = {
    "fr": tuple(
        (name, host + ".example")
        for name, host in (
            ("La Gazette des Tilleuls", "gazette-des-tilleuls"), ("Courrier du Vallon", "courrier-du-vallon"),
            ("L’Écho de la Presqu’île", "echo-presquile"), ("Le Petit Rivage", "petit-rivage"),
            ("Matin Bocage", "matin-bocage"), ("La Dépêche imaginaire", "depeche-imaginaire"),
            ("Le Journal des Halles", "journal-des-halles"), ("Radio Marelle", "radio-marelle"),
            ("Bords de Seine fictive", "bords-fictifs"), ("Le Fil des Faubourgs", "fil-des-faubourgs"),
            ("Sorties & Compagnie", "sorties-et-compagnie"), ("Le Canard de papier", "canard-de-papier"),
        )
    ),
    "en": tuple(
        (name, host + ".example")
        for name, host in (
            ("The Linden Gazette", "linden-gazette"), ("Harbour Courier", "harbour-courier"),
            ("The Imaginary Times", "imaginary-times"), ("Morning Hedgerow", "morning-hedgerow"),
            ("Weekend Lantern", "weekend-lantern"), ("The Paper Duck", "paper-duck"),
            ("Riverside Echo", "riverside-echo"), ("The Market Square", "market-square"),
        )
    ),
}  # fmt: skip

AGENCY: Mapping[Tongue, str] = {"fr": "Agence Palissade", "en": "Palisade Wire"}
