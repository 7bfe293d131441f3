// The left side: each page as one drawing in source pixels, its picture below and a shape over every cell and block.
// Pictures are decoded when their page comes near the view.
const paper = byId("paper");
const pictures = new Map([...document.querySelectorAll("script[data-picture]")].map((script) => [Number(script.dataset.picture), script]));
let zoom = 1;

const pictureOf = (index) => (pictures.has(index) ? `data:image/jpeg;base64,${pictures.get(index).textContent}` : null);
const isTurned = (page) => page.orientation === 90 || page.orientation === 270;
const uprightSize = (page) => (isTurned(page) ? [page.height, page.width] : [page.width, page.height]);

// The map from source pixels to the page as it is shown upright: x' = a x + c y + e, y' = b x + d y + f.
function turnOf(page) {
  const { width, height } = page;
  return { 90: [0, 1, -1, 0, height, 0], 180: [-1, 0, 0, -1, width, height], 270: [0, -1, 1, 0, 0, width] }[page.orientation] ?? [1, 0, 0, 1, 0, 0];
}

function uprightBox(page, quad) {
  const [a, b, c, d, e, f] = turnOf(page);
  const xs = [], ys = [];
  for (let i = 0; i < quad.length; i += 2) {
    xs.push(a * quad[i] + c * quad[i + 1] + e);
    ys.push(b * quad[i] + d * quad[i + 1] + f);
  }
  return { x0: Math.min(...xs), y0: Math.min(...ys), x1: Math.max(...xs), y1: Math.max(...ys) };
}

function sheetOf(page) {
  const [width, height] = uprightSize(page);
  const sheet = make("section", "sheet");
  sheet.style.aspectRatio = `${width} / ${height}`;
  sheet.dataset.page = page.index;
  const drawing = drawn("svg", { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none" });
  const turned = drawn("g", { transform: `matrix(${turnOf(page).join(" ")})` });
  page.picture = drawn("image", { width: page.width, height: page.height, preserveAspectRatio: "none" });
  page.shapes = drawn("g", {});
  turned.append(page.picture, page.shapes);
  drawing.append(turned);
  page.number = make("span", "number");
  sheet.append(drawing, page.number);
  page.sheet = sheet;
  return sheet;
}

function drawShapes() {
  const rank = { spot: 0, block: 1, cell: 2 };
  for (const item of [...items].sort((one, two) => rank[one.kind] - rank[two.kind])) {
    for (const part of item.parts) {
      const page = pages[pageAt.get(part.page)];
      if (!page?.shapes) continue;
      const shape = drawn("polygon", { points: part.quad.join(" "), class: `mark ${item.kind}`, "data-id": item.id });
      page.shapes.append(shape);
      item.marks.push(shape);
    }
  }
}

function showPicture(page) {
  const source = pictureOf(page.index);
  if (source) page.picture.setAttribute("href", source);
}

function layPaper() {
  for (const page of pages) if (page.width > 0 && page.height > 0) paper.append(sheetOf(page));
  drawShapes();
  const watcher = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      const page = pages[pageAt.get(Number(target.dataset.page))];
      watcher.unobserve(target);
      setTimeout(() => showPicture(page), 20); // after the frame, so that a highlight does not wait for a picture
    }
  }, { root: paper, rootMargin: "60% 0px" });
  for (const sheet of paper.children) watcher.observe(sheet);
}

function setZoom(value) {
  const box = paper.getBoundingClientRect();
  const middle = [(paper.scrollLeft + box.width / 2) / paper.scrollWidth, (paper.scrollTop + box.height / 2) / paper.scrollHeight];
  zoom = Math.min(6, Math.max(0.25, value));
  paper.style.setProperty("--zoom", zoom);
  byId("zoom-fit").textContent = `${Math.round(zoom * 100)}%`;
  paper.scrollLeft = middle[0] * paper.scrollWidth - box.width / 2;
  paper.scrollTop = middle[1] * paper.scrollHeight - box.height / 2;
}

// Brings the first part of an item into view, from its coordinates: pages out of view need no layout for that.
function showOnPaper(item) {
  const part = item.parts[0];
  const page = pages[pageAt.get(part.page)];
  if (!page?.sheet) return;
  const box = uprightBox(page, part.quad);
  const [width, height] = uprightSize(page);
  const sheet = page.sheet.getBoundingClientRect();
  const view = paper.getBoundingClientRect();
  const at = (value, whole, length, start) => start + (value / whole) * length;
  keepInView(paper, {
    left: at(box.x0, width, sheet.width, sheet.left - view.left), right: at(box.x1, width, sheet.width, sheet.left - view.left),
    top: at(box.y0, height, sheet.height, sheet.top - view.top), bottom: at(box.y1, height, sheet.height, sheet.top - view.top),
  });
}

// Scrolls a pane so that a rectangle (relative to the pane's view) is in its middle, unless it is in view already.
function keepInView(pane, { left, right, top, bottom }) {
  const [width, height, edge] = [pane.clientWidth, pane.clientHeight, 24];
  if (top < edge || bottom > height - edge) pane.scrollTop += bottom - top > height ? top - edge : (top + bottom - height) / 2;
  if (left < 0 || right > width) pane.scrollLeft += right - left > width ? left - edge : (left + right - width) / 2;
}
