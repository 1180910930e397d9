"""The brands of an organisation: the list, one brand's settings, archiving, bringing back, deleting."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from palabre.agency import brands as life
from palabre.agency.access import BrandRequest, OrganisationRequest, for_brand, for_organisation, may
from palabre.agency.forms import BrandChangeForm, BrandDeleteForm, OrganisationForm
from palabre.agency.roles import Right
from palabre.agency.rules import stronger
from palabre.agency.tasks import empty_soon
from palabre.kit.states import Moved
from palabre.kit.text import fold


@for_organisation(Right.LOOK)
def organisation_brands(request: OrganisationRequest) -> HttpResponse:
    """Every brand, those that rest and those on their way out too, with its settings for who manages it;
    the organisation's name."""
    form = OrganisationForm(request.POST or None, instance=request.organisation)
    if request.method == "POST":
        if not may(request.member.role, Right.ADMINISTER):
            raise PermissionDenied
        if form.is_valid():
            kept = type(request.organisation).objects.get(pk=request.organisation.pk)
            life.rename_organisation(organisation=kept, by=request.user, name=form.cleaned_data["name"])
            messages.success(request, _("The organisation has its new name."))
            return redirect("agency:brands", organisation=request.organisation.pk)
    brands = sorted(request.organisation.brands.all(), key=lambda brand: fold(brand.name))
    granted = dict(request.member.grants.values_list("brand", "role"))
    roles = [stronger(request.member.role, granted.get(brand.pk)) for brand in brands]
    context = {
        "organisation": request.organisation,
        "rows": [(brand, may(role, Right.ADMINISTER)) for brand, role in zip(brands, roles, strict=True)],
        "form": form,
        "administers": may(request.member.role, Right.ADMINISTER),
    }
    return render(request, "agency/brands.html", context)


@for_brand(Right.ADMINISTER)
def brand_settings(request: BrandRequest) -> HttpResponse:
    """Name, site, languages; how to archive and delete it."""
    brand = request.brand
    form = BrandChangeForm(request.POST or None, instance=brand)
    if request.method == "POST" and form.is_valid():
        kept = type(brand).objects.get(pk=brand.pk)
        life.change_brand(
            brand=kept,
            by=request.user,
            name=form.cleaned_data["name"],
            website=form.cleaned_data["website"],
            languages=form.cleaned_data["languages"],
        )
        messages.success(request, _("The brand is saved."))
        return redirect("agency:brand_settings", brand=brand.slug)
    context = {"form": form, "owns": may(request.role, Right.OWN)}
    return render(request, "agency/brand_settings.html", context)


@for_brand(Right.ADMINISTER)
@require_POST
def brand_archive(request: BrandRequest) -> HttpResponse:
    """Let a brand rest, or bring it back."""
    brand = request.brand
    try:
        if brand.state == "archived":
            life.restore_brand(brand=brand, by=request.user)
            messages.success(request, _("%(name)s listens again.") % {"name": brand.name})
        else:
            life.archive_brand(brand=brand, by=request.user)
            messages.success(request, _("%(name)s is archived: nothing new comes in.") % {"name": brand.name})
    except Moved:
        messages.info(request, _("Somebody else was quicker; look again."))
    return redirect("agency:brand_settings", brand=brand.slug)


@for_brand(Right.OWN)
def brand_delete(request: BrandRequest) -> HttpResponse:
    """Delete a brand, its name typed once more."""
    brand = request.brand
    form = BrandDeleteForm(request.POST or None, name=brand.name)
    if request.method == "POST" and form.is_valid():
        life.delete_brand(brand=brand, by=request.user)
        transaction.on_commit(empty_soon)
        messages.success(
            request,
            _("%(name)s is closed for everyone; its data is being deleted.") % {"name": brand.name},
        )
        return redirect("agency:brands", organisation=brand.organisation_id)
    return render(request, "agency/brand_delete.html", {"form": form})
