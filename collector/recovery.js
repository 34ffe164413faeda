// The Worker's outermost module: it makes a trap an eviction. (ARCHITECTURE.md, "After a trap".)
//
// A trap in WASM ends the memory of the whole isolate, and with it every future of every object that lives there.
// worker-build's own module makes a new memory at the next call. But whatever was under way in the old one never ends:
// the runtime waits for an alarm that is running, so that object has no other alarm until the process ends. So each
// object is ended here as soon as its memory is gone; what was under way in it fails, and the runtime does what it
// always does then: the next request makes a new object, and an alarm comes again.

import worker, { ProjectObject as Project, ShardObject as Shard } from "hearback-worker";

/** `{criticalError, instanceId}`: what the `worker` crate's panic hook, and its module, say about the memory. */
const memory = globalThis.__worker_init_state;

/** How to end each object whose memory is the present one. An object that the runtime let go of is not kept by it. */
const living = new Set();
const letGo = new FinalizationRegistry((entry) => living.delete(entry));
const ends = new WeakMap();

function endAll() {
  const entries = [...living];
  living.clear();
  for (const entry of entries) entry.deref()?.();
}

/** Calls `endAll` when the value says that the memory is gone. */
function watch(name, isGone) {
  let value = memory[name];
  Object.defineProperty(memory, name, {
    get: () => value,
    set(next) {
      const gone = isGone(next, value);
      value = next;
      if (gone) endAll();
    },
  });
}

watch("criticalError", (next) => next);
// A memory may be replaced without a panic: after an overflow of the stack, for one.
watch("instanceId", (next, before) => next !== before);

/** The class, with objects that end together with their memory. */
function mortal(Class) {
  return new Proxy(Class, {
    construct(target, args, newTarget) {
      const object = Reflect.construct(target, args, newTarget);
      const [state] = args;
      // Whoever traps may be another object or a request, from which this one's state must not be touched. What waits
      // for a promise goes on where the promise was made: in this object.
      const { promise, resolve } = Promise.withResolvers();
      promise.then(() => setTimeout(() => state.abort("a trap took this object's memory"), 0));
      const entry = new WeakRef(resolve);
      ends.set(object, resolve);
      living.add(entry);
      letGo.register(object, entry);
      return object;
    },
  });
}

export const ShardObject = mortal(Shard);
export const ProjectObject = mortal(Project);
export default worker;
