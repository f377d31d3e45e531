"""Tables of the tree: divisions of the country, kinds, organisations with history, directory."""

import uuid

from django.db import models


class Division(models.Model):
    """A place by the country's own 12-digit code. Codes are abolished and never re-coded.

    A row is what a code meant from a day until a day; a code that is used again gets a second row.
    Code and level together tell divisions apart: Kinmen stands at three levels under one code.
    """

    code = models.CharField(max_length=12, db_collation="C")
    name = models.CharField(max_length=80)
    key = models.CharField(max_length=80, db_collation="C", help_text="name without 省, 市, 村 …")
    level = models.SmallIntegerField(
        help_text="1 province, 2 prefecture, 3 county, 4 township, 5 village"
    )
    parent_code = models.CharField(max_length=12, blank=True, db_collation="C")
    valid_from = models.DateField(null=True, help_text="null: from before our records")
    valid_to = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["parent_code", "code"], name="division_parent"),
            models.Index(
                fields=["key", "level"],
                name="division_key",
                condition=models.Q(valid_to__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "level"],
                condition=models.Q(valid_to__isnull=True),
                name="division_code_today",
            )
        ]


class Boundary(models.Model):
    """Where a division ends, as an operator's file says; one for a code, whatever its levels."""

    code = models.CharField(max_length=12, primary_key=True, db_collation="C")
    rings = models.JSONField(help_text="x, y, x, y … in hundred-thousandths of a degree; even-odd")
    longitude = models.FloatField(help_text="of a point inside, for the name")
    latitude = models.FloatField()
    credit = models.CharField(max_length=120, blank=True, help_text="said below a map: 审图号")
    loaded_on = models.DateField()


class OrganisationKind(models.Model):
    """A level of the tree as configuration: where it may stand and what it may do."""

    code = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=80)
    allowed_parents = models.JSONField(help_text="kind codes; empty list means a root")
    abilities = models.JSONField(help_text="what such an organisation may do, orgs.kinds.Ability")
    source = models.CharField(max_length=200)
    position = models.SmallIntegerField(default=0)


class Organisation(models.Model):
    """One body of the tree. `path` is four base-36 characters for each level, sorted in "C"."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=80, unique=True, db_collation="C")
    kind = models.ForeignKey(OrganisationKind, on_delete=models.PROTECT)
    code = models.CharField(max_length=32, unique=True, help_text="the organisation's own code")
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=80)
    name_key = models.CharField(max_length=200, db_collation="C", help_text="folded for search")
    division_code = models.CharField(max_length=12, help_text="where it belongs")
    stands_in_code = models.CharField(
        max_length=12, help_text="where it stands; an outpost's differs"
    )
    address = models.CharField(max_length=200, blank=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    coordinates_origin = models.CharField(
        max_length=20, blank=True, help_text="import, pin, invented"
    )
    phone = models.CharField(max_length=40, blank=True, help_text="the office's public number")
    trades = models.JSONField(default=list, help_text="trades that this body brings together")
    languages = models.JSONField(default=list, help_text="spoken there: han, yi, …")
    check_in_code = models.CharField(max_length=12, unique=True, help_text="on its poster")
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    last_child = models.IntegerField(
        default=0, help_text="number of the youngest child; a path is never given twice"
    )
    version = models.IntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["parent", "name"], name="organisation_children"),
            models.Index(fields=["division_code"], name="organisation_division"),
            models.Index(fields=["stands_in_code"], name="organisation_stands_in"),
            models.Index(fields=["name_key"], name="organisation_name_key"),
        ]


class OrganisationInterval(models.Model):
    """What an organisation was called and where it hung, from when until when, and by which act.

    `path` says in whose scope the row lies and follows later moves; `parent_id_then` is history.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="intervals"
    )
    name = models.CharField(max_length=200)
    kind_code = models.CharField(max_length=40)
    parent_id_then = models.UUIDField(null=True)
    path = models.CharField(max_length=80, db_collation="C")
    version = models.IntegerField(help_text="the organisation's, by this act: acts of one day sort")
    act = models.CharField(max_length=20, help_text="opened, renamed, moved, merged, closed")
    reason = models.CharField(max_length=500, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)


class ServicePoint(models.Model):
    """A place or number where somebody is there for members: service centre, desk, hotline."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="service_points"
    )
    path = models.CharField(max_length=80, db_collation="C")
    kind = models.CharField(max_length=20, help_text="service_centre, desk, hotline")
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    division_code = models.CharField(max_length=12)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    coordinates_origin = models.CharField(max_length=20, blank=True)
    duty_hours = models.JSONField(default=list, help_text='[[weekday 0–6, "08:30", "17:30"], …]')
    is_open = models.BooleanField(default=True)


class RuleParameter(models.Model):
    """A number from a rule, with its source; the nearest organisation above decides."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT)
    path = models.CharField(max_length=80, blank=True, db_collation="C")
    name = models.CharField(max_length=60)
    value = models.IntegerField()
    unit = models.CharField(max_length=20)
    source = models.CharField(max_length=200)
    valid_from = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["name", "path", "-valid_from"], name="parameter_lookup")]


class WorkdayException(models.Model):
    """A weekday that is free or a weekend day that is worked (调休); edited by people each year."""

    day = models.DateField(primary_key=True)
    is_working = models.BooleanField()
    name = models.CharField(max_length=40)
    source = models.CharField(max_length=200)
