// Bundles the explorer into the folder given, each file compressed, and refuses what would reach outside.
import { build } from 'esbuild';
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const [target] = process.argv.slice(2);
const bundle = join(process.cwd(), 'bundle');
await rm(bundle, { recursive: true, force: true });
await mkdir(bundle);

const common = {
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  outdir: bundle,
  charset: 'utf8',
  legalComments: 'eof',
  logLevel: 'warning',
  define: { 'process.env.NODE_ENV': '"production"' },
};
await build({
  ...common,
  entryPoints: ['main.jsx'],
  jsx: 'automatic',
  splitting: true,
  entryNames: '[name]',
  chunkNames: 'chunk-[hash]',
  assetNames: 'asset-[hash]',
  loader: { '.ttf': 'file', '.woff': 'file', '.woff2': 'file', '.graphql': 'text' },
});
await build({
  ...common,
  entryPoints: {
    'editor.worker': 'monaco-editor/esm/vs/editor/editor.worker.js',
    'json.worker': 'monaco-editor/esm/vs/language/json/json.worker.js',
    'graphql.worker': 'monaco-graphql/esm/graphql.worker.js',
  },
});
for (const file of ['index.html', 'page.css']) await copyFile(file, join(bundle, file));

// A page of an intranet must not wait for a host that it cannot reach. (Links that somebody may click are text.)
const outside = /(?:import\s*\(?\s*|importScripts\s*\(\s*|\bsrc\s*=\s*|url\(\s*)["']?https?:\/\//;
await mkdir(target, { recursive: true });
for (const name of await readdir(bundle)) {
  const bytes = await readFile(join(bundle, name));
  if (outside.test(bytes.toString('utf8'))) throw new Error(`${name} loads something from outside`);
  await writeFile(join(target, `${name}.gz`), gzipSync(bytes, { level: 9 }));
}
