import { presentable } from '../core/meters/meter.ts';
import { openForm } from './forms/registry.ts';
import type { CommandKind } from './command.ts';

/** Figures by hand: a form to paste the vendor's usage page into. */
export const importCommand: CommandKind<string> = {
  word: 'import',
  help: null,
  changes: () => true,
  parse: (rest) => presentable(rest, 200),
  run: (source, context) => openForm(`import ${source}`.trim(), context),
};
