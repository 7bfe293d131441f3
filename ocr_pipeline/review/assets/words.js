// The words of the interface. Texts of the document are never looked up here.
const WORDS = {
  en: {
    back: "← All filings", paper: "Page images", results: "Readings", untitled: "Untitled document",
    pages: "pages: {0}", page: "Page {0}", doubts: "Doubts open: {0} of {1}", noDoubts: "No doubts open",
    broken: "Broken checks: {0}", allHold: "All {0} checks hold", noChecks: "No checks",
    previousDoubt: "Previous doubt (p)", nextDoubt: "Next doubt (n)", zoomOut: "Smaller (-)", zoomFit: "Fit the width (0)",
    zoomIn: "Larger (+)", help: "Keys (?)", done: "All looked at", open: "Open…", openTip: "Go on with a saved corrections.json",
    save: "Save", saveTip: "Save the corrections (s)", saved: "Corrections saved: {0}.", downloaded: "corrections.json saved to your downloads, corrections: {0}.",
    notSaved: "Not saved: {0}", noServer: "the server does not answer.", notOurs: "That is not a corrections file of this document.",
    opened: "Corrections put in: {0}.", skipped: "Corrections put in: {0}; not fitting this document: {1}.",
    chosen: "Chosen reading", nothing: "Point at a cell or a line, or press n for the first doubt.",
    inTable: "Table {0} · row {1}, column {2} · page {3}", onPage: "{0} · page {1}", blank: "(blank)",
    edit: "Correct", confirm: "It is right", undo: "Undo", raw: "As read", score: "Score", others: "Other readings", why: "Why",
    note: "Note", was: "Was", role: "Part", checks: "Checks", holding: "Checks that hold: {0}", expected: "expected", found: "found",
    mended: "mended", later: "to be checked again by apply", unreadable: "not a number",
    doubtList: "Doubts", byPlace: "in page order", byWorst: "worst first", failed: "This page could not be read.",
    rows: "{0} rows × {1} columns", place: "r{0} c{1}", pageShort: "p. {0}", seal: "Seal", look: "Have a look", keys: "Keys",
    shelf: "Filings", file: "File", pagesHead: "Pages", doubtsHead: "Open doubts", brokenHead: "Broken checks", state: "State",
    isDone: "done", isBegun: "begun", isNew: "not begun", isBad: "cannot be read", noFilings: "No processed filings in this folder.",
    total: "Filings: {0}, done: {1}, open doubts: {2}", applyHint: "Corrections are kept as corrections.json beside each document; put them into the exports with:",
    low_score: "unsure reading", rule_broken: "a rule does not hold", repaired: "repaired by a rule", under_seal: "under a seal",
    unread_ink: "ink that was not read", unparsed_number: "not a number", invented_edge: "ruling not seen", corrected: "put right by its column", settled: "corrected or confirmed",
    document_number: "Document number", title: "Title", recipient: "Recipient", heading: "Heading", paragraph: "Paragraph",
    table_title: "Table title", signature: "Signature", date: "Date", copies: "Copies to", printed: "Printed",
    header: "Page header", footer: "Page footer", page_number: "Page number", figure: "Figure", other: "Other",
    column_header: "Column header", row_header: "Row header", stub_head: "Corner header", section: "Section", data: "Value",
    keyDoubts: "next, previous doubt", keyMove: "move between cells", keyEdit: "correct the reading", keyTake: "leave the editor: take, drop",
    keyConfirm: "the reading is right", keyOther: "take another reading", keyUndo: "undo the correction", keyZoom: "zoom, fit", keySave: "save", keyLanguage: "中文 / English", close: "Close",
  },
  zh: {
    back: "← 全部文件", paper: "页面图像", results: "识别结果", untitled: "无标题文件",
    pages: "共 {0} 页", page: "第 {0} 页", doubts: "待核 {0} / {1} 处", noDoubts: "没有待核内容",
    broken: "{0} 条勾稽不符", allHold: "{0} 条勾稽全部相符", noChecks: "无勾稽关系",
    previousDoubt: "上一处疑点 (p)", nextDoubt: "下一处疑点 (n)", zoomOut: "缩小 (-)", zoomFit: "适合宽度 (0)",
    zoomIn: "放大 (+)", help: "快捷键 (?)", done: "全部核完", open: "打开…", openTip: "接着已保存的 corrections.json 继续",
    save: "保存", saveTip: "保存更正 (s)", saved: "已保存 {0} 处更正。", downloaded: "corrections.json 已下载：{0} 处更正。",
    notSaved: "未保存：{0}", noServer: "服务器没有回应。", notOurs: "这不是本文件的更正记录。",
    opened: "已载入 {0} 处更正。", skipped: "已载入 {0} 处更正，{1} 处与本文件不符。",
    chosen: "当前内容", nothing: "指向单元格或文字，或按 n 跳到第一处疑点。",
    inTable: "表 {0} · 第 {1} 行第 {2} 列 · 第 {3} 页", onPage: "{0} · 第 {1} 页", blank: "（空白）",
    edit: "更正", confirm: "无误", undo: "撤销", raw: "原始识别", score: "可信度", others: "其他读法", why: "疑点",
    note: "说明", was: "原为", role: "类别", checks: "勾稽关系", holding: "{0} 条相符", expected: "应为", found: "实为",
    mended: "已改正", later: "待 apply 重新核算", unreadable: "不是数字",
    doubtList: "疑点", byPlace: "按页面顺序", byWorst: "按严重程度", failed: "此页未能识别。",
    rows: "{0} 行 × {1} 列", place: "{0}行{1}列", pageShort: "{0} 页", seal: "印章", look: "请查看", keys: "快捷键",
    shelf: "文件列表", file: "文件", pagesHead: "页数", doubtsHead: "待核疑点", brokenHead: "勾稽不符", state: "状态",
    isDone: "已核完", isBegun: "进行中", isNew: "未开始", isBad: "无法读取", noFilings: "此文件夹中没有处理过的文件。",
    total: "共 {0} 份，已核完 {1} 份，待核 {2} 处", applyHint: "更正保存在各文件旁的 corrections.json 中；写入全部导出文件：",
    low_score: "识别不确定", rule_broken: "与规则不符", repaired: "按规则修复", under_seal: "印章遮盖",
    unread_ink: "有未识别的墨迹", unparsed_number: "不是数字", invented_edge: "框线缺失", corrected: "按所在列改正", settled: "已更正或确认",
    document_number: "发文字号", title: "标题", recipient: "主送机关", heading: "小标题", paragraph: "正文",
    table_title: "表题", signature: "落款", date: "成文日期", copies: "抄送", printed: "印发",
    header: "页眉", footer: "页脚", page_number: "页码", figure: "图", other: "其他",
    column_header: "列标题", row_header: "行标题", stub_head: "表角", section: "分节", data: "数值",
    keyDoubts: "下一处、上一处疑点", keyMove: "在单元格间移动", keyEdit: "更正", keyTake: "结束编辑：采用、放弃",
    keyConfirm: "确认无误", keyOther: "采用其他读法", keyUndo: "撤销更正", keyZoom: "缩放、适合宽度", keySave: "保存", keyLanguage: "English / 中文", close: "关闭",
  },
};
let language = (navigator.language || "").startsWith("zh") ? "zh" : "en";

function word(key, ...values) {
  const text = WORDS[language][key] ?? key;
  return text.replace(/\{(\d)\}/g, (_, number) => String(values[Number(number)]));
}

// Fills the fixed parts of the page: data-word is the text, data-tip the tooltip, data-label the name for screen readers.
function speak() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = word(element.dataset.word);
  for (const element of document.querySelectorAll("[data-tip]")) element.title = word(element.dataset.tip);
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", word(element.dataset.label));
}
