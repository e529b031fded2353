import type { Finding } from '../chat/platform.ts';
import { checkedText, type Checked } from '../messages/replies/doctor.ts';

/** Returns a line of `doctor`. */
export function finding(state: Finding['state'], checked: Checked): Finding {
  return { state, ...checkedText(checked) };
}
