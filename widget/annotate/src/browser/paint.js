// @ts-check
// A scene on a canvas: the same for the screen and for the picture that is sent.

/** Where what stands in a scene; see ../scene.rs. */
export const Place = { WIDTH: 0, HEIGHT: 1, AREA: 2, TOOL: 6, UNDO: 7, REDO: 8, DRAFT: 9, WEIGHT: 10, X: 11, SHAPES: 15 };

const [HIGHLIGHT, COVER, ARROW, CROP] = Array(4).keys();
/** Colours of the marks, which are part of the picture and follow no theme. */
const YELLOW = "#facc15";
const RED = "#dc2626";
const BLACK = "#18181b";
const WHITE = "#fff";

/** Makes the canvas as large as the scene and draws it.
 * @param {HTMLCanvasElement} canvas @param {CanvasImageSource} picture @param {Float64Array} scene
 * @param {number} ratio pixels of the canvas to a unit of the scene */
export const paint = (canvas, picture, scene, ratio) => {
  const [width, height, x, y, w, h] = scene;
  canvas.width = Math.max(1, Math.round(width * ratio));
  canvas.height = Math.max(1, Math.round(height * ratio));
  canvas.style.width = width + "px";
  canvas.style.height = height + "px";
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, x, y, w, h, 0, 0, canvas.width, canvas.height);
  pen.scale(ratio, ratio);
  pen.lineWidth = scene[Place.WEIGHT];
  for (let at = Place.SHAPES; at < scene.length; ) {
    const [tool, count] = scene.slice(at, at + 2);
    shape(pen, tool, scene.slice(at + 2, at + 2 + count), width, height);
    at += 2 + count;
    if (scene[Place.DRAFT] && at === scene.length) handle(pen, scene.slice(at - count, at));
  }
  return canvas;
};

/** @param {CanvasRenderingContext2D} pen @param {number} tool @param {Float64Array} numbers @param {number} width @param {number} height */
const shape = (pen, tool, numbers, width, height) => {
  const [x, y, w, h] = numbers;
  if (tool === COVER) {
    pen.fillStyle = BLACK;
    pen.fillRect(x, y, w, h);
  }
  if (tool === HIGHLIGHT) {
    pen.fillStyle = YELLOW + "40";
    pen.fillRect(x, y, w, h);
    pen.strokeStyle = YELLOW;
    pen.strokeRect(x, y, w, h);
  }
  if (tool === ARROW) {
    const path = polygon(numbers);
    // A rim makes it stand out from whatever lies under it.
    pen.strokeStyle = WHITE;
    pen.lineJoin = "round";
    pen.stroke(path);
    pen.fillStyle = RED;
    pen.fill(path);
  }
  if (tool === CROP) {
    const around = new Path2D();
    around.rect(0, 0, width, height);
    around.rect(x, y, w, h);
    pen.fillStyle = BLACK + "99";
    pen.fill(around, "evenodd");
  }
};

/** What is only being made has a dashed line around it, light and dark, which shows on everything.
 * @param {CanvasRenderingContext2D} pen @param {Float64Array} numbers */
const handle = (pen, numbers) => {
  const path = numbers.length > 4 ? polygon(numbers) : new Path2D();
  if (numbers.length === 4) path.rect(numbers[0], numbers[1], numbers[2], numbers[3]);
  pen.lineWidth = 2;
  pen.strokeStyle = WHITE;
  pen.stroke(path);
  pen.setLineDash([6, 6]);
  pen.strokeStyle = BLACK;
  pen.stroke(path);
  pen.setLineDash([]);
};

/** @param {Float64Array} numbers */
const polygon = (numbers) => {
  const path = new Path2D();
  for (let at = 0; at < numbers.length; at += 2) path.lineTo(numbers[at], numbers[at + 1]);
  path.closePath();
  return path;
};
