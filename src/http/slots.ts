import type { ServerResponse } from 'node:http';

/**
 * Limits how many requests run a step at once; `refuse` answers the others. The caller frees the slot itself: the close of a
 * response is reported late or never if a client hangs up while its body is inflated, or with pipelined requests.
 */
export function createSlots(
  most: number,
  refuse: (response: ServerResponse) => void,
): { take(response: ServerResponse): boolean; free(): void } {
  let taken = 0;
  return {
    take(response) {
      if (taken >= most) {
        refuse(response);
        return false;
      }
      taken += 1;
      return true;
    },
    free() {
      taken -= 1;
    },
  };
}

/**
 * Limits how many requests run a step at once, in all and of one sender, so that a sender whose requests take long leaves places for the
 * others. `refuse` answers those without a place. A place is free again when the step has ended.
 */
export function createFairSlots(
  { most, mostOfOne }: { readonly most: number; readonly mostOfOne: number },
  refuse: (response: ServerResponse) => void,
): { run(response: ServerResponse, sender: string, step: () => Promise<void>): Promise<void> } {
  const all = createSlots(most, refuse);
  const bySender = new Map<string, number>();
  return {
    async run(response, sender, step) {
      const taken = bySender.get(sender) ?? 0;
      if (taken >= mostOfOne) return refuse(response);
      if (!all.take(response)) return;
      bySender.set(sender, taken + 1);
      try {
        await step();
      } finally {
        const left = (bySender.get(sender) ?? 1) - 1;
        if (left > 0) bySender.set(sender, left);
        else bySender.delete(sender);
        all.free();
      }
    },
  };
}
