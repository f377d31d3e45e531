"""The table of premises: shops, firms and social organisations where a member may work."""

import uuid

from django.db import models


class Premises(models.Model):
    """One shop, firm or social organisation. Its manager and telephone number are a person's, so
    they are sealed; whoever works there is not stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    path = models.CharField(max_length=80, db_collation="C")
    organisation_id = models.UUIDField(help_text="the township's, or the county's, committee")
    division_code = models.CharField(max_length=12, blank=True)
    serial = models.CharField(max_length=20, blank=True, help_text="the number in the list")
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, db_collation="C")
    credit_code = models.CharField(max_length=18, blank=True)
    licence = models.CharField(max_length=40, blank=True, help_text="an old licence's number")
    type = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=200, blank=True)
    manager_sealed = models.BinaryField(null=True)
    phone_sealed = models.BinaryField(null=True)
    phone_blind = models.BinaryField(null=True)
    phone_mask = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, blank=True, help_text="closed, moved, or nothing")
    import_batch_id = models.UUIDField(null=True, db_index=True)
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["path", "name_key"], name="premises_name"),
            models.Index(fields=["credit_code"], name="premises_credit_code"),
            models.Index(fields=["phone_blind"], name="premises_phone"),
        ]
