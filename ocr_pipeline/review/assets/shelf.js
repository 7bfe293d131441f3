// The list of filings.
const STATES = { isDone: "chip right", isBegun: "chip", isNew: "chip plain", isBad: "chip broken" };

function stateOf(filing) {
  if (filing.problem) return "isBad";
  if (filing.done) return "isDone";
  return filing.begun ? "isBegun" : "isNew";
}

function filingRow(filing) {
  const file = make("td");
  const link = make("a", "", filing.title || filing.name);
  link.href = `/filing/${encodeURIComponent(filing.id)}`;
  file.append(filing.problem ? filing.name : link, make("small", "", filing.problem || (filing.title ? filing.name : "")));
  const count = (number, kind) => make("td", "number", number ? make("span", `chip ${kind}`, String(number)) : "0");
  const state = stateOf(filing);
  const row = make("tr", "", file, make("td", "number", String(filing.pages)), count(filing.doubts, ""), count(filing.broken, "broken"), make("td", "", make("span", STATES[state], word(state))));
  row.dataset.filing = filing.id;
  return row;
}

function showShelf() {
  speak();
  byId("language").textContent = language === "zh" ? "English" : "中文";
  document.title = word("shelf");
  const filings = data.filings;
  const doubts = filings.reduce((sum, filing) => sum + filing.doubts, 0);
  byId("total").textContent = word("total", filings.length, filings.filter((filing) => filing.done).length, doubts);
  const heads = [["file", ""], ["pagesHead", "number"], ["doubtsHead", "number"], ["brokenHead", "number"], ["state", ""]];
  document.querySelector("thead").replaceChildren(make("tr", "", ...heads.map(([key, kind]) => make("th", kind, word(key)))));
  document.querySelector("tbody").replaceChildren(...filings.map(filingRow));
  byId("none").hidden = filings.length > 0;
  byId("filings").hidden = filings.length === 0;
  byId("hint").hidden = filings.length === 0;
}

byId("language").addEventListener("click", () => { language = language === "zh" ? "en" : "zh"; showShelf(); });
showShelf();
document.documentElement.dataset.ready = "yes";
