"""Names of organisations are public inside the system; writing is confined to the scope."""

from django.db import migrations

from guiyan.platform.rls import scope_writes


class Migration(migrations.Migration):
    dependencies = [("orgs", "0001_initial")]
    operations = [
        scope_writes("orgs_organisation"),
        scope_writes("orgs_organisationinterval"),
        scope_writes("orgs_servicepoint"),
        scope_writes("orgs_ruleparameter"),
        # KNN in metres by index: the nearest service points and organisations to an address.
        migrations.RunSQL(
            "create index servicepoint_earth on orgs_servicepoint using gist"
            " (ll_to_earth(latitude, longitude)) where latitude is not null;"
            " create index organisation_earth on orgs_organisation using gist"
            " (ll_to_earth(latitude, longitude)) where latitude is not null;",
            "drop index servicepoint_earth; drop index organisation_earth;",
        ),
    ]
