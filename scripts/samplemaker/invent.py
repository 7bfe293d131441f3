"""Invents filings: county, office, wording and numbers that satisfy the form's sum rules, or do not."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .content import BodyItem, Report, Section, TableThree

COUNTIES = (
    "青川县", "泾源县", "榆中县", "岢岚县", "涞水县", "灵寿县", "桐柏县", "遂平县",
    "石门县", "辰溪县", "安化县", "龙川县", "平远县", "罗城县", "大新县", "普格县",
    "剑阁县", "威信县", "双柏县", "鹤庆县", "岐山县", "洛南县", "民勤县", "宕昌县",
    "贵德县", "兴海县", "彭阳县", "尼勒克县", "桓仁县", "抚松县", "依兰县", "泗阳县",
    "磐安县", "霍山县", "寿宁县", "万载县", "沂源县", "麻城市", "澄迈县", "镇宁县",
)  # fmt: skip
OFFICES = ("人民政府", "人民政府办公室", "教育局", "自然资源局", "交通运输局", "农业农村局", "卫生健康委员会", "财政局")
SENTENCES = (
    "严格执行信息发布审核制度，坚持先审后发，确保公开内容合法、准确、完整。",
    "全年通过门户网站主动公开各类信息{a}条，其中政务动态{b}条，政策文件{c}件。",
    "加强对重点领域信息的公开力度，及时公布财政预算决算、公共资源配置和社会公益事业建设情况。",
    "共收到依申请公开事项{c}件，均按规定在法定期限内办结，按时答复率100%。",
    "组织开展业务培训{c}次，参训人员{b}人次，工作人员的业务水平有了新的提高。",
    "对全县政务新媒体账号进行清理，注销长期不更新的账号{c}个，规范运行{c}个。",
    "办理网民留言{b}件，受理率和办结率均达到{p}%，群众满意度稳步提升。",
    "按照“谁公开、谁审查、谁负责”的原则，逐级落实保密审查责任。",
    "将政务公开纳入年度目标考核，考核分值占{c}分，有效推动了工作落实。",
    "发布政策解读稿件{c}篇，其中图解{c}篇，做到政策文件与解读材料同步公开。",
)
PROBLEMS = (
    "个别单位对政务公开工作重视不够，信息更新不够及时，公开的深度和广度有待加强。",
    "政策解读形式比较单一，以文字解读为主，图解、视频等群众喜闻乐见的形式较少。",
    "工作人员流动性较大，业务能力参差不齐，依申请公开办理的规范性有待提高。",
    "下一步，我们将进一步健全工作机制，明确责任分工，强化监督检查，推动政务公开工作再上新台阶。",
    "同时继续加强业务培训，拓宽公开渠道，丰富解读形式，切实保障人民群众的知情权、参与权和监督权。",
)


@dataclass(frozen=True)
class Break:
    """A printed number that does not add up: where it stands, what is printed, what would be right."""

    table: str
    row: int
    col: int
    printed: str
    right: str


def _fill(sentence: str, rng: np.random.Generator) -> str:
    values = {
        "a": int(rng.integers(500, 9999)), "b": int(rng.integers(50, 999)), "c": int(rng.integers(2, 60)),
        "p": round(float(rng.uniform(90, 100)), 1),
    }  # fmt: skip
    return sentence.format(**values)


def _paragraph(pool: tuple[str, ...], count: int, rng: np.random.Generator) -> str:
    chosen = rng.choice(len(pool), size=count, replace=False)
    return "".join(_fill(pool[int(i)], rng) for i in chosen)


def _number(digits: int, rng: np.random.Generator) -> int:
    """A number of one to `digits` digits, zero now and then."""
    if rng.random() < 0.2:
        return 0
    return int(rng.integers(1, 10 ** int(rng.integers(1, digits + 1))))


def consistent_three(split_other: bool, digits: int, rng: np.random.Generator) -> tuple[tuple[str, ...], ...]:
    """Values of table three: 一+二 = 三（七）+四 down each column, 总计 = sum of six along each row."""
    outcomes = 22 if split_other else 20
    rows = outcomes + 3
    table = np.zeros((rows, 7), dtype=np.int64)
    for col in range(6):
        new = 0 if col and rng.random() < 0.4 else _number(digits if col == 0 else max(1, digits - 1), rng)
        old = _number(max(1, digits - 2), rng) if rng.random() < 0.5 else 0
        left = int(rng.integers(0, (new + old) // 4 + 1))
        done = new + old - left
        # Most requests end in a few outcomes; that leaves the zeros real tables are full of.
        weights = rng.dirichlet(np.full(outcomes - 1, 0.15))
        table[2 : 2 + outcomes - 1, col] = rng.multinomial(done, weights)
        table[0, col], table[1, col], table[rows - 1, col] = new, old, left
        table[rows - 2, col] = done
    table[:, 6] = table[:, :6].sum(axis=1)
    return tuple(tuple(str(v) for v in row) for row in table)


def consistent_four(rng: np.random.Generator) -> tuple[str, ...]:
    """Three groups of four outcomes and their total."""
    values: list[str] = []
    for _ in range(3):
        if rng.random() < 0.08:
            values += [""] * 5
            continue
        four = [_number(2, rng) if rng.random() < 0.4 else 0 for _ in range(4)]
        values += [str(v) for v in (*four, sum(four))]
    return tuple(values)


def _sections(year: int, rng: np.random.Generator) -> tuple[Section, ...]:
    def n(digits: int = 5) -> str:
        return str(_number(digits, rng))

    money = f"{float(rng.uniform(0.5, 9000)):.4f}".rstrip("0") if rng.random() < 0.7 else n()
    if year == 2020:
        change = ("信息内容", "上一年项目数量", "本年增/减", "处理决定数量")
        made = ("信息内容", "本年新制作数量", "本年新公开数量", "对外公开总数量")
        permits = (("行政许可", n(3), n(1), n()), ("其他对外管理服务事项", n(3), n(1), n()))
        fines = (("行政处罚", n(3), n(1), n()), ("行政强制", n(2), n(1), n(4)))
        bought = ("信息内容", "采购项目数量", "采购总金额")
        return (
            Section("第二十条第（一）项", made, (("规章", n(1), n(1), n(2)), ("规范性文件", n(2), n(2), n(3)))),
            Section("第二十条第（五）项", change, permits),
            Section("第二十条第（六）项", change, fines),
            Section("第二十条第（八）项", change[:3], (("行政事业性收费", n(2), n(1)),)),
            Section("第二十条第（九）项", bought, (("政府集中采购", n(3), f"{money}万元"),)),
        )
    return (
        Section("第二十条第（一）项", ("信息内容", "本年制发件数", "本年废止件数", "现行有效件数"),
                (("规章", n(1), n(1), n(1)), ("行政规范性文件", n(2), n(1), n(3)))),
        Section("第二十条第（五）项", ("信息内容", "本年处理决定数量"), (("行政许可", n()),)),
        Section("第二十条第（六）项", ("信息内容", "本年处理决定数量"), (("行政处罚", n()), ("行政强制", n(4)))),
        Section("第二十条第（八）项", ("信息内容", "本年收费金额（单位：万元）"), (("行政事业性收费", money),)),
    )  # fmt: skip


def invent(name: str, rng: np.random.Generator) -> Report:
    """A filing whose numbers add up."""
    county = COUNTIES[int(rng.integers(len(COUNTIES)))]
    issuer = county + OFFICES[int(rng.integers(len(OFFICES)))]
    year = 2020 if rng.random() < 0.3 else 2021
    split_other = year == 2021 and rng.random() < 0.8
    wording = (
        "2.其他法律行政法规禁止公开" if rng.random() < 0.6 else "2.其他法律法规禁止公开",
        "社会公益组织" if rng.random() < 0.7 else "社会组织",
        "top" if rng.random() < 0.25 else "under",
    )
    values = consistent_three(split_other, int(rng.integers(1, 6)), rng)
    three = TableThree(wording[1], wording[2], wording[0], split_other, values)
    body = [BodyItem("h1", "一、总体情况")]
    for numeral in "一二三"[: int(rng.integers(1, 4))]:
        text = f"（{numeral}）{('加强组织领导', '推进主动公开', '强化监督保障')['一二三'.index(numeral)]}。"
        body.append(BodyItem("p", text + _paragraph(SENTENCES, int(rng.integers(2, 5)), rng)))
    body += [
        BodyItem("h1", "二、主动公开政府信息情况"), BodyItem("table", "two"),
        BodyItem("h1", "三、收到和处理政府信息公开申请情况"), BodyItem("table", "three"),
        BodyItem("h1", "四、政府信息公开行政复议、行政诉讼情况"), BodyItem("table", "four"),
        BodyItem("h1", "五、存在的主要问题及改进情况"), BodyItem("p", _paragraph(PROBLEMS, 3, rng)),
        BodyItem("h1", "六、其他需要报告的事项"), BodyItem("p", "无其他需要报告的事项。"),
    ]  # fmt: skip
    date = f"{year + 1}-{int(rng.integers(1, 4)):02d}-{int(rng.integers(1, 29)):02d}"
    formal = bool(rng.random() < 0.5)
    return Report(
        name=name, year=year, title=(issuer, f"{year}年政府信息公开工作年度报告"), issuer=issuer, seal=issuer,
        parens="half" if rng.random() < 0.5 else "full", body=tuple(body), sections=_sections(year, rng),
        three=three, four=consistent_four(rng),
        number=f"{county[0]}政办〔{year + 1}〕{int(rng.integers(1, 90))}号" if formal else None,
        recipient="市人民政府办公室" if formal else None, date=date, signature=issuer,
        copies="市政务公开办公室，县委办公室" if formal else None,
        printed_by=issuer if formal else None, printed=date if formal else None,
    )  # fmt: skip


def _other(value: str, rng: np.random.Generator) -> str:
    """A near miss, as a typist makes it: one more, one less, or ten more."""
    number = int(value)
    return str(number + int(rng.choice([1, 10] if number == 0 else [-1, 1, 10])))


def spoil(report: Report, rng: np.random.Generator) -> tuple[Report, tuple[Break, ...]]:
    """Print one to three numbers of a filing so that they do not add up."""
    three = [list(row) for row in report.three.values]
    four = list(report.four)
    breaks: list[Break] = []
    for kind in rng.choice(3, size=int(rng.integers(1, 4)), replace=False):
        if kind == 0:
            row, col = int(rng.integers(len(three))), 6
        elif kind == 1:
            row, col = len(three) - 2, int(rng.integers(6))
        else:
            col = int(rng.choice([4, 9, 14]))
            if four[col]:
                printed = _other(four[col], rng)
                breaks.append(Break("four", 3, col, printed, four[col]))
                four[col] = printed
            continue
        printed = _other(three[row][col], rng)
        breaks.append(Break("three", row + 3, col + 3, printed, three[row][col]))
        three[row][col] = printed
    if not breaks:
        return spoil(report, rng)
    values = tuple(tuple(row) for row in three)
    return replace(report, three=replace(report.three, values=values), four=tuple(four)), tuple(breaks)
