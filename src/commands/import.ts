import { presentable } from '../core/meters/meter.ts';
import { openForm } from './forms/registry.ts';
import type { CommandKind } from './command.ts';

/** Opens the form to paste the vendor's usage page. */
export const importCommand: CommandKind<string> = {
  word: 'import',
  help: null,
  changes: () => true,
  parse: (rest) => presentable(rest, 200),
  run: (source, context) => openForm(`import ${source}`.trim(), context),
};
