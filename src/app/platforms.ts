import type { Platform } from '../chat/platform.ts';
import { slack } from '../slack/platform.ts';
import { teams } from '../teams/platform.ts';
import { workflow } from '../teams/workflow/platform.ts';
import { terminal } from '../terminal/platform.ts';

/** The platforms that there are. A new one is a folder, and a line here. What it needs beyond its description is imported once it is connected. */
export const platforms: readonly Platform[] = [terminal, slack, teams, workflow];
