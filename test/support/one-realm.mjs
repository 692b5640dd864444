import { ModernFakeTimers } from '@jest/fake-timers';
import { ModuleMocker } from 'jest-mock';
import vm from 'node:vm';
import pg from 'pg';

/**
 * Runs a suite in the worker's own realm, as `node` would run it, and not in a VM context beside it. There every look
 * at a global goes through Node's interceptors, and what comes from Node is of other classes than what the suite makes.
 * Here packages are loaded once a worker (see native-module.mjs), while the project's own modules stay new for every
 * suite. What a suite may leave behind in the realm is put back when it ends.
 */
const REALM = Object.freeze({});

const { SourceTextModule, SyntheticModule, compileFunction } = vm;
const { getBuiltinModule } = process;

/** Node's options without the context that stands for the worker's own realm. */
const here = ({ context, ...options } = {}) => (context === REALM ? options : { context, ...options });

vm.SourceTextModule = class extends SourceTextModule {
  constructor(code, options) {
    super(code, here(options));
  }
};
vm.SyntheticModule = class extends SyntheticModule {
  constructor(names, evaluate, options) {
    super(names, evaluate, here(options));
  }
};
vm.compileFunction = (code, parameters, { parsingContext, ...options } = {}) =>
  compileFunction(code, parameters, parsingContext === REALM ? options : { parsingContext, ...options });

/** Remembers the named properties of an object. @returns a function that puts them back, and takes away what came since */
function keep(object, names = null) {
  const kept = new Map((names ?? Reflect.ownKeys(object)).map((name) => [name, Object.getOwnPropertyDescriptor(object, name)]));
  return () => {
    for (const name of names ?? Reflect.ownKeys(object)) if (kept.get(name) === undefined) Reflect.deleteProperty(object, name);
    for (const [name, then] of kept) {
      const now = Object.getOwnPropertyDescriptor(object, name);
      if (then !== undefined && (now === undefined || now.value !== then.value || now.get !== then.get)) Reflect.defineProperty(object, name, then);
    }
  };
}

/** Remembers how PostgreSQL's column types arrive: the one setting of a package that the product changes. */
function keepColumnTypes() {
  const kept = Object.values(pg.types.builtins).map((type) => [type, pg.types.getTypeParser(type, 'text')]);
  return () => kept.forEach(([type, parser]) => pg.types.setTypeParser(type, 'text', parser));
}

export default class OneRealm {
  global = globalThis;
  context = REALM;
  // The environment is restored twice: what stands in it, and that it is the process's own.
  undo = [keepColumnTypes(), keep(globalThis), keep(process.env), keep(process, ['env', 'exit', 'getBuiltinModule']), keep(process.stdout, ['write']), keep(process.stderr, ['write'])];
  moduleMocker = new ModuleMocker(globalThis);
  fakeTimers = null;

  constructor({ projectConfig }) {
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
  }

  getVmContext() {
    return this.context;
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }

  async setup() {
    // Jest has put its own in place by now, which would answer out of the suite's modules and not Node's.
    process.getBuiltinModule = getBuiltinModule;
  }

  async teardown() {
    this.context = null;
    this.fakeTimersModern.dispose();
    this.moduleMocker.restoreAllMocks();
    for (const putBack of this.undo) putBack();
  }
}
