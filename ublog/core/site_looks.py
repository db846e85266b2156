"""How a site looks, beside its name: fields of the site's settings."""

from django.db import models

from ublog.core.colours import ColourField


class SiteLooks(models.Model):
    """The accent colour, the logo and the pinned post. `blog/site_looks.py` changes them."""

    colour = ColourField(
        db_default="",
        help_text="Of buttons and links, such as #3366cc. Each theme has a shade of it.",
    )
    # Squares with transparent edges: for the header, and for icons.
    logo = models.FileField(blank=True, default="", db_default="", editable=False)
    logo_icon = models.FileField(blank=True, default="", db_default="", editable=False)
    # The id of a post. Not a reference: a post that is deleted is not found, and core knows none.
    pinned_post = models.PositiveBigIntegerField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def looks(self) -> tuple[str, ...]:
        """Return what pages depend on, for their ETag."""
        return (self.colour, str(self.logo), str(self.logo_icon), str(self.pinned_post))
