// What is pointed at (hot) and what is chosen, marked on both sides at once.
let hot = null;
let chosen = null;
let related = [];

const setMark = (item, name, on) => { for (const mark of item.marks) mark.classList.toggle(name, on); };

function pointAt(item, from) {
  if (item === hot) return;
  if (hot) setMark(hot, "hot", false);
  hot = item;
  if (!item) return;
  setMark(item, "hot", true);
  if (from === results) showOnPaper(item);
  else if (from === paper) showInResults(item);
}

function choose(item, from = null) {
  relate([]);
  if (chosen) setMark(chosen, "chosen", false);
  chosen = item;
  if (item) {
    setMark(item, "chosen", true);
    if (from !== paper) showOnPaper(item);
    if (from !== results) showInResults(item);
  }
  showChoice();
}

function relate(list) {
  for (const item of related) setMark(item, "related", false);
  related = list;
  for (const item of list) setMark(item, "related", true);
}

function step(direction) {
  const open = doubtOrder().filter((item) => item === chosen || isDoubt(item));
  if (!open.length) return;
  let at = open.indexOf(chosen);
  if (at < 0 && chosen && sortBy === "place") at = open.filter((item) => item.order < chosen.order).length - (direction > 0 ? 1 : 0);
  else if (at < 0) at = direction > 0 ? -1 : 0;
  const next = open[(at + direction + open.length) % open.length];
  if (isDoubt(next)) choose(next);
}

function move(rows, cols) {
  if (!chosen) { if (inOrder.length) choose(inOrder[0]); return; }
  let next;
  if (chosen.kind === "cell") {
    let row = rows > 0 ? chosen.row + chosen.rowSpan : chosen.row + rows;
    let col = cols > 0 ? chosen.col + chosen.colSpan : chosen.col + cols;
    const inside = () => row >= 0 && col >= 0 && row < chosen.table.rows && col < chosen.table.cols;
    while (inside() && !(next = cellAt(chosen.table, row, col))) { row += rows; col += cols; }
    if (!next && rows) {
      const order = chosen.table.items.map((item) => item.order);
      next = inOrder[rows > 0 ? Math.max(...order) + 1 : Math.min(...order) - 1];
    }
  } else next = inOrder[chosen.order + (rows || cols)];
  if (next) choose(next);
}
