"""Languages that members and branches speak, by code, in the words of the pages' source."""

from typing import Final

from guiyan.kernel.findings import gettext_noop as _

LANGUAGE_NAMES: Final[dict[str, str]] = {
    "han": _("汉语"),
    "yi": _("彝语"),
    "zang": _("藏语"),
    "miao": _("苗语"),
    "buyi": _("布依语"),
    "dong": _("侗语"),
    "uyghur": _("维吾尔语"),
    "mongol": _("蒙古语"),
    "zhuang": _("壮语"),
    "yue": _("粤语"),
}
