// Forms of the page that are sent: `form_submit`. Nothing of what is in them.

import type { Kit } from "../kit";
import { bare } from "../pure";
import { hit } from "./_element";

export default ({ on, commands }: Kit): void =>
  on(
    document,
    "submit",
    (event: SubmitEvent) => {
      const form = hit(event, "form");
      if (!form) return;
      // As attributes: a field may be called `name` or `action`, and then hides the form's own.
      const [name, action] = [form.getAttribute("name") || form.getAttribute("id"), form.getAttribute("action")];
      commands.event("form_submit", { form: name ?? "", action: bare(new URL(action ?? "", document.baseURI).pathname) });
    },
    true,
  );
