"""Roles per brand, invitations, the life of a brand, and an audit log of the organisation too."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import palabre.agency.models

BACKFILL = """
INSERT INTO agency_grant (member_id, brand_id, role)
    SELECT member.id, chosen.brand_id, CASE member.role WHEN 'owner' THEN 'manager' ELSE member.role END
    FROM agency_member AS member JOIN agency_member_brands AS chosen ON chosen.member_id = member.id;
UPDATE agency_member SET role = 'guest' WHERE id IN (SELECT member_id FROM agency_member_brands);
UPDATE agency_auditentry AS entry SET organisation_id = brand.organisation_id
    FROM agency_brand AS brand WHERE brand.id = entry.brand_id;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""
"""Members of chosen brands become guests with a grant in each; the checks are done before tables change."""


class Migration(migrations.Migration):
    dependencies = [
        ("agency", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Erased",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("mark", models.CharField(max_length=64)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("manager", "manager"), ("member", "member"), ("reader", "reader")],
                        max_length=12,
                        verbose_name="role",
                    ),
                ),
            ],
            options={
                "ordering": ("brand__name",),
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("owner", "owner"),
                            ("manager", "manager"),
                            ("member", "member"),
                            ("reader", "reader"),
                            ("guest", "guest"),
                        ],
                        max_length=12,
                        verbose_name="role",
                    ),
                ),
                ("brand_role", models.CharField(blank=True, max_length=12)),
                ("language", models.CharField(default="fr", max_length=2)),
                ("nonce", models.CharField(default=palabre.agency.models.new_nonce, max_length=40)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("mail_error", models.CharField(blank=True, max_length=300)),
                ("accepted_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ("email",),
            },
        ),
        migrations.AddField(
            model_name="auditentry",
            name="organisation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="audit",
                to="agency.organisation",
            ),
        ),
        migrations.AddField(
            model_name="brand",
            name="keep_months",
            field=models.PositiveSmallIntegerField(default=25, verbose_name="keep mentions for"),
        ),
        migrations.AddField(
            model_name="brand",
            name="state",
            field=models.CharField(
                choices=[("live", "live"), ("archived", "archived"), ("deleting", "deleting")],
                default="live",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="auditentry",
            name="brand",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="audit",
                to="agency.brand",
            ),
        ),
        migrations.AlterField(
            model_name="member",
            name="role",
            field=models.CharField(
                choices=[
                    ("owner", "owner"),
                    ("manager", "manager"),
                    ("member", "member"),
                    ("reader", "reader"),
                    ("guest", "guest"),
                ],
                default="member",
                max_length=12,
                verbose_name="role",
            ),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["organisation", "-at", "-id"], name="audit_organisation_at"),
        ),
        migrations.AddField(
            model_name="erased",
            name="brand",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="agency.brand"
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="brand",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="grants", to="agency.brand"
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="grants", to="agency.member"
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="brands",
            field=models.ManyToManyField(blank=True, related_name="+", to="agency.brand"),
        ),
        migrations.AddField(
            model_name="invitation",
            name="invited_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="invitations",
                to="agency.organisation",
            ),
        ),
        migrations.AddConstraint(
            model_name="erased",
            constraint=models.UniqueConstraint(fields=("brand", "mark"), name="erased_once"),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.UniqueConstraint(fields=("member", "brand"), name="one_grant_per_brand"),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("accepted_at", None), ("revoked_at", None)),
                fields=("organisation", "email"),
                name="one_open_invitation",
            ),
        ),
        migrations.RunSQL(BACKFILL, migrations.RunSQL.noop),
        migrations.RemoveField(
            model_name="member",
            name="brands",
        ),
        migrations.AlterField(
            model_name="auditentry",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="audit", to="agency.organisation"
            ),
        ),
    ]
