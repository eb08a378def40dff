// The import directions of the architecture. Each comment tells whoever trips on a rule why it is there.
const within = (path) => `^src/lib/${path}/`;

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'A cycle means two files are one, or a third is missing.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'core-is-pure',
      severity: 'error',
      comment:
        'core decides, it does not act: only core, and packages that compute without touching the world.',
      from: { path: within('core') },
      to: {
        pathNot: [
          within('core'),
          '^node_modules/(@noble/hashes|simple-statistics|string-width|yaml|zod)/',
        ],
      },
    },
    {
      name: 'ports-know-core-only',
      severity: 'error',
      comment: 'A port is an interface in the words of core.',
      from: { path: within('ports') },
      to: { pathNot: [within('ports'), within('core')] },
    },
    {
      name: 'app-knows-no-adapter',
      severity: 'error',
      comment: 'Use cases talk to ports; cli/wire.ts decides what stands behind them.',
      from: { path: within('app') },
      to: { pathNot: [within('app'), within('ports'), within('core'), '^node_modules/p-limit/'] },
    },
    {
      name: 'adapters-stay-apart',
      severity: 'error',
      comment: 'One outside system must not lean on another; only http/ is shared.',
      from: { path: '^src/lib/adapters/([^/]+)/' },
      to: {
        path: '^src/lib/adapters/',
        pathNot: ['^src/lib/adapters/$1/', '^src/lib/adapters/http/'],
      },
    },
    {
      name: 'adapters-look-inward',
      severity: 'error',
      comment: 'Adapters implement ports for core; they know neither use cases nor commands.',
      from: { path: within('adapters') },
      to: { path: '^src/', pathNot: [within('adapters'), within('ports'), within('core')] },
    },
    {
      name: 'lab-knows-core-only',
      severity: 'error',
      comment: 'The lab plays the outside world, so it must not share code with what reads it.',
      from: { path: within('lab') },
      to: { path: '^src/', pathNot: [within('lab'), within('core')] },
    },
    {
      name: 'only-wiring-knows-the-lab',
      severity: 'error',
      comment: 'Nothing behaves differently because it runs against the lab.',
      from: {
        path: '^src/',
        pathNot: [within('lab'), '^src/lib/cli/wire\\.ts$', '^src/lib/cli/demo[^/]*\\.ts$'],
      },
      to: { path: within('lab') },
    },
    {
      name: 'only-wiring-knows-adapters',
      severity: 'error',
      comment: 'Adapters are constructed in one place.',
      from: { path: '^src/', pathNot: [within('adapters'), '^src/lib/cli/', '^src/index\\.ts$'] },
      to: { path: within('adapters') },
    },
    {
      name: 'server-looks-inward',
      severity: 'error',
      comment:
        'The server answers with what use cases give it; cli/serve/ puts adapters behind them.',
      from: { path: within('server') },
      to: {
        path: '^src/',
        pathNot: [within('server'), within('app'), within('ports'), within('core')],
      },
    },
    {
      name: 'server-changes-nothing',
      severity: 'error',
      comment:
        'Whatever changes a side goes through the gate of app/cleanup, which server/ may call.',
      from: { path: within('server') },
      to: { path: '^src/lib/ports/change-writer\\.ts$' },
    },
    {
      name: 'only-serve-knows-the-server',
      severity: 'error',
      comment: 'A command that answers nobody should not load what answers.',
      from: {
        path: '^src/',
        pathNot: [within('server'), '^src/lib/cli/serve/', '^src/commands/serve\\.ts$'],
      },
      to: { path: [within('server'), '^src/lib/cli/serve/'], pathNot: ['/flags-of-serve\\.ts$'] },
    },
    {
      name: 'kept-answers-justify-nothing',
      severity: 'error',
      comment:
        'What was worked out earlier is for reading. Whatever plans or makes a change reads both sides itself.',
      from: {
        path: [
          '^src/lib/(app|core|cli)/cleanup/',
          '^src/lib/adapters/store/cleanup/',
          '^src/lib/(adapters/(kubernetes|truenas))/',
        ],
      },
      to: {
        path: [
          '^src/lib/ports/(answer-cache|scan-engine)\\.ts$',
          '^src/lib/adapters/cache/',
          within('app/serve'),
          within('server'),
        ],
      },
    },
    {
      name: 'rules-stand-alone',
      severity: 'error',
      comment:
        'A rule that needs another rule is one rule, or the shared part belongs to correlate/ or rules/checks/.',
      from: { path: '^src/lib/core/rules/(orphans|drift|validation|health)/' },
      to: { path: '^src/lib/core/rules/(orphans|drift|validation|health|registry|evaluate)' },
    },
    {
      name: 'commands-are-thin',
      severity: 'error',
      comment: 'A command parses, calls, renders: it reaches the rest through cli/.',
      from: { path: '^src/commands/' },
      to: { path: '^src/lib/(adapters|lab|ports)/' },
    },
    {
      name: 'nothing-imports-commands',
      severity: 'error',
      comment: 'Commands are the outermost ring.',
      from: { path: '^src/lib/' },
      to: { path: '^src/commands/' },
    },
    {
      name: 'no-dev-dependency',
      severity: 'error',
      comment: 'What ships must be installed with it.',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
