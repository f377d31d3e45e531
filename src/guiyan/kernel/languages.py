"""Languages as spoken and as written, by code, in the words of the pages' source."""

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

# Yue has no script of its own in use; the old and the new Yi script count as one.
SCRIPT_NAMES: Final[dict[str, str]] = {
    "han": _("汉文"),
    "yi": _("彝文"),
    "zang": _("藏文"),
    "miao": _("苗文"),
    "buyi": _("布依文"),
    "dong": _("侗文"),
    "uyghur": _("维吾尔文"),
    "mongol": _("蒙古文"),
    "zhuang": _("壮文"),
}
