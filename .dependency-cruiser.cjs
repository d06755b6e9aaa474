// Owns: who may import whom. One allowed list a folder of src/; whatever is not on it is an error.
// The picture behind it is in src/README.md; test/tidy/imports.test.ts proves that the rules bite.

/** The libraries that each adapter translates. An adapter that is not listed here may use none. */
const librariesOf = {
  docker: 'dockerode|docker-modem|@types/dockerode|@types/docker-modem',
  files: 'chokidar|ignore',
  http: 'hono|@hono/node-server|prom-client',
  log: 'pino|pino-pretty',
  mqtt: 'mqtt|aedes',
};

const nodeCore =
  '^(node:|(assert|buffer|crypto|events|fs|http|https|net|os|path|process|stream|timers|url|util)(/|$))';

function library(names) {
  return `(^|/)node_modules/(${names})/`;
}

/** A folder (or file) and everything that it may import; all else is forbidden. */
function onlyImports({ name, comment, from, allowed }) {
  return { name, comment, severity: 'error', from: { path: from }, to: { pathNot: allowed } };
}

const adapterRules = Object.entries(librariesOf).map(([adapter, names]) =>
  onlyImports({
    name: `adapter-${adapter}-imports`,
    comment: `adapters/${adapter} imports the model, the ports, its own files and its own library.`,
    from: `^src/adapters/${adapter}/`,
    allowed: ['^src/model/', '^src/controller/ports', `^src/adapters/${adapter}/`, library(names), nodeCore],
  }),
);

module.exports = {
  forbidden: [
    onlyImports({
      name: 'model-imports-nothing',
      comment: 'The vocabulary stands on nothing, not even on Node.',
      from: '^src/model/',
      allowed: ['^src/model/'],
    }),
    onlyImports({
      name: 'manifest-imports',
      comment: 'Reading manifests is pure: the model, yaml and ajv.',
      from: '^src/manifest/',
      allowed: ['^src/(model|manifest)/', library('yaml|ajv|ajv-formats')],
    }),
    onlyImports({
      name: 'core-imports-the-model',
      comment: 'Deciding knows the vocabulary and nothing else.',
      from: '^src/core/',
      allowed: ['^src/(model|core)/'],
    }),
    onlyImports({
      name: 'controller-imports',
      comment: 'The machinery knows no library and nothing of the outside but its ports.',
      from: '^src/controller/',
      allowed: ['^src/(model|core|manifest|controller)/'],
    }),
    ...adapterRules,
    onlyImports({
      name: 'other-adapter-imports',
      comment: 'An adapter without a library of its own imports the model, the ports and Node.',
      from: `^src/adapters/(?!(?:${Object.keys(librariesOf).join('|')})/)([^/]+)`,
      allowed: ['^src/model/', '^src/controller/ports', '^src/adapters/$1', nodeCore],
    }),
    onlyImports({
      name: 'config-imports',
      comment: 'Configuration is argv and environment turned into values; it reaches for nothing else.',
      from: '^src/(?!main\\.ts)[^/]+\\.ts$',
      allowed: ['^src/(?!main\\.ts)[^/]+\\.ts$', '^src/model/'],
    }),
    onlyImports({
      name: 'main-imports-cli',
      comment: 'The command only chooses a function of cli/.',
      from: '^src/main\\.ts$',
      allowed: ['^src/cli/', nodeCore],
    }),
    {
      name: 'nobody-imports-cli',
      comment: 'The command line is the outermost layer.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(cli/|main\\.ts$)' },
      to: { path: '^src/(cli/|main\\.ts$)' },
    },
    {
      name: 'no-cycles',
      comment: 'A cycle has no order to be read in.',
      severity: 'error',
      from: { path: '^src/' },
      to: { circular: true },
    },
    {
      name: 'nothing-unresolved',
      comment: 'An import that does not resolve is not checked by any other rule.',
      severity: 'error',
      from: { path: '^src/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'no-development-packages',
      comment: 'What the program imports must be installed with it.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: '(^|/)node_modules/@types/' },
    },
    {
      name: 'no-tests-in-the-program',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|scripts|bench)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
    },
  },
};
