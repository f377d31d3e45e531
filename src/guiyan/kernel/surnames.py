"""Surnames whose reading differs from the character's common one, with tones.

Readings follow the surname entries of 《现代汉语词典》; where families differ (覃, 乐, 缪, 召),
the more common one stands here. It serves searching and sorting only.
"""

SURNAMES = {
    surname: (reading,)
    for surname, reading in {
        "贲": "ben1", "秘": "bi4", "卜": "bu3", "薄": "bo2", "柏": "bai3", "晁": "chao2",
        "谌": "chen2", "种": "chong2", "褚": "chu3", "逮": "dai3", "都": "du1", "盖": "ge3",
        "干": "gan1", "葛": "ge3", "句": "gou1", "勾": "gou1", "观": "guan4", "炅": "gui4",
        "过": "guo1", "哈": "ha3", "郝": "hao3", "黑": "he4", "华": "hua4", "纪": "ji3",
        "监": "jian4", "解": "xie4", "靳": "jin4", "阚": "kan4", "乐": "yue4", "缪": "miao4",
        "宓": "mi4", "万": "wan4", "那": "na1", "佴": "nai4", "能": "nai4", "宁": "ning4",
        "区": "ou1", "逄": "pang2", "朴": "piao2", "繁": "po2", "亓": "qi2", "仇": "qiu2",
        "曲": "qu1", "瞿": "qu2", "麴": "qu1", "覃": "qin2", "任": "ren2", "撒": "sa3",
        "单": "shan4", "召": "shao4", "少": "shao4", "佘": "she2", "折": "she2", "厍": "she4",
        "莘": "shen1", "沈": "shen3", "盛": "sheng4", "眭": "sui1", "隋": "sui2", "洗": "xian3",
        "冼": "xian3", "郗": "xi1", "颉": "xie2", "燕": "yan1", "要": "yao1",
        "应": "ying1", "员": "yun4", "郧": "yun2", "郇": "xun2", "尉": "wei4", "隗": "wei3",
        "载": "zai4", "昝": "zan3", "曾": "zeng1", "查": "zha1", "翟": "zhai2", "占": "zhan1",
        "长": "zhang3", "祭": "zhai4", "竺": "zhu2", "中": "zhong1", "重": "chong2",
        "行": "xing2", "夏": "xia4", "相": "xiang4", "车": "che1", "石": "shi2", "费": "fei4",
        "贾": "jia3", "冯": "feng2", "藏": "zang1", "臧": "zang1", "令": "ling4", "朝": "chao2",
        "泌": "bi4", "阿": "a1", "呙": "guo1", "晟": "cheng2", "塔": "ta3", "降": "jiang4",
    }.items()
}  # fmt: skip

COMPOUND_SURNAMES = {
    "尉迟": ("yu4", "chi2"), "长孙": ("zhang3", "sun1"), "万俟": ("mo4", "qi2"),
    "单于": ("chan2", "yu2"), "澹台": ("tan2", "tai2"), "鲜于": ("xian1", "yu2"),
    "令狐": ("ling2", "hu2"), "宰父": ("zai3", "fu3"), "皇甫": ("huang2", "fu3"),
    "尉犁": ("yu4", "li2"), "夏侯": ("xia4", "hou2"), "诸葛": ("zhu1", "ge3"),
    "欧阳": ("ou1", "yang2"), "司马": ("si1", "ma3"), "上官": ("shang4", "guan1"),
    "赫连": ("he4", "lian2"), "呼延": ("hu1", "yan2"), "濮阳": ("pu2", "yang2"),
    "淳于": ("chun2", "yu2"), "公孙": ("gong1", "sun1"), "慕容": ("mu4", "rong2"),
    "宇文": ("yu3", "wen2"), "司徒": ("si1", "tu2"), "亓官": ("qi2", "guan1"),
    "轩辕": ("xuan1", "yuan2"), "东方": ("dong1", "fang1"), "钟离": ("zhong1", "li2"),
}  # fmt: skip
