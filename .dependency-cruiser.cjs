/**
 * Which file may look at which. Each room looks only at rooms before it, through their doors; the order is written
 * here once, and `test/house` plants a violation of every rule and checks that each folder of `src/` has its place.
 */
const order = [
  'kernel', 'platform', 'region', 'access', 'site', 'menu', 'elder', 'family', 'roster', 'subsidy', 'eligibility', 'ledger',
  'payment', 'booking', 'tap', 'till', 'slip', 'mini', 'care', 'seal', 'settlement', 'review', 'target', 'budget', 'replay', 'recovery', 'proof', 'demo', 'bench', 'simulate', 'wechat-sim',
];

const downOnly = order.slice(0, -1).map((room, index) => ({
  name: `down-only:${room}`,
  comment: 'The lower room answers, the higher room tells: what a lower room needs to know, the higher one writes in.',
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: `^src/(${order.slice(index + 1).join('|')})/` },
}));

const DOORS = '^src/[^/]+/(domain/)?index\\.ts$';

/** Writes what is generated and checked in; it runs in a checkout only. */
const GENERATOR = '^src/openapi\\.cli\\.ts$';

module.exports = {
  forbidden: [
    ...downOnly,
    {
      name: 'front-door',
      comment: 'A room is entered by index.ts (use cases, stores) or domain/index.ts (words), so that its inside may change.',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: { path: '^src/[^/]+/', pathNot: ['^src/$1/', DOORS] },
    },
    {
      name: 'front-door:assembly',
      comment: 'The processes put rooms together by the same doors; the command line loads commands, which nobody else needs.',
      severity: 'error',
      from: { path: '^src/[^/]+\\.ts$' },
      to: { path: '^src/[^/]+/', pathNot: [DOORS, '\\.cli\\.ts$'] },
    },
    {
      name: 'rooms-below-assembly',
      comment: 'No room knows how processes are put together. Only a command (*.cli.ts) starts one.',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: '\\.cli\\.ts$' },
      to: { path: '^src/[^/]+\\.ts$' },
    },
    {
      name: 'pure-core',
      comment: 'kernel and domain run unchanged in a browser and in a test without anything: no package, no node, no server code.',
      severity: 'error',
      from: { path: '^src/(kernel|[^/]+/domain)/', pathNot: '\\.spec\\.ts$' },
      to: { path: '.', pathNot: '^src/(kernel|[^/]+/domain)/', reachable: true },
    },
    {
      name: 'word-door',
      comment: "Pure code enters other rooms by their word doors; a service door would bring the server along.",
      severity: 'error',
      from: { path: '^src/(kernel|([^/]+)/domain)/' },
      to: { path: '^src/(?!kernel/)[^/]+/', pathNot: '^src/[^/]+/domain/' },
    },
    {
      name: 'sql-in-stores',
      comment: 'TypeORM and pg give connections, transactions and migrations, in platform and migrations alone. A simulation makes its own databases, and gets between the product and its client.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/platform/', GENERATOR, '^src/simulate/(preload|cluster\\.store)\\.ts$'] },
      to: { path: 'node_modules/(typeorm|pg)/' },
    },
    {
      name: 'migrations-by-platform',
      comment: 'Only the platform runs migrations, and a migration stands on its own: it must mean the same in ten years.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/platform/db/' },
      to: { path: '^migrations/' },
    },
    {
      name: 'migrations-alone',
      comment: 'A migration that used code of a room would change with it.',
      severity: 'error',
      from: { path: '^migrations/' },
      to: { path: '^src/' },
    },
    {
      name: 'product-alone',
      comment: 'What is shipped needs neither tests nor benches nor packages that are installed for development only.',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(test|bench)/' },
    },
    {
      name: 'no-dev-packages',
      comment: '`npm ci --omit=dev` must run the product. A bench loads what it compares with when it is called, and says so where it is missing.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['\\.spec\\.ts$', GENERATOR, '^src/bench/'] },
      to: { dependencyTypes: ['npm-dev'], pathNot: 'node_modules/@types/' },
    },
    { name: 'no-unresolvable', comment: 'An import that leads nowhere.', severity: 'error', from: {}, to: { couldNotResolve: true } },
    { name: 'no-cycles', comment: 'Two files that need each other are one, or a word is missing between them.', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      comment: 'A file that nobody imports and that imports nothing is forgotten.',
      severity: 'error',
      from: { orphan: true, pathNot: ['\\.spec\\.ts$', '\\.d\\.ts$'] },
      to: {},
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|web)/' },
    reporterOptions: { dot: { collapsePattern: '^src/[^/]+' }, mermaid: { minify: false } },
  },
};
