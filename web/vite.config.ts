import react from '@vitejs/plugin-react';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const WORKER = 'till-sw';

/**
 * Tells the till's service worker which files to keep: what its page is made of, whatever the build named it, and a mark
 * over all of it. The page itself is kept under its address.
 */
function tillFiles(): Plugin {
  return {
    name: 'till-files',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const worker = bundle[`${WORKER}.js`];
        const page = Object.values(bundle).find((file) => file.type === 'chunk' && file.isEntry && file.name === 'till');
        if (worker?.type !== 'chunk' || page?.type !== 'chunk') return;
        const wanted = new Set<string>();
        const take = (name: string): void => {
          const file = bundle[name];
          if (file === undefined || wanted.has(name)) return;
          wanted.add(name);
          if (file.type !== 'chunk') return;
          for (const next of [...file.imports, ...file.dynamicImports, ...(file.viteMetadata?.importedCss ?? []), ...(file.viteMetadata?.importedAssets ?? [])]) take(next);
        };
        take(page.fileName);
        for (const [name, file] of Object.entries(bundle)) if (file.type === 'asset' && name.endsWith('.svg')) take(name);
        const ofPublic = readdirSync(here('public'));
        const mark = createHash('sha256').update([...wanted].sort().join('\n')).update(worker.code);
        for (const name of [...ofPublic.map((file) => here(`public/${file}`)), here('till/index.html')]) mark.update(readFileSync(name));
        worker.code = worker.code
          .replaceAll('__TILL_FILES__', JSON.stringify([...wanted, ...ofPublic].sort().map((name) => `/${name}`)))
          .replaceAll('__TILL_MARK__', JSON.stringify(mark.digest('hex').slice(0, 16)));
      },
    },
  };
}

/** Every front is a folder with an index.html; each gets a line here and its address in src/web.ts. */
export default defineConfig({
  root: here('.'),
  plugins: [react(), tillFiles()],
  build: {
    outDir: here('../dist/web'),
    emptyOutDir: true,
    target: 'es2022',
    // Small fonts and pictures stay files: the pages' security policy allows no data addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      input: { front: here('front/index.html'), till: here('till/index.html'), [WORKER]: here('till/worker.ts') },
      // A service worker is found by its name and stands at the root, so that it may serve the address of the page.
      output: { entryFileNames: ({ name }) => (name === WORKER ? '[name].js' : 'assets/[name]-[hash].js') },
    },
  },
});
