// The pages of the site, and their order: the tables of docs/README.md define it.

const fs = require('node:fs');
const path = require('node:path');

const PROJECT = ['CHANGELOG', 'CONTRIBUTING', 'SECURITY', 'CODE_OF_CONDUCT', 'benchmarks/README'];

const HEADING = /^#+ (.+)$/;

const ROW = /^\| \[(.+?)\]\(([^)#]+)\.md\) \|/;

// The files that are pages, relative to the root of the project.
exports.include = ['README.md', ...PROJECT.map((page) => `${page}.md`), 'docs/**/*.md'];

// What the sidebar shows for the pages in a directory: the groups of docs/README.md between the pages of the project.
exports.navigation = (root) => {
  const groups = [];
  let heading;
  for (const line of fs.readFileSync(path.join(root, 'docs/README.md'), 'utf8').split('\n')) {
    heading = line.match(HEADING)?.[1] ?? heading;
    const [, label, page] = line.match(ROW) ?? [];
    if (page) {
      if (groups.at(-1)?.label !== heading) {
        groups.push({ type: 'category', label: heading, collapsed: false, items: [] });
      }
      groups.at(-1).items.push({ type: 'doc', id: path.posix.join('docs', page), label });
    }
  }
  return { pages: ['README', 'docs/README', ...groups, { type: 'category', label: 'Project', items: PROJECT }] };
};
