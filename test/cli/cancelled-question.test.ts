import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createTerminal, typedSecret } from '../../src/cli/terminal.ts';

test('a question that is cancelled with Ctrl-C has an empty answer', async () => {
  const [input, output, errors] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const terminal = createTerminal({ env: {}, cwd: '/', input, output, errors });
  const answer = typedSecret(terminal, 'Key: ');
  input.write('half of a key\u0003');
  expect(await answer).toBe('');
});
