// The chosen reading as printed, cut from the page picture.
const decoded = new Map();

function pagePicture(index) {
  if (!decoded.has(index)) {
    const source = pictureOf(index);
    if (!source) return Promise.reject(new Error("no picture"));
    const picture = new Image();
    picture.src = source;
    if (decoded.size >= 3) decoded.delete(decoded.keys().next().value);
    decoded.set(index, picture.decode().then(() => picture));
  }
  return decoded.get(index);
}

async function drawCrop(canvas, item) {
  const part = item.parts[0];
  const page = pages[pageAt.get(part.page)];
  if (!page) return;
  const picture = await pagePicture(part.page).catch(() => null);
  if (!picture || chosen !== item) return;
  const box = uprightBox(page, part.quad);
  const edge = 6 + 0.12 * Math.min(box.x1 - box.x0, box.y1 - box.y0);
  const [width, height] = [box.x1 - box.x0 + 2 * edge, box.y1 - box.y0 + 2 * edge];
  const scale = Math.min(300 / width, (height > 2 * width ? 260 : 120) / height, 3); // a label beside many rows stays legible
  const sharp = window.devicePixelRatio || 1;
  canvas.style.width = `${Math.round(width * scale)}px`;
  canvas.width = Math.max(1, Math.round(width * scale * sharp));
  canvas.height = Math.max(1, Math.round(height * scale * sharp));
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.scale(scale * sharp, scale * sharp);
  context.translate(edge - box.x0, edge - box.y0);
  context.transform(...turnOf(page));
  context.drawImage(picture, 0, 0, page.width, page.height);
  canvas.dataset.ready = item.id;
  canvas.hidden = false;
}
