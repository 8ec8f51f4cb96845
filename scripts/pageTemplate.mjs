// The page that `famfs map --html` writes, but for the pool in it: one file without any other, which may run and show only what
// is in it. Its policy names program and style sheet by their hashes, so nothing that a file name could smuggle in would run.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { build } from 'esbuild';

/** Where the command puts the pool: base64, in an element that browsers do not run. */
const POOL = '<script type="application/octet-stream" id="pool-data">@POOL@</script>';

/** The page, and the paths of all modules in it. */
export async function pageTemplate() {
  const { outputFiles, metafile } = await build({
    entryPoints: ['src/page/main.ts'],
    outdir: 'page',
    bundle: true,
    platform: 'browser',
    format: 'esm',
    target: ['chrome109', 'firefox115', 'safari16.4'],
    minify: true,
    charset: 'utf8',
    write: false,
    metafile: true,
  });
  const [script, style] = ['.js', '.css'].map((end) => outputFiles.find(({ path }) => path.endsWith(end)).text.trim());
  const policy = [
    "default-src 'none'",
    `script-src '${sourceHash(script)}'`,
    `style-src '${sourceHash(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const head = `<meta http-equiv="Content-Security-Policy" content="${policy}">\n<style>${style}</style>\n</head>`;
  const body = `${POOL}\n<script type="module">${script}</script>\n</body>`;
  const html = readFileSync('src/page/index.html', 'utf8')
    .replace('</head>', () => head)
    .replace('</body>', () => body);
  return { html, modules: Object.keys(metafile.inputs) };
}

function sourceHash(text) {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
