const { readdirSync } = require('node:fs');
const { join } = require('node:path');

// core <- ports <- pipeline and commands <- rooms <- main. Rooms never import each other.
const INSIDE = ['core', 'ports', 'pipeline', 'commands'];
/** What rooms share: how they speak to the world over HTTP, how long they let people wait, and how files of the data folder are opened. */
const SHARED = ['outbound', 'answering', 'datadir'];
const ROOMS = readdirSync(join(__dirname, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory() && ![...INSIDE, ...SHARED, 'cli'].includes(entry.name)).map(({ name }) => name);

/** Whose types and errors are translated at the edge, and go no further. */
const LIBRARIES = [
  ['slack', '@slack/'],
  ['queue', '(bullmq|ioredis)/'],
  ['postgres', '@prisma/'],
  ['teams', '@azure/'],
];

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'core-imports-core-only',
      severity: 'error',
      from: { path: '^src/core/' },
      to: { pathNot: ['^src/core/', '^node_modules/(zod|date-fns|@date-fns/tz|unhomoglyph)/'] },
    },
    { name: 'ports-import-core', severity: 'error', from: { path: '^src/ports/' }, to: { path: '^src/', pathNot: '^src/(core|ports)/' } },
    {
      name: 'pipeline-and-commands-import-core-and-ports',
      severity: 'error',
      from: { path: '^src/(pipeline|commands)/' },
      to: { path: '^src/', pathNot: '^src/(core|ports|$1)/' },
    },
    ...ROOMS.map((room) => ({
      name: `rooms-never-import-each-other:${room}`,
      severity: 'error',
      from: { path: `^src/${room}/` },
      to: { path: '^src/', pathNot: `^src/(core|ports|${SHARED.join('|')}|${room})/` },
    })),
    ...LIBRARIES.map(([room, library]) => ({
      name: `libraries-stay-in-their-room:${room}`,
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/${room}/` },
      to: { path: `^node_modules/${library}` },
    })),
    { name: 'shared-imports-ports', severity: 'error', from: { path: `^src/(${SHARED.join('|')})/` }, to: { path: '^src/', pathNot: `^src/(core|ports|${SHARED.join('|')})/` } },
    {
      name: 'bot-framework-stays-in-one-file',
      severity: 'error',
      comment: 'It is not developed any further: its successor replaces it there.',
      from: { path: '^src/', pathNot: '^src/teams/bot-framework\\.ts$' },
      to: { path: '^node_modules/(botbuilder|botframework)' },
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
      from: { pathNot: '^src/(main\\.ts|cli/|service)' },
      to: { path: '^src/(main\\.ts|cli/|service)' },
    },
  ],
  options: { doNotFollow: { path: 'node_modules' }, exclude: { path: '^src/postgres/generated/' }, tsConfig: { fileName: 'tsconfig.json' }, tsPreCompilationDeps: true },
};
