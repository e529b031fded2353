const { readdirSync } = require('node:fs');
const { join } = require('node:path');

// core <- messages, queries, ports <- pipeline, commands <- adapters <- app <- cli, main. Adapters never import each other.

/** The folders of the core. Each imports only the ones before it. */
const CORE = ['time', 'text', 'meters', 'rules', 'vendors', 'alerts', 'notifications', 'audit', 'status', 'check'];
const INSIDE = ['core', 'messages', 'queries', 'ports', 'pipeline', 'commands'];
/** What several layers use: HTTP in and out, replies that come late, batches and limits, files of the data folder. */
const SHARED = ['async', 'outbound', 'http', 'chat', 'datadir'];
const OUTSIDE = ['app', 'cli'];
const ADAPTERS = readdirSync(join(__dirname, 'src'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && ![...INSIDE, ...SHARED, ...OUTSIDE].includes(entry.name))
  .map(({ name }) => name);
/** Adapters that put nothing into words. */
const WORDLESS = ['postgres', 'queue'];

/** Whose types and errors are translated at the edge, and go no further. */
const LIBRARIES = [
  ['slack', '@slack/'],
  ['queue', '(bullmq|ioredis)/'],
  ['postgres', '@prisma/'],
  ['teams', '@azure/'],
  ['sources/mail', '(@fastify/busboy|imapflow|postal-mime)/'],
];

const only = (name, from, ...to) => ({
  name,
  severity: 'error',
  from: { path: `^src/${from}/` },
  to: { path: '^src/', pathNot: `^src/(${to.join('|')})/` },
});

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'core-imports-core-only',
      severity: 'error',
      from: { path: '^src/core/' },
      to: { pathNot: ['^src/core/', '^node_modules/(zod|date-fns|@date-fns/tz|unhomoglyph|fastest-levenshtein)/'] },
    },
    ...CORE.map((folder, index) => ({
      name: `core-imports-downwards:${folder}`,
      severity: 'error',
      from: { path: `^src/core/${folder}/` },
      to: { path: '^src/core/[^/]+/', pathNot: `^src/core/(${CORE.slice(0, index + 1).join('|')})/` },
    })),
    {
      name: 'core-has-no-other-folders',
      severity: 'error',
      from: { path: '^src/core/', pathNot: `^src/core/((${CORE.join('|')})/|[^/]+\\.ts$)` },
      to: {},
    },
    {
      name: 'core-imports-downwards:root',
      severity: 'error',
      from: { path: '^src/core/[^/]+\\.ts$' },
      to: { path: '^src/core/[^/]+/' },
    },
    only('messages-import-core', 'messages', 'core', 'messages'),
    only('ports-import-core', 'ports', 'core', 'ports'),
    only('queries-import-core-and-ports', 'queries', 'core', 'ports', 'async', 'queries'),
    {
      name: 'text-of-messages-imports-no-message',
      severity: 'error',
      from: { path: '^src/messages/text/' },
      to: { path: '^src/messages/', pathNot: '^src/messages/text/' },
    },
    ...['pipeline', 'commands'].map((layer) =>
      only(`${layer}-import-what-is-inside`, layer, 'core', 'messages', 'queries', 'ports', 'async', layer),
    ),
    {
      name: 'commands-ask-queries',
      severity: 'error',
      comment: 'An answer is made of what src/queries returns. The command line also posts tests, and records what it did.',
      from: { path: '^src/commands/', pathNot: '^src/commands/operations\\.ts$' },
      to: { path: '^src/ports/stores/' },
    },
    ...SHARED.map((shared) => only(`shared-imports-what-is-inside:${shared}`, shared, 'core', 'messages', 'queries', 'ports', ...SHARED)),
    ...ADAPTERS.map((adapter) =>
      only(
        `adapters-never-import-each-other:${adapter}`,
        adapter,
        'core',
        ...(WORDLESS.includes(adapter) ? [] : ['messages']),
        'queries',
        'ports',
        ...SHARED,
        adapter,
      ),
    ),
    ...LIBRARIES.map(([adapter, library]) => ({
      name: `libraries-stay-in-their-adapter:${adapter}`,
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/${adapter}/` },
      to: { path: `^node_modules/${library}` },
    })),
    {
      name: 'bot-framework-runs-in-one-file',
      severity: 'error',
      comment: 'It is not developed any further: its successor replaces it there. It takes 25 MB and is loaded only where it is used.',
      from: { path: '^src/', pathNot: '^src/teams/auth/bot-framework\\.ts$' },
      to: { path: '^node_modules/(botbuilder|botframework)', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'bot-framework-types-stay-in-teams',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/teams/' },
      to: { path: '^node_modules/(botbuilder|botframework)' },
    },
    {
      name: 'one-http-client',
      severity: 'error',
      comment: 'One place decides on proxies, and knows whether a request was written.',
      from: { path: '^src/', pathNot: '^src/outbound/' },
      to: { path: '^(node_modules/(undici|axios|[a-z]+-proxy-agent)/|(node:)?https$)' },
    },
    {
      name: 'date-fns-by-the-function',
      severity: 'error',
      comment: 'The whole of it is 12 MB and a tenth of a second at every start.',
      from: { path: '^src/' },
      to: { path: '^node_modules/date-fns/index\\.' },
    },
    {
      name: 'what-runs-is-installed-to-run',
      severity: 'error',
      comment: 'A container has no devDependencies.',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'], pathNot: '/@types/' },
    },
    {
      name: 'nobody-imports-the-composition-root',
      severity: 'error',
      from: { pathNot: '^src/(main\\.ts|cli/|app/)' },
      to: { path: '^src/(main\\.ts|cli/|app/)' },
    },
    { name: 'app-imports-no-command-line', severity: 'error', from: { path: '^src/app/' }, to: { path: '^src/(main\\.ts|cli/)' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/postgres/generated/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
  },
};
