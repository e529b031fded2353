/** The output for a progress bar. */
type Screen = { readonly isTTY?: boolean; write(text: string): unknown };

export type Progress = { at(done: number): void; end(): void };

const CELLS = 20;

/**
 * Creates a progress bar on one line of a terminal. Nothing is written to a file or a pipe.
 *
 * @param total in the same unit as `done`. With 0, no bar is shown
 */
export function createProgress(screen: Screen, what: string, total: number): Progress {
  let shown = '';
  return {
    at(done) {
      if (screen.isTTY !== true || total <= 0) return;
      const share = Math.min(1, done / total);
      const full = Math.floor(share * CELLS);
      const line = `${what} ${'█'.repeat(full)}${'░'.repeat(CELLS - full)} ${String(Math.floor(share * 100))}%`;
      if (line === shown) return;
      shown = line;
      screen.write(`\r${line}`);
    },
    end() {
      if (shown !== '') screen.write(`\r${' '.repeat(shown.length)}\r`);
      shown = '';
    },
  };
}
