/** What arrives at a fake, kept in order, with a way to wait for it that ends at a deadline and never sleeps. */
export class Arrivals<T> {
  readonly all: T[] = [];
  readonly #taken = new Set<T>();
  readonly #waiting = new Set<() => void>();
  readonly #name: string;
  readonly #describe: (item: T) => string;

  constructor(name: string, describe: (item: T) => string) {
    this.#name = name;
    this.#describe = describe;
  }

  push(item: T): void {
    this.all.push(item);
    for (const look of this.#waiting) look();
  }

  /** The first that matches and was not waited for before; rejects after `withinMs` with a list of what came instead. */
  next(matches: (item: T) => boolean, withinMs = 5000): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = this.all.find((item) => !this.#taken.has(item) && matches(item));
        if (found === undefined) return;
        this.#taken.add(found);
        this.#waiting.delete(look);
        clearTimeout(deadline);
        resolve(found);
      };
      const deadline = setTimeout(() => {
        this.#waiting.delete(look);
        const came = this.all.map((item) => (this.#taken.has(item) ? '(taken) ' : '') + this.#describe(item));
        reject(new Error(`no such ${this.#name} within ${String(withinMs)} ms; what came: ${came.join(' | ') || 'nothing'}`));
      }, withinMs);
      this.#waiting.add(look);
      look();
    });
  }

  /** Those that match and nobody has waited for. */
  untaken(matches: (item: T) => boolean = () => true): T[] {
    return this.all.filter((item) => !this.#taken.has(item) && matches(item));
  }
}
