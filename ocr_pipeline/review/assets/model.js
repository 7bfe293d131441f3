// The document as the page works with it: one item for each cell and block, and for each further thing to look at.
//
// An item: kind (cell, block, spot), text (as it stands now), original (as it came), settled (a person corrected or
// confirmed it here), byPerson (or did so before, and it is in the document), parts [{page, quad}], marks (the elements that stand for it, on paper and among the results).
const items = [];
const pages = data.pages;
const pageAt = new Map(pages.map((page, place) => [page.index, place]));

function addItem(kind, record, parts, more) {
  const item = {
    id: items.length, kind, parts, role: record.role ?? "other", text: record.text, original: record.text, raw: record.raw ?? "",
    score: record.score ?? null, flags: record.flags ?? [], byPerson: record.byPerson ?? false, others: record.others ?? [], note: record.note ?? "",
    settled: false, severity: null, reason: "", checks: [], marks: [], shown: null, order: 0, ...more,
  };
  items.push(item);
  return item;
}

for (const page of pages) {
  page.items = page.blocks.map((block, number) =>
    addItem("block", block, [{ page: page.index, quad: block.quad }], { block: number, box: block.box }));
  page.spots = [];
}
const tables = data.tables.map((table) => {
  table.grid = new Array(table.rows * table.cols);
  table.items = table.cells.map((cell) => {
    const item = addItem("cell", cell, cell.parts, { table, row: cell.row, col: cell.col, rowSpan: cell.rowSpan, colSpan: cell.colSpan });
    for (let row = cell.row; row < Math.min(table.rows, cell.row + cell.rowSpan); row++)
      for (let col = cell.col; col < Math.min(table.cols, cell.col + cell.colSpan); col++) table.grid[row * table.cols + col] = item;
    return item;
  });
  return table;
});
const tableOf = new Map(tables.map((table) => [table.id, table]));

function cellAt(table, row, col) {
  const inside = row >= 0 && col >= 0 && row < table.rows && col < table.cols;
  return inside ? table.grid[row * table.cols + col] : undefined;
}

// The review list: what it says of a cell or block goes to that item, a seal or a page becomes an item of its own.
for (const point of data.review) {
  const page = pages[pageAt.get(point.page)];
  let item = null;
  if (point.kind === "cell") item = tableOf.has(point.table) ? cellAt(tableOf.get(point.table), point.row, point.col) : null;
  else if (point.kind === "block") item = page?.items.find((block) => String(block.box) === String(point.box));
  else if (point.kind !== "check" && page) {
    const [x0, y0, x1, y1] = point.box ?? [0, 0, page.width, page.height];
    const text = point.text || point.reason;
    item = addItem("spot", { text, role: point.kind === "seal" ? "seal" : "look" }, [{ page: point.page, quad: [x0, y0, x1, y0, x1, y1, x0, y1] }], {});
    page.spots.push(item);
  }
  if (!item) continue;
  item.severity = Math.max(item.severity ?? 0, point.severity);
  item.reason = item.reason || point.reason;
}

// What speaks against an item now: its flags, with the arithmetic as it stands at this moment.
function liveFlags(item) {
  const known = item.checks.length > 0 && item.checks.every((check) => check.state !== "later");
  const flags = (item.byPerson ? [] : item.flags).filter((flag) => !(flag === "rule_broken" && known));
  const broken = item.checks.some((check) => check.state === "broken");
  if (broken && (item.flags.includes("rule_broken") || item.checks.some((check) => check.touched))) flags.push("rule_broken");
  return [...new Set(flags)];
}

function isDoubt(item) {
  if (item.settled || item.byPerson) return false;
  if (item.kind === "spot") return true;
  return liveFlags(item).length > 0 || (item.severity !== null && item.flags.length === 0);
}

const badness = (item) => item.severity ?? 1 - (item.score ?? 1);
const isChanged = (item) => item.text !== item.original;
