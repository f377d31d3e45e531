"""How people write the names of places: short, long, with or without the word for the kind."""

import re

_PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西"
    "|景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂"
    "|保安|裕固|京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺"
)
_AUTONOMOUS = re.compile(
    rf"(?:(?:{_PEOPLES})族|蒙古|哈萨克|柯尔克孜|维吾尔|各族)*自治(?P<kind>州|县|旗|区)$"
)
_ETHNIC_TOWNSHIP = re.compile(rf"(?:(?:{_PEOPLES})族)+乡$|民族乡$")
_COMMITTEE = re.compile(r"(?:居民委员会|村民委员会|居委会|村委会|虚拟社区|虚拟生活区|生活区)$")
_KIND_OF_LEVEL = {
    1: re.compile(r"(?:省|市|自治区)$"),
    2: re.compile(r"(?:市|州|地区|盟)$"),
    3: re.compile(r"(?:新区|林区|特区|县|市|区|旗)$"),
    4: re.compile(r"(?:街道办事处|街道|镇|乡|苏木)$"),
    5: re.compile(r"(?:社区|村)$"),
}
_SHORTEST = 2
VILLAGE = 5
# Names that group divisions in the code list and that nobody writes in an address.
NOT_WRITTEN = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})


def place_key(name: str, level: int) -> str:
    """The part of a place's name that sets it apart: 四川 of 四川省, 凉山 of 凉山彝族自治州.

    Never shorter than two characters: 沛县 stays 沛县, 内蒙古自治区 gives 内蒙古.
    """
    for pattern in (_AUTONOMOUS, _ETHNIC_TOWNSHIP):
        short = pattern.sub("", name)
        if len(short) >= _SHORTEST and short != name:
            return short
    short = name.removesuffix("自治区")
    short = _stripped(_COMMITTEE, short) if level == VILLAGE else short
    return _stripped(_KIND_OF_LEVEL[level], short)


def _stripped(pattern: re.Pattern[str], name: str) -> str:
    short = pattern.sub("", name)
    return short if len(short) >= _SHORTEST else name


def written_village(name: str) -> str:
    """A village's name without its committee: 城东社区 of 城东社区居民委员会, 李家庄村 of 李家庄村委会."""
    written = _stripped(_COMMITTEE, name)
    if written.endswith(("村", "社区")):
        return written
    return written + ("社区" if name.endswith(("居民委员会", "居委会")) else "村")


def spellings(name: str, key: str, level: int) -> list[str]:
    """Every way in which the place is written, the longest first, without the bare key."""
    forms = {name}
    if autonomous := _AUTONOMOUS.search(name):
        forms.add(key + autonomous["kind"])
    if _ETHNIC_TOWNSHIP.search(name):
        forms.add(f"{key}乡")
    if level == VILLAGE:
        written = _stripped(_COMMITTEE, name)
        stem = written.removesuffix("社区") if len(written) > len("社区") + 1 else written
        if name.endswith(("居民委员会", "居委会")):
            forms |= {written, f"{stem}社区", f"{written}居委会", f"{stem}社区居委会"}
        elif name.endswith(("村民委员会", "村委会")):
            forms |= {written, f"{key}村", f"{written}村委会", f"{key}村村委会"}
    if name.endswith("街道办事处"):
        forms.add(name.removesuffix("办事处"))
    return sorted((form for form in forms if form != key or form == name), key=len, reverse=True)


def written_length(text: str, name: str, key: str, level: int) -> int:
    """How many characters at the start of `text` name this place; 0 when they don't.

    A bare key counts for provinces, cities and counties (深圳, 四川美姑), unless what follows
    makes it the name of a street; for townships and villages only when it is all that is written.
    """
    for form in spellings(name, key, level):
        if text.startswith(form):
            return len(form)
    if not text.startswith(key):
        return 0
    rest = text[len(key) :]
    if level > 3:
        return 0 if rest else len(key)
    return 0 if rest[:1] and rest[:1] in "路街巷道大弄号村镇乡社" else len(key)
