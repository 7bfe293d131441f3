"""The statistical form of the yearly report: tables two, three and four as grids."""

from __future__ import annotations

from .content import Report, Section, TableThree
from .grid import Grid, GridCell

RULE_NOTE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
REFUSALS = (
    "1.属于国家秘密",
    "",  # table three of a report says how it words the second reason
    "3.危及“三安全一稳定”",
    "4.保护第三方合法权益",
    "5.属于三类内部事务信息",
    "6.属于四类过程性信息",
    "7.属于行政执法案卷",
    "8.属于行政查询事项",
)
UNABLE = ("1.本机关不掌握相关政府信息", "2.没有现成信息需要另行制作", "3.补正后申请内容仍不明确")
IGNORED = (
    "1.信访举报投诉类申请",
    "2.重复申请",
    "3.要求提供公开出版物",
    "4.无正当理由大量反复申请",
    "5.要求行政机关确认或重新出具已获取信息",
)
OTHERS = (
    "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
    "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
    "3.其他",
)
OUTCOMES = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")


def _parens(text: str, style: str) -> str:
    """Chinese or ASCII brackets, as the county typed them."""
    return text.replace("（", "(").replace("）", ")") if style == "half" else text


def table_two(sections: tuple[Section, ...], parens: str) -> Grid:
    """主动公开政府信息情况: sections with a full-width title, a header row and value rows, in one table."""
    cells: list[GridCell] = []
    row = 0

    def line(texts: tuple[str, ...], role: str) -> None:
        for col, text in enumerate(texts):
            last = col == len(texts) - 1
            cell_role = "stub" if role == "data" and col == 0 else role
            cells.append(GridCell(row, col, 1, 4 - col if last else 1, _parens(text, parens), cell_role))

    for section in sections:
        line((section.title,), "header")
        row += 1
        line(section.header, "header")
        row += 1
        for values in section.rows:
            line(values, "data")
            row += 1
    return Grid("two", "主动公开政府信息情况", row, 4, tuple(cells), (1.15, 1.0, 1.0, 1.0))


def _three_header(three: TableThree, parens: str) -> list[GridCell]:
    on_top = three.total == "top"
    cells = [
        GridCell(0, 0, 3, 3, _parens(RULE_NOTE, parens), "header"),
        GridCell(0, 3, 1, 6 if on_top else 7, "申请人情况", "header"),
        GridCell(1, 3, 2, 1, "自然人", "header"),
        GridCell(1, 4, 1, 5, "法人或其他组织", "header"),
        GridCell(0, 9, 3, 1, "总计", "header") if on_top else GridCell(1, 9, 2, 1, "总计", "header"),
    ]
    kinds = ("商业企业", "科研机构", three.society, "法律服务机构", "其他")
    return cells + [GridCell(2, 4 + i, 1, 1, kind, "header") for i, kind in enumerate(kinds)]


def table_three(three: TableThree, parens: str) -> Grid:
    """收到和处理政府信息公开申请情况: three stub columns, seven data columns, three header rows."""
    cells = _three_header(three, parens)
    row = 3

    def stub(col: int, rows: int, cols: int, text: str) -> None:
        cells.append(GridCell(row, col, rows, cols, _parens(text, parens), "stub"))

    def data() -> None:
        nonlocal row
        for i, value in enumerate(three.values[row - 3]):
            cells.append(GridCell(row, 3 + i, 1, 1, value))
        row += 1

    def group(label: str, reasons: tuple[str, ...]) -> None:
        stub(1, len(reasons), 1, label)
        for reason in reasons:
            stub(2, 1, 1, reason)
            data()

    stub(0, 1, 3, "一、本年新收政府信息公开申请数量")
    data()
    stub(0, 1, 3, "二、上年结转政府信息公开申请数量")
    data()
    stub(0, 22 if three.split_other else 20, 1, "三、本年度办理结果")
    stub(1, 1, 2, "（一）予以公开")
    data()
    stub(1, 1, 2, "（二）部分公开（区分处理的，只计这一情形，不计其他情形）")
    data()
    group("（三）不予公开", (REFUSALS[0], three.law, *REFUSALS[2:]))
    group("（四）无法提供", UNABLE)
    group("（五）不予处理", IGNORED)
    if three.split_other:
        group("（六）其他处理", OTHERS)
    else:
        stub(1, 1, 2, "（六）其他处理")
        data()
    stub(1, 1, 2, "（七）总计")
    data()
    stub(0, 1, 3, "四、结转下年度继续办理")
    data()
    widths = (1.2, 1.6, 4.1, 1.0, 1.0, 1.0, 1.0, 1.0, 0.9, 0.9)
    return Grid("three", "收到和处理政府信息公开申请情况", row, 10, tuple(cells), widths, 3)


def table_four(values: tuple[str, ...]) -> Grid:
    """政府信息公开行政复议、行政诉讼情况: fifteen columns, three header rows, one row of values."""
    cells = [GridCell(0, 0, 1, 5, "行政复议", "header"), GridCell(0, 5, 1, 10, "行政诉讼", "header")]
    cells += [GridCell(1, i, 2, 1, text, "header") for i, text in enumerate(OUTCOMES)]
    cells += [
        GridCell(1, 5, 1, 5, "未经复议直接起诉", "header"),
        GridCell(1, 10, 1, 5, "复议后起诉", "header"),
    ]
    cells += [GridCell(2, 5 + i, 1, 1, OUTCOMES[i % 5], "header") for i in range(10)]
    cells += [GridCell(3, i, 1, 1, value) for i, value in enumerate(values)]
    return Grid("four", "政府信息公开行政复议、行政诉讼情况", 4, 15, tuple(cells), (1.0,) * 15, 3)


def tables_of(report: Report) -> dict[str, Grid]:
    """All tables of a report by their key."""
    grids = {
        "two": table_two(report.sections, report.parens),
        "three": table_three(report.three, report.parens),
        "four": table_four(report.four),
    }
    for grid in grids.values():
        grid.owners()
    return grids
