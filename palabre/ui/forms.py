"""How Django's forms are drawn: `{{ form }}` and `{{ form.field.as_field_group }}` come out right."""

from pathlib import Path
from typing import Any, ClassVar

import django.forms
from django import forms
from django.forms.renderers import DjangoTemplates
from django.template.backends.django import DjangoTemplates as Engine
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _


class AddressField(forms.URLField):
    """An address of the web as people type it: `example.org` is one, which a browser's own field refuses."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": _("This is not an address of the web. Type it as a browser shows it: example.org")
    }

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "url", "autocapitalize": "off", "spellcheck": "false"}
        super().__init__(**{"assume_scheme": "https", "widget": forms.TextInput(attrs), **kwargs})


class Renderer(DjangoTemplates):
    """Our form and field templates around Django's own widgets; the widgets are styled by element."""

    form_template_name = "ui/form/form.html"
    field_template_name = "ui/form/field.html"
    formset_template_name = "ui/form/formset.html"

    @cached_property
    def engine(self) -> Engine:
        """Django's engine for forms, knowing our tags."""
        return Engine(
            {
                "APP_DIRS": True,
                "DIRS": [
                    Path(__file__).parent / "templates",
                    Path(django.forms.__file__).parent / "templates",
                ],
                "NAME": "palabre-forms",
                "OPTIONS": {"builtins": ["palabre.ui.templatetags.ui", "django.templatetags.i18n"]},
            }
        )
