// Laying everything out, and what hands do: a few listeners on the panes serve all cells.
const itemUnder = (event) => {
  const element = event.target.closest?.("[data-id]");
  return element ? items[Number(element.dataset.id)] : null;
};

for (const pane of [paper, results]) {
  pane.addEventListener("pointerover", (event) => pointAt(itemUnder(event), pane));
  pane.addEventListener("pointerleave", () => pointAt(null, pane));
  pane.addEventListener("click", (event) => {
    const item = itemUnder(event);
    if (item && item !== editing) choose(item, pane);
  });
  pane.addEventListener("dblclick", (event) => startEdit(itemUnder(event)));
}
byId("doubts").addEventListener("click", (event) => {
  const entry = event.target.closest("li");
  if (entry) choose(items[Number(entry.dataset.item)]);
});

const takeOther = (number) => { if (chosen?.others[number]) setText(chosen, chosen.others[number].text); };
const KEYS = {
  n: () => step(1), p: () => step(-1),
  ArrowUp: () => move(-1, 0), ArrowDown: () => move(1, 0), ArrowLeft: () => move(0, -1), ArrowRight: () => move(0, 1),
  Enter: () => startEdit(chosen), F2: () => startEdit(chosen), e: () => startEdit(chosen), c: () => confirmReading(chosen),
  u: () => undoCorrection(chosen), s: () => save(), l: () => switchLanguage(), "?": () => showKeys(), Escape: () => choose(null),
  "+": () => setZoom(zoom * 1.25), "=": () => setZoom(zoom * 1.25), "-": () => setZoom(zoom / 1.25), 0: () => setZoom(1),
};
for (let number = 1; number <= 9; number++) KEYS[number] = () => takeOther(number - 1);

document.addEventListener("keydown", (event) => {
  const saving = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s";
  if (saving) { event.preventDefault(); save(); return; }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || byId("keys").open) return;
  if (event.target.closest("input, select, dialog")) return;
  if (event.key === "Enter" && event.target.closest("button, a, summary")) return;
  const action = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!action) return;
  event.preventDefault();
  action();
});
paper.addEventListener("wheel", (event) => {
  if (!event.ctrlKey) return;
  event.preventDefault();
  setZoom(zoom * (event.deltaY < 0 ? 1.1 : 1 / 1.1));
}, { passive: false });

function showKeys() {
  const rows = [["n p", "keyDoubts"], ["← ↑ ↓ →", "keyMove"], ["Enter", "keyEdit"], ["Enter Esc", "keyTake"], ["c", "keyConfirm"],
    ["1 2 …", "keyOther"], ["u", "keyUndo"], ["+ - 0", "keyZoom"], ["s", "keySave"], ["l", "keyLanguage"]];
  const list = make("dl");
  for (const [keys, key] of rows) {
    const names = make("dt");
    for (const name of keys.split(" ")) names.append(make("kbd", "", name), " ");
    list.append(names, make("dd", "", word(key)));
  }
  const dialog = byId("keys");
  dialog.replaceChildren(make("h2", "", word("keys")), list, make("p", "", button(word("close"), () => dialog.close())));
  if (!dialog.open) dialog.showModal();
}

function speakAll() {
  speak();
  byId("language").textContent = language === "zh" ? "English" : "中文";
  const { title, number, issuer } = data.filing;
  byId("title").textContent = title || data.name || word("untitled");
  byId("subtitle").textContent = [number, issuer, title ? data.name : "", word("pages", pages.length)].filter(Boolean).join(" · ");
  document.title = title || data.name || word("untitled");
  speakResults();
  items.forEach(refresh);
  showChecks();
  showDoubts();
  showChoice();
}

function switchLanguage() {
  if (editing) endEdit(true);
  language = language === "zh" ? "en" : "zh";
  speakAll();
}

byId("doubt-previous").addEventListener("click", () => step(-1));
byId("doubt-next").addEventListener("click", () => step(1));
byId("zoom-out").addEventListener("click", () => setZoom(zoom / 1.25));
byId("zoom-in").addEventListener("click", () => setZoom(zoom * 1.25));
byId("zoom-fit").addEventListener("click", () => setZoom(1));
byId("language").addEventListener("click", switchLanguage);
byId("help").addEventListener("click", showKeys);
byId("done").addEventListener("change", showDirty);
byId("save").addEventListener("click", save);
byId("open").addEventListener("change", (event) => {
  if (event.target.files.length) openFile(event.target.files[0]);
  event.target.value = "";
});
window.addEventListener("beforeunload", (event) => { if (isDirty()) event.preventDefault(); });
if (data.desk) {
  byId("back").href = data.desk.list;
  byId("back").hidden = false;
  byId("open-label").hidden = true;
}

// The address may name a page (#page-3) or a cell of a table (#t1-r6c2), counted from 1: workbooks link here.
function showAddressed() {
  const [, number] = location.hash.match(/^#page-(\d+)$/) ?? [];
  const [, id, row, col] = location.hash.match(/^#(t\d+)-r(\d+)c(\d+)$/) ?? [];
  const sheet = number ? pages[pageAt.get(number - 1)]?.sheet : null;
  if (sheet) paper.scrollTop += sheet.getBoundingClientRect().top - paper.getBoundingClientRect().top;
  const item = tableOf.has(id) ? cellAt(tableOf.get(id), row - 1, col - 1) : null;
  if (item) choose(item);
}
window.addEventListener("hashchange", showAddressed);

layPaper();
layResults();
speakAll();
savedState = JSON.stringify(corrections());
if (data.corrections) {
  putIn(data.corrections);
  savedState = JSON.stringify(corrections());
}
showDirty();
showAddressed();
document.documentElement.dataset.ready = "yes";
