// Corrections out and in: as a file, or to the server that gave the page.
const SCHEMA = "ocr-pipeline-corrections/1";
let savedState = "";

function corrections() {
  const list = items.filter((item) => item.settled).map((item) => (item.kind === "cell"
    ? { table: item.table.id, row: item.row, col: item.col, text: item.text, raw: item.raw }
    : { page: item.parts[0].page, block: item.block, text: item.text, raw: item.raw }));
  return { schema: SCHEMA, source: { sha256: data.sha256 }, done: byId("done").checked, corrections: list };
}

const isDirty = () => JSON.stringify(corrections()) !== savedState;

function showDirty() {
  const count = items.filter((item) => item.settled).length;
  byId("dirty").hidden = !isDirty();
  byId("dirty").textContent = String(count);
}

function tell(text, bad = false) {
  const message = byId("message");
  message.textContent = text;
  message.className = bad ? "bad" : "";
  message.hidden = false;
  clearTimeout(tell.timer);
  tell.timer = setTimeout(() => { message.hidden = true; }, bad ? 9000 : 3500);
}

async function save() {
  if (editing) endEdit(true);
  const content = corrections();
  const text = `${JSON.stringify(content, null, 1)}\n`;
  if (data.desk) {
    const failure = await post(text);
    if (failure !== null) { tell(word("notSaved", failure), true); return; }
    tell(word("saved", content.corrections.length));
  } else {
    download(text);
    tell(word("downloaded", content.corrections.length));
  }
  savedState = JSON.stringify(content);
  showDirty();
}

// null when the server has it, otherwise why not.
async function post(text) {
  try {
    const headers = { "Content-Type": "application/json", "X-Review-Token": data.desk.token };
    const answer = await fetch(data.desk.save, { method: "POST", headers, body: text });
    return answer.ok ? null : await answer.text();
  } catch {
    return word("noServer");
  }
}

function download(text) {
  const link = make("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = "corrections.json";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

// Puts saved corrections in; gives how many do not fit this document, or null when they are another document's.
function putIn(content) {
  if (content?.schema !== SCHEMA || content.source?.sha256 !== data.sha256 || !Array.isArray(content.corrections)) return null;
  const changed = [];
  for (const entry of content.corrections) {
    const item = entry.table === undefined ? pages[pageAt.get(entry.page)]?.items[entry.block] : cellOf(entry);
    if (!item || typeof entry.text !== "string" || (entry.raw ?? item.raw) !== item.raw) continue;
    item.text = entry.text;
    item.settled = true;
    changed.push(item);
  }
  byId("done").checked = content.done === true;
  refreshAround(changed);
  return content.corrections.length - changed.length;
}

function cellOf({ table, row, col }) {
  const item = tableOf.has(table) ? cellAt(tableOf.get(table), row, col) : null;
  return item && item.row === row && item.col === col ? item : null;
}

async function openFile(file) {
  let content = null;
  try { content = JSON.parse(await file.text()); } catch { /* told below */ }
  const misfits = putIn(content);
  if (misfits === null) { tell(word("notOurs"), true); return; }
  const count = content.corrections.length - misfits;
  tell(misfits ? word("skipped", count, misfits) : word("opened", count), misfits > 0);
}
