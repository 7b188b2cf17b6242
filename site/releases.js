// Takes the pages of the releases from their tags: of each minor version, those of its newest patch.

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const { navigation } = require('./pages');

const git = (...args) => execFileSync('git', args, { cwd: '..', maxBuffer: 1e9 });

const newestFirst = git('tag', '--list', 'v*.*.*', '--sort=-version:refname').toString().split('\n').filter(Boolean);
const minors = new Set();
const versions = [];
process.chdir(__dirname);
for (const each of ['versioned_docs', 'versioned_sidebars']) {
  fs.rmSync(each, { recursive: true, force: true });
  fs.mkdirSync(each);
}
for (const tag of newestFirst) {
  const version = tag.slice(1);
  const minor = version.replace(/\.\d+$/, '');
  if (!minors.has(minor)) {
    minors.add(minor);
    versions.push(version);
    const pages = path.resolve(`versioned_docs/version-${version}`);
    fs.mkdirSync(pages);
    const files = git('archive', tag, '*.md', 'docs', 'benchmarks/README.md');
    execFileSync('tar', ['-x', '-C', pages], { input: files });
    fs.writeFileSync(`versioned_sidebars/version-${version}-sidebars.json`, JSON.stringify(navigation(pages)));
  }
}
fs.writeFileSync('versions.json', JSON.stringify(versions));
