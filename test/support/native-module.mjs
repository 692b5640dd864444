import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const lock = readFileSync(new URL('../../package-lock.json', import.meta.url));

/** Jest's own files, loaded outside of suites, ask for no dynamic import: they stay as they are. */
const isOfTool = ({ supportsDynamicImport }) => !supportsDynamicImport;

/**
 * In place of a package's file, the module that Node itself made of it: read, compiled and run once a worker, and not
 * anew by each of its suites, some 2,500 files each time. Goes with one-realm.mjs: in a realm of its own a suite would
 * meet arrays and errors of a foreign one.
 */
export default {
  // What a file exports may change with any file that it hands on.
  getCacheKey: (_source, path, options) =>
    createHash('sha256').update(JSON.stringify([path, options.supportsStaticESM, isOfTool(options), process.version])).update(lock).digest('hex').slice(0, 32),

  process(source, path, options) {
    if (isOfTool(options)) return { code: source };
    const native = `process.getBuiltinModule('node:module').createRequire(${JSON.stringify(path)})(${JSON.stringify(path)})`;
    if (!options.supportsStaticESM) return { code: `module.exports = ${native};` };
    const names = Object.keys(require(path)).map((name, index) => `const export${index} = native[${JSON.stringify(name)}];\nexport { export${index} as ${name} };`);
    return { code: [`const native = ${native};`, ...names].join('\n') };
  },
};
