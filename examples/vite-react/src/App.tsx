import { FeedbackButton, Hearback, useHearback } from "@hearback/react";
import { type FormEvent, useState } from "react";

const { VITE_HEARBACK_COLLECTOR: collector, VITE_HEARBACK_KEY: key } = import.meta.env;

export function App() {
  const [asked, setAsked] = useState(true);
  return (
    <main>
      <h1>Shopping list</h1>
      {asked && <Hearback collector={collector} projectKey={key} release="1.0.0" env="example" context={{ plan: "free" }} />}
      <List />
      <footer>
        <FeedbackButton>Tell us what you think</FeedbackButton>
        <label>
          <input type="checkbox" checked={asked} onChange={(change) => setAsked(change.target.checked)} />
          Let us hear from you
        </label>
      </footer>
    </main>
  );
}

function List() {
  const [things, setThings] = useState<string[]>([]);
  const [receipt, setReceipt] = useState("");
  const { event } = useHearback({ onSent: ({ receipt }) => setReceipt(receipt) });
  const add = (submit: FormEvent<HTMLFormElement>) => {
    submit.preventDefault();
    const form = submit.currentTarget;
    const thing = String(new FormData(form).get("thing"));
    setThings([...things, thing]);
    // How many, never what: that is nobody's business.
    event("added", { things: things.length + 1 });
    form.reset();
  };
  return (
    <>
      <form onSubmit={add}>
        <label>
          What is missing? <input name="thing" required autoComplete="off" />
        </label>
        <button>Add</button>
      </form>
      <ul>
        {things.map((thing, index) => (
          <li key={index}>{thing}</li>
        ))}
      </ul>
      <p role="status">{receipt && `Thank you. Your receipt: ${receipt}`}</p>
    </>
  );
}
