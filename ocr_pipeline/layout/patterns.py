"""The wording by which parts of Chinese office papers are known (GB/T 9704 and common usage).

All patterns are for cleaned text and allow for what recognisers usually make of a mark: full or half width, 〔〕 as
any other bracket, 一 for a dash.
"""

from __future__ import annotations

import re
from datetime import date

_NUMERAL = "一二三四五六七八九十百"
_OPEN, _CLOSE = r"〔\[【(（{｛〈<「『［", r"〕\]】)）}｝〉>」』］"
# A dash beside a number, and what it or a speck beside it is read as.
_DASH = r"\-—–−―一二三=_~·•.|丨⊥丄工'‘’`´^°*,，、:"
_CODE = r"(?P<code>[A-Za-z\u4e00-\u9fff]{2,20}?)"
_YEAR_NUMBER = re.compile(
    rf"{_CODE}(?:[{_OPEN}1lI|]?(?P<year>(?:19|20)\d\d)[{_CLOSE}]|[{_OPEN}](?P<year2>(?:19|20)\d\d))第?(?P<no>\d{{1,5}})号"
)
_SERIAL_NUMBER = re.compile(
    rf"[{_OPEN}]?(?:[\u4e00-\u9fff]{{0,20}}(?:19|20)\d\d年第\d{{1,5}}号"
    rf"|(?:[\u4e00-\u9fff]{{2,20}}(?:令|公告|通告))?第\d{{1,5}}号)[{_CLOSE}]?"
)
_SIGNER = re.compile(r"签发人[:：].*$")

_DAY = re.compile(
    r"(?P<y>(?:19|20)\d\d|[一二][〇零○0OoО一二三四五六七八九]{3})年"
    rf"(?P<m>\d{{1,2}}|[{_NUMERAL}]{{1,2}})月(?P<d>\d{{1,2}}|[{_NUMERAL}]{{1,3}})日"
)
_NUMERIC_DAY = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<sep>[-/.])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?!\d)")
_MONTH = re.compile(rf"(?:(?:19|20)\d\d|[一二][〇零○0OoО一二三四五六七八九]{{3}})年(?:\d{{1,2}}|[{_NUMERAL}]{{1,2}})月")
_DATE_BRACKETS = "（()） "

# For text without any blanks. Between dashes anything short is a page number, read well or not.
PAGE_NUMBER = re.compile(
    rf"[{_DASH}\[（(]*(?:\d{{1,4}}(?:[/／|]\d{{1,4}})?|[ivxlIVXL]{{1,6}})[{_DASH}\])）]*"
    r"|[-—–―]{1,2}\S{1,3}[-—–―]{1,2}"
    r"|\S{0,12}第\d{1,4}页[,，/]?[(（]?(?:[/／]?共\d{1,4}页)?[)）]?[-—–]*"
    r"|[Pp]age\d{1,4}(?:(?:of|/)\d{1,4})?"
)
COPIES = re.compile(r"(?:抄送|抄报|分送|发送)(?:单位|机关)?[:：;；]")
PRINTED = re.compile(r".*(?:年\d{1,2}月\d{1,2}日|\d)(?:印发|印制|翻印)[。.]?|[（(]?共印\d+份[）)]?[。.]?")
TABLE_NUMBER = re.compile(rf"(?:续|附)?表 ?(?:\d+(?:[-—.]\d+)*|[{_NUMERAL}]+)(?![{_NUMERAL}所中列示明反，、。])")
FIGURE_NUMBER = re.compile(r"图 ?\d+(?:[-—.]\d+)*")
UNIT_NOTE = re.compile(r"[（(]?(?:计量|金额|货币)?单位[:：]")
YEARBOOK_NUMBER = re.compile(r"\d{1,2} ?[-－—–] ?\d{1,2}(?![\d月年日岁人个天次号级周季.-]) ?[^\W\d]")
MAKER_NOTE = re.compile(
    r"(?:(?:公开|编制|填报|编报|报送|制表|填表|汇总|主管|预算)?(?:单位|部门|机关)(?:名称)?(?:[（(](?:公章|盖章|章)[)）])?"
    r"|(?:编制|填报|编报|报送|制表|填表)(?:人|日期|时间))[:：]"
)
PERIOD_NOTE = re.compile(r"[12]\d{3} ?年(?:度|\d{1,2}(?:[-－—–至]\d{1,2})?月(?:份|末|底|\d{1,2}日)?)?(?:末|底)?")
FOOT_NOTE = re.compile(r"[\[【（(]?注\d*[\]】）)]?[:：.、]|[\[【]注\d*[\]】]|(?:附注|资料来源|数据来源)[:：]")
TABLE_NOTE = re.compile(r"(?:备注|说明|填表说明|来源)[:：]")
LETTERHEAD = re.compile(r".{2,30}文件")

_MARKERS = (
    re.compile(rf"[{_NUMERAL}]{{1,4}}[、,，.．]"),
    re.compile(rf"[（(][{_NUMERAL}]{{1,4}}[）)]"),
    re.compile(rf"第[{_NUMERAL}\d]{{1,4}}[章节编篇]|第[{_NUMERAL}\d]{{1,4}}(?:条|部分)"),
    re.compile(r"\d{1,2}(?:\.\d{1,2})*[、.．](?!\d)|\d{1,2}(?:\.\d{1,2})+(?![\d%％万亿元倍])"),
    re.compile(r"[（(]\d{1,2}[）)]"),
    re.compile(r"[①-⑳]"),
)
ANSWER = re.compile(r"[A-H][、.．]")
_BULLET = re.compile(r"[-•●■◆·*–—] ?(?=\S)")
SENTENCE_MARKS = "。；！？"
OFFICE_END = re.compile(
    r"(?:政府|办公室|办公厅|委员会|党委|党组|[局厅部委办署院会处所室站队馆校社行台庭科组]|中心|公司|集团|大学|学院|银行)"
    r"(?:[（(][^（()）]{1,20}[）)])?$"
)


def parse_document_number(text: str) -> str | None:
    """A document number in its normal form (`X政办〔2022〕5号`), None where the text is none.

    The year's brackets come out as 〔〕 whatever they were read as; one of them must have been read.
    """
    bare = _SIGNER.sub("", text).replace(" ", "")
    if match := _YEAR_NUMBER.fullmatch(bare):
        year = match["year"] or match["year2"]
        return f"{match['code']}〔{year}〕{int(match['no'])}号"
    if _SERIAL_NUMBER.fullmatch(bare):
        return bare.strip("〔〕[]【】()（）{}｛｝〈〉<>「」『』［］")
    return None


def parse_date(text: str) -> str | None:
    """The first full date in the text as YYYY-MM-DD, in Arabic or Chinese numerals; None where there is none."""
    for pattern in (_DAY, _NUMERIC_DAY):
        for match in pattern.finditer(text):
            try:
                return date(_year(match["y"]), _small(match["m"]), _small(match["d"])).isoformat()
            except ValueError:
                continue
    return None


def is_date(text: str) -> bool:
    """Whether the text is a date and nothing else (a month will do; brackets around it allowed)."""
    bare = text.strip(_DATE_BRACKETS)
    if any(pattern.fullmatch(bare) for pattern in (_DAY, _NUMERIC_DAY)):
        return parse_date(bare) is not None
    return _MONTH.fullmatch(bare) is not None


def marker_level(text: str) -> int | None:
    """The level of the numbering a text begins with: 0 一、 1 （一） 2 第…条 3 1. 4 （1） 5 ①; None without one."""
    return next((level for level, pattern in enumerate(_MARKERS) if pattern.match(text)), None)


def has_marker(text: str) -> bool:
    """Whether the text begins as a numbered or bulleted item does."""
    return marker_level(text) is not None or _BULLET.match(text) is not None


def _year(digits: str) -> int:
    plain = digits.translate(str.maketrans("〇零○OoО一二三四五六七八九", "000000123456789"))
    return int(plain)


def _small(digits: str) -> int:
    """A number below 100, 二十八 or 28. ValueError when it is neither."""
    if digits.isdecimal():
        return int(digits)
    tens, ten, ones = digits.partition("十")
    value = {c: i for i, c in enumerate("一二三四五六七八九", 1)}
    if not ten:
        if len(digits) != 1 or digits not in value:
            raise ValueError(f"not a number: {digits}")
        return value[digits]
    if (tens and tens not in value) or (ones and ones not in value):
        raise ValueError(f"not a number: {digits}")
    return value.get(tens, 1) * 10 + value.get(ones, 0)


def ends_with_date(text: str) -> bool:
    """Whether a full date stands at the end of a longer text, as on a row with an office before it."""
    matches = list(_DAY.finditer(text))
    return bool(matches) and matches[-1].start() > 0 and matches[-1].end() == len(text)


def strip_date(text: str) -> str:
    """The text without the full date at its end, if one stands there."""
    matches = list(_DAY.finditer(text))
    return text[: matches[-1].start()].rstrip() if matches and matches[-1].end() == len(text) else text
