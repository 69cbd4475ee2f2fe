"""The policies and plans of DOMAIN 7 as rows; staff may add their own beside them."""

from django.db import migrations

from inmail import policy


def install(apps, schema_editor):
    rows, plans = apps.get_model("inmail", "Policy"), apps.get_model("inmail", "Plan")
    for p in policy.PRESETS.values():
        row = rows.objects.create(
            name=p.name,
            deadline_days=p.deadline_days,
            expiry_days=p.expiry_days,
            bonus_on_interested=p.bonus_on_interested,
            to_recipient_on_report=p.to_recipient_on_report,
            purchase_limit=p.purchase_limit,
            credit_price_usd=p.credit_price_usd,
            **{f"on_{end}": amount for end, amount in p.returns.items()},
        )
        plans.objects.bulk_create(
            plans(policy=row, name=name, monthly=terms.monthly, cap=terms.cap) for name, terms in p.plans.items()
        )


class Migration(migrations.Migration):
    dependencies = [("inmail", "0002_ledger_laws")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
