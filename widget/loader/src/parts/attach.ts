// Uploads pictures for feedback to name.

import type { Kit } from "../kit";

/** On a slow link 5 MB take their time; nobody waits longer. */
const UPLOAD_MS = 90_000;

/** A picture, and its name on the wire once it is uploaded. */
export interface Shot {
  blob: Blob;
  id?: string;
}

/** True once all of them are there. */
export default async ({ data, fetch }: Kit, base: string, shots: Shot[]): Promise<boolean> => {
  for (const shot of shots) {
    if (shot.id) continue;
    const response = await fetch(base + "v1/attachments?key=" + data["key"], {
      method: "POST",
      body: shot.blob,
      credentials: "omit",
      referrerPolicy: "origin",
      signal: AbortSignal.timeout(UPLOAD_MS),
    });
    const answer = await response.json();
    if (!response.ok) throw answer.title;
    shot.id = answer.id;
  }
  return true;
};
