// Builds consult/static/vendor/ from the pinned packages: only the styles, scripts, icons and fonts that pages use.
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import { build, transform } from "esbuild";
import { PurgeCSS } from "purgecss";

const house = dirname(dirname(fileURLToPath(import.meta.url)));
const packages = join(house, "node_modules");
const theme = join(packages, "bootstrap-italia");
const statics = join(house, "consult", "static");
const vendor = join(statics, "vendor");
const fresh = join(house, "build", `vendor-${process.pid}`);

const FACES = { "400": "regular", "400-italic": "italic", "600": "600", "700": "700" };
const PLUGINS = { collapse: ["collapse", "accordion"], dropdown: ["dropdown"], navbarcollapsible: ["navbar-collapsible"] };
// classes that templates put together from pieces, or that scripts add
const SAFE = [
  /^(alert|badge|bg|border|btn|btn-outline|callout|chip|icon|link|text)-(primary|secondary|success|info|warning|danger|light|white|dark|black|neutral)$/,
  /^(alert|btn|icon)-(link|sm|xs|lg|xl)$/,
  /^(active|collapse|collapsed|collapsing|disabled|expanded|fade|focus--mouse|show|is-invalid|is-valid|invalid-feedback|was-validated)$/,
];
// words of prose that are also names of heavy components nobody here uses
const UNUSED = [/carousel/, /cookiebar/, /datepicker/, /popover/, /progress-donut/, /splide/, /timepicker/, /^\.?vjs/, /video-js/, /videoplayer/];

const read = (...path) => readFileSync(join(...path), "utf8");
const write = (name, text) => writeFileSync(join(fresh, name), text);

function filesUnder(folder, ending) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

const templates = filesUnder(join(house, "templates"), ".html");
const modules = filesUnder(join(house, "consult"), ".py");
const ownStyles = existsSync(join(statics, "site.css")) ? read(statics, "site.css") : "";
const ownScripts = existsSync(join(statics, "site.js")) ? [join(statics, "site.js")] : [];

/** The first digits of a file's hash, as consult/core/assets.py puts them into addresses. */
function mark(content) {
  return createHash("sha256").update(content).digest("hex").slice(0, 16);
}

function fonts() {
  mkdirSync(join(fresh, "fonts"));
  // people write them, and a document that everyone can read may hold no sign without a drawing
  copyFileSync(join(packages, "@expo-google-fonts/noto-emoji/400Regular/NotoEmoji_400Regular.ttf"), join(fresh, "fonts/noto-emoji.ttf"));
  return Object.entries(FACES).map(([face, source]) => {
    const name = `fonts/titillium-web-${face}.woff2`;
    copyFileSync(join(theme, "dist/fonts/Titillium_Web", `titillium-web-v10-latin-ext_latin-${source}.woff2`), join(fresh, name));
    // documents are set in the same face, by a compiler that reads only whole fonts
    copyFileSync(join(theme, "dist/fonts/Titillium_Web", `titillium-web-v10-latin-ext_latin-${source}.ttf`), join(fresh, `fonts/titillium-web-${face}.ttf`));
    const style = face.endsWith("italic") ? "italic" : "normal";
    return `@font-face{font-family:"Titillium Web";font-style:${style};font-weight:${parseInt(face)};font-display:swap;`
      + `src:url(${name}?v=${mark(readFileSync(join(fresh, name)))}) format("woff2")}`;
  }).join("");
}

async function styles() {
  const [purged] = await new PurgeCSS().purge({
    content: [...templates, ...modules, ...ownScripts],
    css: [{ raw: read(theme, "dist/css/bootstrap-italia.min.css") }],
    defaultExtractor: (text) => text.match(/[\w/-]*[\w/]/g) ?? [],
    safelist: { standard: SAFE, variables: ownStyles.match(/--[\w-]+/g) ?? [] },
    blocklist: UNUSED,
    keyframes: true,
    fontFace: true, // among them one in a data: address, which the content security policy refuses
    variables: true,
  });
  const { code } = await transform(purged.css, { loader: "css", minify: true, legalComments: "inline" });
  write("vendor.css", fonts() + code);
}

/** htmx, and the plugins whose data-bs-toggle some template uses: each wires itself to the attribute. */
async function scripts() {
  const toggled = new Set(templates.flatMap((file) => readFileSync(file, "utf8").match(/(?<=data-bs-toggle=")\w+/g) ?? []));
  const names = ["init", ...[...toggled].sort().flatMap((toggle) => PLUGINS[toggle])];
  const lines = [...names.map((name) => `import "bootstrap-italia/dist/plugins/${name}.js";`), 'import "htmx.org";'];
  await build({
    stdin: { contents: lines.join("\n"), resolveDir: house },
    outfile: join(fresh, "vendor.js"),
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2020",
    legalComments: "none",
    ignoreAnnotations: true, // the plugins act when imported, which the package denies
    logLevel: "warning",
  });
}

/** Only the symbols that some template or module names. */
function icons() {
  const named = new Set([...templates, ...modules].flatMap((file) => readFileSync(file, "utf8").match(/\bit-[\w-]+/g) ?? []));
  const symbols = read(theme, "dist/svg/sprites.svg").match(/<symbol id="[^"]+".*?<\/symbol>/gs);
  const used = symbols.filter((symbol) => named.has(symbol.match(/id="([^"]+)"/)[1]));
  write("sprites.svg", `<svg xmlns="http://www.w3.org/2000/svg">${used.join("")}</svg>\n`);
}

function licences() {
  const texts = [
    ["Bootstrap Italia", join(theme, "LICENSE")],
    ["Titillium Web", join(theme, "dist/fonts/Titillium_Web/OFL.txt")],
    ["Noto Emoji", join(packages, "@expo-google-fonts/noto-emoji/LICENSE_FONT")],
    ["Popper", join(packages, "@popperjs/core/LICENSE.md")],
    ["htmx", join(packages, "htmx.org/LICENSE")],
  ];
  write("LICENSES.txt", texts.map(([name, path]) => `${name}\n${"=".repeat(name.length)}\n\n${read(path)}`).join("\n\n"));
}

mkdirSync(fresh, { recursive: true });
await styles();
await scripts();
icons();
licences();
mkdirSync(join(vendor, "fonts"), { recursive: true });
for (const file of filesUnder(fresh, "")) renameSync(file, join(vendor, relative(fresh, file))); // a page never misses one
rmSync(fresh, { recursive: true });
