// The panel: the chosen reading, the checks and the list of doubts; and the marks that follow from their state.
let sortBy = "place";

const percent = (score) => `${Math.round(score * 100)}%`;
const plainText = (text) => text.replace(/\n/g, " ") || word("blank");
const placeOf = (item) => (item.kind === "cell" ? word("place", item.row + 1, item.col + 1) : word(item.role));

function flagChip(flag) {
  return make("span", `chip ${flag === "rule_broken" ? "broken" : flag === "settled" ? "right" : ""}`, word(flag));
}

function whereOf(item) {
  const page = item.parts[0].page + 1;
  if (item.kind !== "cell") return word("onPage", word(item.role), page);
  return word("inTable", item.table.title || item.table.id, item.row + 1, item.col + 1, page);
}

function facts(item) {
  const list = make("dl");
  const add = (key, ...values) => list.append(make("dt", "", word(key)), make("dd", "", ...values));
  if (item.others.length) add("others", ...item.others.slice(0, 9).map(otherButton));
  const flags = item.settled ? ["settled"] : [...liveFlags(item), ...(item.byPerson ? ["settled"] : [])];
  if (flags.length) add("why", ...flags.flatMap((flag) => [flagChip(flag), " "]));
  if (isChanged(item)) add("was", plainText(item.original));
  if (item.kind !== "spot") add("raw", item.raw === "" ? word("blank") : item.raw);
  if (item.score !== null) {
    const meter = make("meter");
    Object.assign(meter, { min: 0, max: 1, low: 0.6, high: 0.9, optimum: 1, value: item.score });
    add("score", meter, ` ${percent(item.score)}`);
  }
  if (item.kind === "cell") add("role", word(item.role));
  if (item.note || item.reason) add("note", item.note || item.reason);
  return list;
}

function otherButton(other, number) {
  const element = button("", () => setText(chosen, other.text), "other");
  element.append(make("kbd", "", String(number + 1)), other.text || word("blank"), make("small", "", percent(other.score)));
  return element;
}

function showChoice() {
  const panel = byId("choice");
  panel.replaceChildren(make("h2", "", word("chosen")));
  markListed();
  if (!chosen) { panel.append(make("div", "soft", word("nothing"))); return; }
  const canvas = make("canvas");
  canvas.hidden = true;
  panel.append(make("div", "where", whereOf(chosen)), canvas, make("div", chosen.text ? "now" : "now blank", chosen.text || word("blank")));
  if (chosen.kind !== "spot") {
    const undo = button(word("undo"), () => undoCorrection(chosen));
    undo.disabled = !chosen.settled;
    panel.append(make("div", "acts", button(word("edit"), () => startEdit(chosen), "strong"), button(word("confirm"), () => confirmReading(chosen)), undo));
  }
  panel.append(facts(chosen));
  for (const check of new Set(chosen.checks)) panel.append(checkLine(check));
  drawCrop(canvas, chosen);
}

// A check of the chosen cell in one line; the list below has it in full.
function checkLine(check) {
  const sums = check.state === "broken" && !check.unreadable ? ` (${check.nowFound} ≠ ${check.nowExpected})` : "";
  const line = button(check.rule + sums, () => relate(check.members), `mini ${check.state}`);
  line.addEventListener("pointerenter", () => relate(check.members));
  line.addEventListener("pointerleave", () => relate([]));
  return line;
}

function checkElement(check) {
  const element = make("div", `check ${check.state}`, make("div", "rule", check.rule));
  const sums = make("div", "sums", `${word("expected")} ${check.nowExpected} · ${word("found")} `, make("b", "", check.nowFound));
  if (check.state === "later") sums.replaceChildren(make("span", "chip", word("later")));
  else if (check.unreadable) sums.replaceChildren(make("span", "chip broken", word("unreadable")));
  else if (check.state === "ok" && !check.wasOk) sums.append(" ", make("span", "chip right", word("mended")));
  const places = make("div", "places", ...[...new Set(check.members)].map((item) => {
    const element = button(`${placeOf(item)}: ${plainText(item.text)}`, () => { choose(item); relate(check.members); });
    element.dataset.item = item.id;
    return element;
  }));
  element.append(sums, places);
  element.addEventListener("pointerenter", () => relate(check.members));
  element.addEventListener("pointerleave", () => relate([]));
  return element;
}

function showChecks() {
  const section = byId("checks");
  const listed = checks.filter((check) => check.state !== "ok" || !check.wasOk);
  const holding = checks.filter((check) => check.state === "ok" && check.wasOk);
  const wasOpen = section.querySelector("details")?.open ?? false;
  section.replaceChildren(make("h2", "", word("checks")), ...listed.map(checkElement));
  section.hidden = checks.length === 0;
  if (holding.length) {
    const details = make("details", "", make("summary", "", word("holding", holding.length)));
    const fill = () => { if (details.open && details.children.length === 1) details.append(...holding.map(checkElement)); };
    details.addEventListener("toggle", fill);
    details.open = wasOpen;
    section.append(details);
  }
  const broken = checks.filter((check) => check.state === "broken").length;
  const count = byId("check-count");
  count.textContent = broken ? word("broken", broken) : checks.length ? word("allHold", checks.length) : word("noChecks");
  count.className = `count ${broken ? "broken" : checks.length ? "right" : ""}`;
}

// Every item that is, or was at the start, in doubt.
const everDoubts = new Set();

function doubtOrder() {
  const list = inOrder.filter((item) => everDoubts.has(item));
  return sortBy === "place" ? list : list.sort((one, two) => badness(two) - badness(one) || one.order - two.order);
}

function showDoubts() {
  const list = make("ol");
  for (const item of doubtOrder()) {
    const entry = make("li", isDoubt(item) ? "" : "settled", make("span", "text", plainText(item.text)));
    const flags = liveFlags(item);
    if (!isDoubt(item)) entry.append(make("span", "chip right", "✓"));
    else entry.append(flags.length ? flagChip(flags[0]) : make("span", "chip", word("look")));
    entry.append(make("span", "at", `${word("pageShort", item.parts[0].page + 1)} ${item.kind === "cell" ? placeOf(item) : ""}`));
    entry.dataset.item = item.id;
    list.append(entry);
  }
  const order = button(word(sortBy === "place" ? "byPlace" : "byWorst"), () => { sortBy = sortBy === "place" ? "worst" : "place"; showDoubts(); }, "order");
  byId("doubts").replaceChildren(make("h2", "", word("doubtList"), order), list);
  byId("doubts").hidden = everDoubts.size === 0;
  countDoubts();
  markListed();
}

function countDoubts() {
  const open = [...everDoubts].filter(isDoubt).length;
  byId("doubt-count").textContent = open ? word("doubts", open, everDoubts.size) : word("noDoubts");
  byId("doubt-count").className = `count ${open ? "doubt" : "right"}`;
}

function markListed() {
  byId("doubts").querySelector("li.chosen")?.classList.remove("chosen");
  const entry = chosen && everDoubts.has(chosen) ? byId("doubts").querySelector(`li[data-item="${chosen.id}"]`) : null;
  if (!entry) return;
  entry.classList.add("chosen");
  entry.scrollIntoView({ block: "nearest" });
}

// Brings the looks of an item into line with its state.
function refresh(item) {
  const doubt = isDoubt(item);
  if (doubt) everDoubts.add(item);
  setMark(item, "doubt", doubt);
  setMark(item, "rule", doubt && liveFlags(item).includes("rule_broken"));
  setMark(item, "bad", doubt && item.score !== null && item.score < 0.6);
  setMark(item, "settled", item.settled || item.byPerson);
  if (!item.shown) return;
  // A reading that is sure in itself and doubtful for another reason would only puzzle with its "100%".
  if (doubt && item.score !== null && item.score < 0.95) item.shown.dataset.score = percent(item.score);
  else delete item.shown.dataset.score;
  if (item !== editing) item.shown.textContent = item.text;
  const why = [...liveFlags(item).map((flag) => word(flag)), item.reason].filter(Boolean);
  if (doubt && why.length) item.shown.title = why.join(" · ");
  else item.shown.removeAttribute("title");
}

// After a change: the arithmetic of its checks, and the looks of all cells that share them.
function refreshAround(list) {
  const touched = new Set(list.flatMap((item) => item.checks));
  touched.forEach(recheck);
  for (const item of new Set([...list, ...[...touched].flatMap((check) => check.members)])) refresh(item);
  showChecks();
  showDoubts();
  showChoice();
  showDirty();
}
