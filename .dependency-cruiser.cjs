// core <- ports <- pipeline and commands <- rooms <- main. Rooms never import each other.
const ROOMS = ['slack', 'terminal', 'postgres', 'queue', 'http', 'sources', 'datadir', 'config'];

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'core-imports-core-only',
      severity: 'error',
      from: { path: '^src/core/' },
      to: { pathNot: ['^src/core/', '^node_modules/(zod|date-fns|@date-fns/tz)/'] },
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
      to: { path: '^src/', pathNot: `^src/(core|ports|${room})/` },
    })),
    {
      name: 'nobody-imports-the-composition-root',
      severity: 'error',
      from: { pathNot: '^src/(main\\.ts|cli/|service)' },
      to: { path: '^src/(main\\.ts|cli/|service)' },
    },
  ],
  options: { doNotFollow: { path: 'node_modules' }, exclude: { path: '^src/postgres/generated/' }, tsConfig: { fileName: 'tsconfig.json' }, tsPreCompilationDeps: true },
};
