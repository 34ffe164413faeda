// Waiting for something that other processes bring about. No journey sleeps for a fixed time to see it.

/** How long a journey waits for what must happen. Generous: a slow machine is not a failure. */
export const PATIENCE_MS = 20_000;

const STEP_MS = 60;

/** Runs `check` until it stops throwing, and gives what it gave; after `timeoutMs` throws its last error. */
export async function eventually<T>(check: () => T | Promise<T>, timeoutMs = PATIENCE_MS): Promise<T> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() >= end) throw error;
    }
    await new Promise((done) => setTimeout(done, STEP_MS));
  }
}

/**
 * Runs `check` for `durationMs` and throws as soon as it does: for what must *not* happen, where there is nothing to
 * wait for. Keep durations short; they are paid in full.
 */
export async function never(check: () => void | Promise<void>, durationMs: number): Promise<void> {
  const end = Date.now() + durationMs;
  while (Date.now() < end) {
    await check();
    await new Promise((done) => setTimeout(done, STEP_MS));
  }
}
