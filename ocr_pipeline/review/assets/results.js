// The right side: the blocks in reading order, each table where it begins.
const results = byId("results");
const inOrder = [];

function place(item, element) {
  element.classList.add("reading");
  element.dataset.id = item.id;
  element.textContent = item.text;
  item.shown = element;
  item.marks.push(element);
  item.order = inOrder.length;
  inOrder.push(item);
  return element;
}

function tableRow(table, row, parts) {
  const line = make("tr");
  const part = parts.find((one) => one.first === row);
  const number = make("th", "", String(row + 1));
  if (part && parts.length > 1) {
    number.prepend(make("small"));
    number.firstChild.dataset.leaf = part.page + 1;
  }
  line.append(number);
  if (part && row > 0) line.className = "cut";
  for (let col = 0; col < table.cols; col++) {
    const item = cellAt(table, row, col);
    if (!item) { line.append(make("td", "hole")); continue; }
    if (item.row !== row || item.col !== col) continue;
    const cell = place(item, make("td", item.role));
    cell.rowSpan = item.rowSpan;
    cell.colSpan = item.colSpan;
    // The names of rows keep a readable width beside many columns of numbers.
    if (item.role === "row_header" && item.colSpan === 1) cell.style.minWidth = `${Math.min(item.text.length + 1, item.rowSpan > 2 ? 4.5 : 9)}em`;
    line.append(cell);
  }
  return line;
}

function tableElement(table) {
  const element = make("section", "table");
  element.style.containIntrinsicSize = `auto 600px auto ${table.rows * 29 + 60}px`;
  // A title that stands above the table as a block of its own is not said twice.
  const said = table.title && results.lastElementChild?.textContent === table.title;
  const title = make("h3", "", said ? "" : table.title || table.id, make("span"));
  title.lastChild.dataset.rows = table.rows;
  title.lastChild.dataset.cols = table.cols;
  const head = make("tr", "", make("th"));
  for (let col = 0; col < table.cols; col++) head.append(make("th", "", String(col + 1)));
  const body = make("table", "", head);
  for (let row = 0; row < table.rows; row++) body.append(tableRow(table, row, table.parts));
  element.append(title, make("div", "scroll", body));
  return element;
}

function layResults() {
  const waiting = tables.map((table) => ({ table, part: table.parts[0] ?? { page: 0, box: [0, 0, 0, 0] } }));
  for (const page of pages) {
    page.leaf = make("div", "leaf");
    results.append(page.leaf);
    if (page.status === "failed") results.append(make("p", "failed", page.message || word("failed")));
    const top = (box) => uprightBox(page, [box[0], box[1], box[2], box[3]]).y0;
    const here = waiting.filter(({ part }) => part.page === page.index).sort((one, two) => top(one.part.box) - top(two.part.box));
    for (const item of page.items) {
      while (here.length && top(here[0].part.box) < top(item.box)) results.append(tableElement(here.shift().table));
      results.append(place(item, make("p", item.role)));
    }
    for (const { table } of here) results.append(tableElement(table));
    for (const item of page.spots) results.append(place(item, make("p", "spot")));
  }
  for (const { table, part } of waiting) if (!pageAt.has(part.page)) results.append(tableElement(table));
}

function showInResults(item) {
  if (!item.shown) return;
  const view = results.getBoundingClientRect();
  const scroller = item.shown.closest(".scroll");
  let box = item.shown.getBoundingClientRect();
  if (scroller && scroller.scrollWidth > scroller.clientWidth) {
    const inner = scroller.getBoundingClientRect();
    if (box.left < inner.left || box.right > inner.right) {
      scroller.scrollLeft += (box.left + box.right - inner.left - inner.right) / 2;
      box = item.shown.getBoundingClientRect();
    }
  }
  keepInView(results, { left: 0, right: 0, top: box.top - view.top, bottom: box.bottom - view.top });
}

function speakResults() {
  for (const page of pages) {
    page.leaf.textContent = word("page", page.index + 1);
    if (page.number) page.number.textContent = word("page", page.index + 1);
  }
  for (const small of results.querySelectorAll("small[data-leaf]")) small.textContent = word("pageShort", small.dataset.leaf);
  for (const span of results.querySelectorAll("h3 span")) span.textContent = word("rows", span.dataset.rows, span.dataset.cols);
}
