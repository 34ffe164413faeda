// Clicks on what the page has marked: `data-hearback-event="signup" data-hearback-prop-plan="pro"`.

import type { Kit } from "../kit";
import { hit } from "./_element";

const PROP = "data-hearback-prop-";

export default ({ on, commands }: Kit): void =>
  on(
    document,
    "click",
    (event: MouseEvent) => {
      const marked = hit(event, "[data-hearback-event]");
      if (!marked) return;
      const props: Record<string, string> = {};
      for (const { name, value } of marked.attributes) if (name.startsWith(PROP)) props[name.slice(PROP.length)] = value;
      commands.event(marked.dataset["hearbackEvent"]!, props);
    },
    true,
  );
