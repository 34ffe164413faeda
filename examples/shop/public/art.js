// The shop's drawings. Colours come from the tone's custom properties, so that dark mode is a choice and not a filter.

const MOTIFS = {
  sprig: `<path class="line" d="M100 196v-58"/><path class="mark" d="M100 172c-18-2-27-13-28-29 17 1 27 12 28 29zM100 158c18-2 27-13 28-29-17 1-27 12-28 29zM100 142c-7-10-7-22 0-33 7 11 7 23 0 33z"/>`,
  rails: `<path class="line" d="M78 192l12-70M122 192l-12-70M80 180h40M83 164h34M86 149h28M88 135h24"/><circle class="mark" cx="100" cy="119" r="10"/>`,
  blossom: `<g class="mark">${[0, 72, 144, 216, 288].map((turn) => `<path transform="rotate(${turn} 100 154)" d="M100 151c-13-8-13-25 0-33 13 8 13 25 0 33z"/>`).join("")}</g><circle class="dot" cx="100" cy="154" r="7"/>`,
  waves: `<path class="line" d="M66 146c11-10 23-10 34 0s23 10 34 0M66 164c11-10 23-10 34 0s23 10 34 0M66 182c11-10 23-10 34 0s23 10 34 0"/><path class="mark" d="M100 112l14 22H86z"/>`,
  apple: `<path class="mark" d="M100 140c-10-8-30-6-30 16 0 20 14 36 24 36 3 0 4-2 6-2s3 2 6 2c10 0 24-16 24-36 0-22-20-24-30-16z"/><path class="line" d="M100 140c0-8 2-14 8-19"/><path class="dot" d="M108 124c5-8 13-10 21-7-4 8-12 11-21 7z"/>`,
  moon: `<path class="mark" d="M116 184a34 34 0 1 1-4-62 27 27 0 0 0 4 62z"/><g class="dot"><circle cx="127" cy="136" r="3.5"/><circle cx="136" cy="160" r="2.5"/><circle cx="118" cy="156" r="2"/></g>`,
  needle: `<path class="mark" d="M100 114c9 22 9 50 0 78-9-28-9-56 0-78z"/><path class="line" d="M78 190c-4-24-1-42 10-58M122 190c4-24 1-42-10-58"/><path class="line" d="M64 196h72"/>`,
  mint: `<path class="mark" d="M98 160c-22 4-34-4-38-20 18-6 33 2 38 20zM102 160c22 4 34-4 38-20-18-6-33 2-38 20zM100 148c-11-12-11-24 0-36 11 12 11 24 0 36z"/><path class="line" d="M100 150v44"/>`,
};

/** A tea tin with the tea's mark on its label.
 * @param {{motif: string, name: string}} tea */
export function tin(tea) {
  return `<svg class="tin" viewBox="0 0 200 240" role="img" aria-label="A tin of ${tea.name}">
    <ellipse class="shade" cx="100" cy="222" rx="66" ry="8"/>
    <path class="body" d="M40 66h120v144c0 6-4 10-10 10H50c-6 0-10-4-10-10z"/>
    <path class="edge" d="M40 66h18v154h-8c-6 0-10-4-10-10z"/>
    <path class="lid" d="M36 44c0-6 4-10 10-10h108c6 0 10 4 10 10v18c0 4-2 6-6 6H42c-4 0-6-2-6-6z"/>
    <path class="rim" d="M36 56h128v4H36z"/>
    <rect class="label" x="52" y="98" width="96" height="106" rx="4"/>
    <path class="rule" d="M60 104h80"/>${MOTIFS[tea.motif]}</svg>`;
}

/** The kettle of the front page. */
export const KETTLE = `<svg class="kettle" viewBox="0 0 480 380" aria-hidden="true">
  <circle class="k-sun" cx="300" cy="168" r="140"/>
  <path class="k-steam" d="M86 116c-20-22 18-34 0-60M112 104c-16-18 14-28 0-50"/>
  <path class="k-handle" d="M190 138c0-84 172-84 172 0"/>
  <path class="k-spout" d="M176 214c-34 0-42-62-84-74l16-16c54 10 58 46 90 46z"/>
  <path class="k-body" d="M150 254c0-76 46-118 126-118s126 42 126 118c0 44-24 72-56 72H206c-32 0-56-28-56-72z"/>
  <path class="k-light" d="M176 250c0-50 24-82 64-94-24 20-36 50-36 92 0 28 8 48 20 60-30-4-48-26-48-58z"/>
  <path class="k-lid" d="M226 138c4-24 96-24 100 0z"/><circle class="k-knob" cx="276" cy="112" r="11"/>
  <path class="k-leaf" d="M276 282c-36-4-54-26-54-60 34 2 54 24 54 60zM280 268c4-36 26-52 58-52 0 34-22 52-58 52z"/>
  <path class="k-vein" d="M276 304c0-28-14-50-34-64M279 282c8-20 24-36 42-48"/>
  <rect class="k-base" x="120" y="326" width="312" height="10" rx="5"/>
</svg>`;

/** An empty cup, for an empty cart. */
export const CUP = `<svg class="cup" viewBox="0 0 160 120" aria-hidden="true">
  <path class="k-steam" d="M62 34c-10-10 10-16 0-28M86 34c-10-10 10-16 0-28"/>
  <path class="k-body" d="M28 46h92v20c0 26-18 40-46 40S28 92 28 66z"/>
  <path class="k-handle thin" d="M120 54h8c16 0 16 30-8 30h-4"/><rect class="k-base" x="14" y="108" width="120" height="6" rx="3"/>
</svg>`;
