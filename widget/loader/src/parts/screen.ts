// A picture of the screen, for what a copy of the page cannot show. What is masked is covered on the page itself, from
// before the browser asks what to capture until the picture is taken: no frame is ever without the covers.

import type { Kit } from "../kit";
import { happens, within } from "../pure";
import { COVER, MASKED } from "./_mask";

const FRAME_MS = 5000;
const PIXELS = 8e6;

/** The boxes of all that is masked; a frame that cannot be looked into is masked as a whole. */
const masked = (root: ParentNode, x = 0, y = 0): number[][] =>
  [...root.querySelectorAll("*")].flatMap((element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    const frame = /^(iframe|frame|object|embed)$/.test(element.localName);
    const inner = frame ? (element as HTMLIFrameElement).contentDocument : element.shadowRoot;
    if (element.localName === "hearback-widget") return [];
    if (element.matches(MASKED) || (frame && !inner)) return [[left + x, top + y, width, height]];
    if (!inner) return [];
    return frame ? masked(inner, x + left + element.clientLeft, y + top + element.clientTop) : masked(inner, x, y);
  });

const frame = () => new Promise((next) => requestAnimationFrame(next));

export default async ({ launcher }: Kit, panel: HTMLElement): Promise<HTMLCanvasElement> => {
  const layer = launcher.getRootNode().appendChild(document.createElement("div"));
  layer.popover = "manual";
  layer.style.cssText = "all:initial;position:fixed;inset:0;width:100%;height:100%;overflow:hidden;touch-action:none";
  // The page stands still meanwhile: a picture of it moving could be a step ahead of the covers.
  layer.addEventListener("wheel", (event) => event.preventDefault());
  let on = true;
  const draw = () => {
    layer.replaceChildren(
      ...masked(document).map(([left, top, width, height]) => {
        const box = document.createElement("div");
        box.style.cssText = `position:fixed;left:${left}px;top:${top}px;width:${width}px;height:${height}px;background:${COVER};forced-color-adjust:none`;
        return box;
      }),
    );
  };
  const follow = () => {
    if (!on) return;
    draw();
    requestAnimationFrame(follow);
  };
  // What is put into the page is covered before it is seen.
  const observer = new MutationObserver(draw);
  const ours = [panel, launcher];
  let stream: MediaStream | undefined;
  try {
    layer.showPopover?.();
    follow();
    observer.observe(document, { subtree: true, childList: true, attributes: true });
    for (const element of ours) element.style.visibility = "hidden";
    await frame();
    await frame();
    const wanted = { video: true, preferCurrentTab: true, selfBrowserSurface: "include" };
    stream = await navigator.mediaDevices.getDisplayMedia(wanted);
    const video = document.createElement("video");
    const there = happens(video, "loadeddata");
    video.muted = true;
    video.srcObject = stream;
    await video.play();
    await within(FRAME_MS, there);
    const canvas = document.createElement("canvas");
    const scale = Math.min(1, Math.sqrt(PIXELS / (video.videoWidth * video.videoHeight)));
    canvas.width = video.videoWidth * scale;
    canvas.height = video.videoHeight * scale;
    if (!canvas.width) throw Error("no frame came");
    canvas.getContext("2d")!.drawImage(video, 0, 0, canvas.width, canvas.height);
    return canvas;
  } finally {
    on = false;
    observer.disconnect();
    stream?.getTracks().forEach((track) => track.stop());
    layer.remove();
    for (const element of ours) element.style.visibility = "";
  }
};
