/**
 * Writes the served form of the console: `node console/build.mjs <folder>`.
 *
 * One style sheet, one main script with all of `shared/` and the shell, and a script for each page, loaded when the page
 * is opened. Pages share code that is not in `shared/` by chunks. Names contain a hash of the content, so that browsers
 * may keep them for ever; `shell.html` and `pages.json` name them.
 */

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const HERE = dirname(fileURLToPath(import.meta.url));
const COMMON = {
  absWorkingDir: HERE, bundle: true, minify: true, write: false, format: 'esm', target: ['es2022'], legalComments: 'none',
  jsx: 'automatic', jsxImportSource: 'preact', logLevel: 'warning', charset: 'utf8',
};
const IN_MAIN = ['preact', 'preact/hooks', 'preact/jsx-runtime'];

const files = (folder, endings) => readdirSync(join(HERE, folder), { recursive: true })
  .map((name) => join(HERE, folder, name)).filter((path) => endings.some((ending) => path.endsWith(ending))).sort();

const hashed = (name, ending, text) => `${name}-${createHash('sha256').update(text).digest('hex').slice(0, 10)}.${ending}`;

/** A page's description: the JSON in the comment that is its first line. */
function described(path) {
  const [head] = readFileSync(path, 'utf8').split('\n', 1);
  const found = /^\/\/ (\{.*\})$/.exec(head);
  if (!found) throw new Error(`${relative(HERE, path)}: the first line must be like // {"title": "Links", "menu": "Links"}`);
  return JSON.parse(found[1]);
}

async function style() {
  const { outputFiles: [css] } = await build({ ...COMMON, entryPoints: ['styles/console.css'], outdir: 'out' });
  return css.text;
}

/** The shell, everything in shared/, and Preact: what pages import, they import from here. */
async function mainScript() {
  const shared = files('shared', ['.ts', '.tsx']).map((path) => `export * from './${relative(HERE, path)}';`);
  const contents = [
    "import './shell/main';",
    "export { Fragment, createContext, h, render } from 'preact';",
    "export * from 'preact/hooks';",
    "export { jsx, jsxs } from 'preact/jsx-runtime';",
    ...shared,
  ].join('\n');
  const { outputFiles: [script] } = await build({ ...COMMON, stdin: { contents, resolveDir: HERE, loader: 'ts' }, outdir: 'out' });
  return script.text;
}

async function pageScripts(paths, main) {
  const fromMain = {
    name: 'from-main',
    setup({ onResolve }) {
      onResolve({ filter: /.*/ }, ({ path, resolveDir, kind }) => {
        if (kind === 'entry-point') return null;
        const isShared = path.startsWith('.') && /^(shared|shell)[\\/]/.test(relative(HERE, resolve(resolveDir, path)));
        return isShared || IN_MAIN.includes(path) ? { path: `./${main}`, external: true } : null;
      });
    },
  };
  const { outputFiles, metafile } = await build({
    ...COMMON, entryPoints: paths, splitting: true, metafile: true, outdir: 'out', plugins: [fromMain],
    entryNames: '[name]-[hash]', chunkNames: 'part-[hash]',
  });
  return { scripts: new Map(outputFiles.map((file) => [basename(file.path), file.text])), outputs: Object.entries(metafile.outputs) };
}

/** The scripts of a page: its own and the chunks that it imports. */
function scriptsOf(path, outputs) {
  const [own, { imports }] = outputs.find(([, output]) => output.entryPoint && resolve(HERE, output.entryPoint) === path);
  return [own, ...imports.filter((one) => !one.external).map((one) => one.path)].map((name) => basename(name));
}

async function served() {
  const paths = files('pages', ['.tsx']);
  const css = await style();
  const main = await mainScript();
  const names = { style: hashed('console', 'css', css), main: hashed('main', 'js', main) };
  const { scripts, outputs } = await pageScripts(paths, names.main);
  const pages = {};
  for (const path of paths) {
    const name = basename(path, '.tsx');
    if (pages[name]) throw new Error(`${relative(HERE, path)}: there is another page named ${name}`);
    pages[name] = { ...described(path), scripts: scriptsOf(path, outputs) };
  }
  const icon = readFileSync(join(HERE, 'icon.svg'), 'utf8').trim();
  const shell = readFileSync(join(HERE, 'shell/shell.html'), 'utf8')
    .replace('{style}', names.style).replace('{icon}', `data:image/svg+xml,${encodeURIComponent(icon)}`).replace('{main}', names.main).replace('{pages}', JSON.stringify(pages).replaceAll('<', '\\u003c'));
  return new Map([
    [names.style, css], [names.main, main], ...scripts, ['icon.svg', icon], ['shell.html', shell],
    ['pages.json', `${JSON.stringify({ source: process.env.CONSOLE_SOURCE ?? '', pages }, null, 1)}\n`],
  ]);
}

const target = resolve(process.argv[2]);
const made = await served();
rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
for (const [name, text] of made) writeFileSync(join(target, name), text);
