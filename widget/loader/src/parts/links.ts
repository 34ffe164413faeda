// Where visitors leave to, and what they take along: `outbound_link` and `download`.

import type { Kit } from "../kit";
import { bare } from "../pure";
import { hit } from "./_element";

const FILES = /\.(pdf|docx?|xlsx?|pptx?|od[tsp]|csv|txt|rtf|epub|zip|gz|tgz|bz2|xz|7z|rar|dmg|pkg|exe|msi|deb|rpm|apk|iso|jar|mp[34]|m4[av]|wav|ogg|avi|mov|mkv|webm)$/i;

export default ({ on, commands }: Kit): void => {
  const see = (event: MouseEvent) => {
    // The second button opens a menu and leads nowhere.
    if (event.button > 1) return;
    const link = hit(event, "a[href]") as HTMLAnchorElement | undefined;
    if (!link || !/^https?:$/.test(link.protocol)) return;
    const url = bare(link.href);
    const file = FILES.exec(link.pathname)?.[1]?.toLowerCase() ?? (link.hasAttribute("download") ? "file" : "");
    if (file) commands.event("download", { file, url });
    else if (link.host !== location.host) commands.event("outbound_link", { url });
  };
  on(document, "click", see, true);
  on(document, "auxclick", see, true);
};
