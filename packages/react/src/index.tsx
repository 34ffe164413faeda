"use client";

/**
 * Hearback in React: a component that starts it, a hook that calls it and hears of it, a button that opens the form.
 * Rendered on a server, none of them does anything but the button, which is there.
 */

import { close, consent, context, event, identify, init, off, on, open, shutdown } from "@hearback/web";
import type { Consent, Happenings, Listener, Options, Props, User } from "@hearback/web";
import { forwardRef, useEffect, useRef } from "react";
import type { ComponentPropsWithoutRef } from "react";

export type { Consent, Happenings, Listener, Options, Props, User } from "@hearback/web";

/** What a component may want to hear. The newest functions are called; they need no `useCallback`. */
export interface Listeners {
  /** The form is shown. */
  onOpen?: (() => unknown) | undefined;
  /** The form is hidden. */
  onClose?: (() => unknown) | undefined;
  /** Feedback is stored. */
  onSent?: Listener<"sent"> | undefined;
  /** Feedback was refused. */
  onError?: Listener<"error"> | undefined;
}

const NAMES: Record<keyof Happenings, keyof Listeners> = { open: "onOpen", close: "onClose", sent: "onSent", error: "onError" };

/** All that can be called. It is one object for good: it may stand in any list of dependencies. */
const hearback = { open, close, event, identify, context, consent, on, off } as const;

/** What `useHearback` gives. */
export type Commands = typeof hearback;

// Hears for as long as the component is mounted.
const useListeners = (listeners: Listeners): void => {
  const newest = useRef(listeners);
  useEffect(() => {
    newest.current = listeners;
  });
  useEffect(() => {
    const ends = (Object.keys(NAMES) as (keyof Happenings)[]).map((name) =>
      on(name, (detail) => newest.current[NAMES[name]]?.(detail as never)),
    );
    return () => {
      for (const end of ends) end();
    };
  }, []);
};

/** The commands of Hearback, and what happens to it. */
export function useHearback(listeners: Listeners = {}): Commands {
  useListeners(listeners);
  return hearback;
}

/** What `<Hearback>` takes. React keeps `key` to itself, so the project's key is `projectKey`. */
export interface HearbackProps extends Omit<Options, "key">, Listeners {
  /** The project's public key, `pk_…`. */
  projectKey: string;
  /** Who the visitor is; `null` once they have signed out. */
  user?: User | null | undefined;
  /** What the visitor agreed to, once you know. */
  consent?: Consent | undefined;
  /** What goes along with feedback. */
  context?: Props | undefined;
}

/** The mounted ones, oldest first: the newest says how, and the last to go ends it. */
const mounted: Options[] = [];

const settle = (): void => {
  const newest = mounted.at(-1);
  if (newest) init(newest);
  else shutdown();
};

/** Starts Hearback while it is mounted, and takes everything away with it. Renders nothing. */
export function Hearback(props: HearbackProps): null {
  const { collector, projectKey, release, env, launcher, debug, nonce, loader, integrity } = props;
  const options: Options = { collector, key: projectKey, release, env, launcher, debug, nonce, loader, integrity };
  // Browsers hide a nonce from scripts, so it may be another one on the client, and is no reason to start anew.
  const run = JSON.stringify({ ...options, nonce: undefined, integrity: undefined });
  const user = JSON.stringify(props.user);
  const along = JSON.stringify(props.context);
  useEffect(() => {
    mounted.push(options);
    settle();
    return () => {
      mounted.splice(mounted.indexOf(options), 1);
      settle();
    };
  }, [run]);
  useEffect(() => {
    if (props.consent) consent(props.consent);
  }, [run, props.consent]);
  useEffect(() => {
    if (props.user !== undefined) identify(props.user);
  }, [run, user]);
  useEffect(() => {
    if (props.context) context(props.context);
  }, [run, along]);
  useListeners(props);
  return null;
}

/** A button of your own that opens the form; takes everything that a `<button>` takes. */
export const FeedbackButton = forwardRef<HTMLButtonElement, ComponentPropsWithoutRef<"button">>(
  function FeedbackButton({ onClick, children = "Feedback", ...rest }, ref) {
    return (
      <button
        type="button"
        aria-haspopup="dialog"
        {...rest}
        ref={ref}
        onClick={(click) => {
          onClick?.(click);
          if (!click.defaultPrevented) open();
        }}
      >
        {children}
      </button>
    );
  },
);
