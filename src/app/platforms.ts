import type { Platform } from '../chat/platform.ts';
import { slack } from '../slack/platform.ts';
import { teams } from '../teams/platform.ts';
import { workflow } from '../teams/workflow/platform.ts';
import { terminal } from '../terminal/platform.ts';

/** All platforms. A new platform is a folder and a line here. Its implementation is imported only if it is connected. */
export const platforms: readonly Platform[] = [terminal, slack, teams, workflow];
