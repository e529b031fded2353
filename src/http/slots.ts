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
