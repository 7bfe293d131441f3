// Correcting a reading where it stands.
let editing = null;

function startEdit(item) {
  if (!item || !item.shown || item.kind === "spot" || editing === item) return;
  if (editing) endEdit(true);
  if (chosen !== item) choose(item, results);
  showInResults(item);
  editing = item;
  const field = make("textarea");
  field.value = item.text;
  field.rows = 1;
  field.setAttribute("aria-label", word("edit"));
  item.shown.replaceChildren(field);
  const grow = () => { field.style.height = "0"; field.style.height = `${field.scrollHeight + 2}px`; };
  field.addEventListener("input", grow);
  field.addEventListener("blur", () => { if (editing === item) endEdit(true); });
  field.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.isComposing) return;
    if (event.key === "Escape") endEdit(false);
    else if (event.key === "Enter" && !event.shiftKey) endEdit(true);
    else if (event.key === "Tab") { endEdit(true); step(event.shiftKey ? -1 : 1); }
    else return;
    event.preventDefault();
  });
  grow();
  field.focus();
  field.select();
}

function endEdit(take) {
  const item = editing;
  const text = item.shown.querySelector("textarea").value;
  editing = null;
  item.shown.textContent = item.text;
  if (take && text !== item.text) setText(item, text);
  results.focus({ preventScroll: true });
}

function setText(item, text) {
  item.text = text;
  item.settled = true;
  refreshAround([item]);
}

function confirmReading(item) {
  if (!item || item.kind === "spot") return;
  item.settled = true;
  refreshAround([item]);
}

function undoCorrection(item) {
  if (!item || !item.settled) return;
  item.text = item.original;
  item.settled = false;
  refreshAround([item]);
}
