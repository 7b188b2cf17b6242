// Links to files of the repository that are not part of the site lead to the repository, in the same version, as those to
// HTML do, which Docusaurus takes for pages.

const fs = require('node:fs');
const path = require('node:path');

module.exports = ({ root, repository }) => (tree, file) => {
  const version = path.relative(__dirname, file.path).match(/^versioned_docs\/version-([^/]+)\//)?.[1];
  const top = version ? path.join(__dirname, 'versioned_docs', `version-${version}`) : root;
  const visit = (node) => {
    if (['link', 'definition'].includes(node.type) && !/^([a-z]+:|#|\/)/.test(node.url)) {
      const target = path.relative(top, path.resolve(path.dirname(file.path), node.url.split('#')[0]));
      if (target.endsWith('.html') || (!target.endsWith('.md') && !target.startsWith('docs/'))) {
        node.url = `${repository}/blob/${version ? `v${version}` : 'main'}/${target}`;
      }
    }
    node.children?.forEach(visit);
  };
  visit(tree);
};
