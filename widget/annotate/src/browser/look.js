// @ts-check
// How the annotator looks: a sheet over everything, on phones to their edges.

export const css = `.ha{all:initial;color-scheme:light;--a:var(--hb-accent,#4f46e5);--s:var(--hb-surface,#fff);--t:var(--hb-text,#18181b);--m:color-mix(in srgb,var(--t) 72%,var(--s));--l:color-mix(in srgb,var(--t) 12%,var(--s));position:fixed;inset:16px;box-sizing:border-box;max-width:1200px;margin:auto;overflow:hidden auto;border:1px solid var(--l);border-radius:var(--hb-radius,12px);background:var(--s);color:var(--t);font:16px/24px var(--hb-font,system-ui,sans-serif);overflow-wrap:anywhere;box-shadow:0 16px 40px #00000052}
@media (prefers-color-scheme:dark){.ha{color-scheme:dark;--a:var(--hb-accent,#a5b4fc);--s:var(--hb-surface,#18181b);--t:var(--hb-text,#f4f4f5)}}
.ha[open]{display:flex;flex-direction:column;animation:ha .14s ease-out}
.ha:not([open]){display:none}
.ha::backdrop{background:#0008}
@keyframes ha{from{opacity:0}}
.ha *{box-sizing:border-box;margin:0;padding:0;border:0;min-width:0;font:inherit;color:inherit;background:none}
.ha :focus-visible{outline:2px solid var(--a);outline-offset:2px}
.ha h2{padding:16px 20px 8px;font-size:18px;font-weight:600}
.ha-bar{display:flex;flex-wrap:wrap;gap:4px;padding:0 12px 12px}
.ha button{display:flex;gap:8px;align-items:center;justify-content:center;min-height:44px;padding:8px 12px;border:1px solid #0000;border-radius:8px;font-size:14px;line-height:20px;font-weight:500;cursor:pointer}
.ha button:hover{background:var(--l)}
.ha [aria-pressed=true]{border-color:var(--a);background:color-mix(in srgb,var(--a) 12%,var(--s))}
.ha [aria-disabled=true]{color:color-mix(in srgb,var(--t) 45%,var(--s));cursor:default}
.ha svg{flex:none;width:20px;height:20px;fill:none;stroke:currentColor;stroke-width:1.75;stroke-linecap:round;stroke-linejoin:round}
.ha [name=redo] svg,.ha[dir=rtl] [name=undo] svg{transform:scaleX(-1)}
.ha[dir=rtl] [name=redo] svg{transform:none}
.ha-bar [name=undo]{margin-inline-start:auto}
.ha-stage{flex:1 0 160px;display:grid;place-items:center;overflow:hidden;margin:0 16px;border-radius:8px;background:var(--l)}
.ha canvas{display:block;touch-action:none;cursor:crosshair}
.ha canvas:focus-visible{outline-offset:-2px}
.ha p{padding:8px 20px 0;font-size:14px;line-height:20px;color:var(--m)}
.ha [role=status]{font-variant-numeric:tabular-nums;color:var(--t)}
.ha [role=status]:empty{padding:0}
.ha [role=status]:not(:empty)+p{display:none}
.ha-foot{display:flex;justify-content:flex-end;gap:12px;padding:12px 20px}
.ha [data-rank]{padding-inline:20px;font-size:16px;line-height:24px}
.ha [data-rank=side]{color:var(--m)}
.ha [data-rank=main]{background:var(--a);color:#fff;color:oklch(from var(--a) clamp(.2,(.7 - l)*99,1) 0 0)}
.ha [data-rank=main]:hover{background:color-mix(in srgb,var(--a) 88%,var(--t))}
@media (max-width:639px){.ha{inset:0;width:100%;max-width:none;height:100%;max-height:none;border:0;border-radius:0;padding:env(safe-area-inset-top) 0 env(safe-area-inset-bottom)}.ha-bar{flex-wrap:nowrap;padding-inline:8px}.ha-bar button{flex:1;padding:8px 0}.ha-bar span{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}.ha-stage{margin:0 8px}}
@media (forced-colors:active){.ha{--a:Highlight;--s:Canvas;--t:CanvasText;--l:Canvas}.ha button{border-color:ButtonText;background:ButtonFace;color:ButtonText!important}.ha [data-rank=main]{background:ButtonFace}.ha [aria-pressed=true]{border:3px solid Highlight}.ha [aria-disabled=true]{border-color:GrayText;color:GrayText!important}.ha-stage{border:1px solid CanvasText}}
@media (prefers-reduced-motion:reduce){.ha{animation:none!important}}`;

const SVG = "http://www.w3.org/2000/svg";

/** @type {Record<string, string>} */
const PATHS = {
  highlight: "M3 7V5a2 2 0 0 1 2-2h2M13 3h2a2 2 0 0 1 2 2v2M17 13v2a2 2 0 0 1-2 2h-2M7 17H5a2 2 0 0 1-2-2v-2M7 10h6",
  cover: "M3 6h14v8H3zM4 13l6-6M8 13l6-6M12 13l4-4",
  arrow: "M4 16L16 4M8 4h8v8",
  crop: "M6 2v12h12M2 6h12v12",
  undo: "M7 4L3 8l4 4M3 8h9a4 4 0 0 1 0 8H9",
  redo: "M7 4L3 8l4 4M3 8h9a4 4 0 0 1 0 8H9",
};

/** A picture for a tool, beside its name.
 * @param {string} name */
export const icon = (name) => {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  const path = svg.appendChild(document.createElementNS(SVG, "path"));
  path.setAttribute("d", PATHS[name]);
  return svg;
};
