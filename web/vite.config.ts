import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** What the till's page is made of, by the names that the build gave it. */
const ofTill = new Set<string>();

/** Follows the till's page to every file that it loads: the pages share one build, and a till keeps nobody else's files. */
const tillFiles: Plugin = {
  name: 'till-files',
  enforce: 'post',
  generateBundle: {
    order: 'post',
    handler(_options, bundle) {
      const take = (name: string): void => {
        const file = bundle[name];
        if (file === undefined || ofTill.has(name)) return;
        ofTill.add(name);
        if (file.type !== 'chunk') return;
        for (const next of [...file.imports, ...file.dynamicImports, ...(file.viteMetadata?.importedCss ?? []), ...(file.viteMetadata?.importedAssets ?? [])]) take(next);
      };
      for (const file of Object.values(bundle)) if (file.type === 'chunk' && file.isEntry && file.name === 'till') take(file.fileName);
      for (const name of Object.keys(bundle)) if (name.endsWith('.svg')) take(name);
    },
  },
};

/** The page is kept under its address, and what stands at the root of the build (manifest, icons) beside it. */
function kept(url: string): string | null {
  if (url === 'till/index.html') return '/till';
  return ofTill.has(url) || !url.includes('/') ? `/${url}` : null;
}

/** The till's service worker stands at the root under a name of its own, so that it may serve the address of the page. */
const worker = VitePWA({
  strategies: 'injectManifest', srcDir: 'till', filename: 'till-sw.ts', scope: '/till', registerType: 'prompt', injectRegister: false,
  // The manifest is the till's alone; the plug-in would put it into every page.
  manifest: false,
  injectManifest: {
    rollupFormat: 'iife',
    globPatterns: ['**/*'],
    globIgnores: ['till-sw.*'],
    dontCacheBustURLsMatching: /assets\//,
    manifestTransforms: [(entries) => ({
      manifest: entries.flatMap((entry) => {
        const url = kept(entry.url);
        return url === null ? [] : [{ ...entry, url }];
      }),
    })],
  },
});

/** Every front is a folder with an index.html; each gets a line here and its address in src/web.ts. */
export default defineConfig({
  root: here('.'),
  plugins: [react(), tillFiles, worker],
  build: {
    outDir: here('../dist/web'),
    emptyOutDir: true,
    target: 'es2022',
    // Small fonts and pictures stay files: the pages' security policy allows no data addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      input: { front: here('front/index.html'), till: here('till/index.html'), console: here('console/index.html'), receipt: here('receipt/index.html'), elder: here('elder/index.html') },
    },
  },
});
