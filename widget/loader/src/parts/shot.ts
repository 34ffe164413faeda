// From a file to a picture, and from a picture to what is sent.

import type { Kit } from "../kit";

/** The same as `ATTACHMENT_BYTES` in `shared/src/limits.rs`. */
const BYTES = 5 << 20;
/** Larger pictures are made smaller: a phone's camera takes more than its browser can hold twice. */
const PIXELS = 16e6;
/** Of the small one in the form. */
const THUMB_PIXELS = 20_000;

/** What can be drawn. */
export type Picture = CanvasImageSource & { width: number; height: number };

/** A copy with so many pixels at most. */
const copy = (picture: Picture, most: number): HTMLCanvasElement => {
  const canvas = document.createElement("canvas");
  const scale = Math.min(1, Math.sqrt(most / (picture.width * picture.height)));
  canvas.width = Math.max(1, picture.width * scale);
  canvas.height = Math.max(1, picture.height * scale);
  canvas.getContext("2d")!.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
};

/** As sharp as there is room for. */
const encode = async (canvas: HTMLCanvasElement): Promise<Blob> => {
  for (let type = "image/png"; ; type = "image/webp") {
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, type, 0.85));
    if (!blob) throw Error("no picture");
    if (blob.size <= BYTES) return blob;
    if (type !== "image/png") canvas = copy(canvas, (canvas.width * canvas.height) / 2);
  }
};

export default async (_: Kit, from: File | Picture): Promise<Picture | { blob: Blob; canvas: HTMLCanvasElement }> => {
  if (from instanceof File) {
    const bitmap = await createImageBitmap(from);
    const canvas = copy(bitmap, PIXELS);
    bitmap.close();
    return canvas;
  }
  const canvas = copy(from, PIXELS);
  return { blob: await encode(canvas), canvas: copy(canvas, THUMB_PIXELS) };
};
