/**
 * Waiting on a connection: for an answer that may never come once it is lost, and for the next whole one.
 * Owns: who waits. Must not know: what is waited for, when a connection is lost or whole.
 */

/** Waits on one connection after the other. */
export interface Waits {
  /** Resolves with the answer, or with the loss if that comes first; rejects as the answer does. */
  orLost(answer: Promise<void>): Promise<void>;
  untilWhole(): Promise<void>;
  /** The connection is lost now. */
  tellLost(): void;
  /** The connection is whole now, or never will be. */
  tellWhole(): void;
}

/** Nobody waits yet. */
export function createWaits(): Waits {
  const forAnswers = new Set<() => void>();
  const forWhole: (() => void)[] = [];
  return {
    orLost: (answer) =>
      new Promise((resolve, reject) => {
        const end = (): void => {
          forAnswers.delete(end);
          resolve();
        };
        forAnswers.add(end);
        answer.then(end, (error: unknown) => {
          forAnswers.delete(end);
          reject(error);
        });
      }),
    untilWhole: () => new Promise((resolve) => forWhole.push(resolve)),
    tellLost() {
      for (const end of [...forAnswers]) end();
    },
    tellWhole() {
      for (const end of forWhole.splice(0)) end();
    },
  };
}
