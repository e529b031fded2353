import { addTargets, decodeTargets, encodeTargets, type Target } from './pairing.ts';

const STORED_AS = 'creditwatch-capture';

/** Returns the keys that this browser has. A browser can forbid storage; then it has none. */
export function storedTargets(): readonly Target[] {
  try {
    return decodeTargets(localStorage.getItem(STORED_AS));
  } catch {
    return [];
  }
}

/** Stores keys. Returns false if the browser forbids storage, or has no space. */
export function storeTargets(added: readonly Target[]): boolean {
  try {
    localStorage.setItem(STORED_AS, encodeTargets(addTargets(storedTargets(), added)));
    return true;
  } catch {
    return false;
  }
}

export function forgetTargets(): void {
  try {
    localStorage.removeItem(STORED_AS);
  } catch {
    // A browser that forbids storage has nothing to forget.
  }
}
