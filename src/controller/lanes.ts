/**
 * Bounded concurrency in two lanes, so that long waits never keep quick calls waiting.
 * Owns: who may go now. Must not know: what goes.
 */

/** A lane: at most `width` tasks at once, the others in the order of their coming. */
export interface Lane {
  run<Result>(task: () => Promise<Result>): Promise<Result>;
  /** Tasks that have not begun are dropped: their promises stay open for ever. */
  close(): void;
}

/** Makes a lane. */
export function createLane(width: number): Lane {
  const queue: (() => void)[] = [];
  let running = 0;
  const next = (): void => {
    if (running >= width) return;
    const begin = queue.shift();
    if (begin === undefined) return;
    running += 1;
    begin();
  };
  return {
    run(task) {
      return new Promise((resolve, reject) => {
        queue.push(() => {
          task()
            .then(resolve, reject)
            .finally(() => {
              running -= 1;
              next();
            });
        });
        next();
      });
    },
    close() {
      queue.length = 0;
    },
  };
}
