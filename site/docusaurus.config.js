// The site of the documentation: the Markdown files of the repository, of the main branch as 'snapshot' and of each
// release under its version. 'latest' leads to the newest release.

const fs = require('node:fs');
const path = require('node:path');

const { themes } = require('prism-react-renderer');

const { include } = require('./pages');
const versions = require('./versions.json');

const root = path.resolve('..');
const pom = fs.readFileSync(path.join(root, 'pom.xml'), 'utf8');
const property = (name) => pom.match(new RegExp(`<${name}>(.+)</${name}>`))[1];
const repository = property('repository');
const [owner, name] = repository.split('/').slice(-2);
const latest = versions[0] ?? 'snapshot';

module.exports = {
  title: property('name'),
  tagline: property('description'),
  url: `https://${owner}.github.io`,
  baseUrl: `/${name}/`,
  favicon: 'icon.svg',
  onBrokenLinks: 'throw',
  onBrokenAnchors: 'throw',
  onDuplicateRoutes: 'throw',
  future: { v4: true, faster: true },
  markdown: {
    format: 'md',
    mermaid: true,
    hooks: { onBrokenMarkdownLinks: 'throw', onBrokenMarkdownImages: 'throw' },
  },
  plugins: [
    [
      '@docusaurus/plugin-content-docs',
      {
        path: root,
        include,
        routeBasePath: '/',
        sidebarPath: './sidebars.js',
        numberPrefixParser: false,
        beforeDefaultRemarkPlugins: [[require('./repository-links'), { root, repository }]],
        versions: Object.fromEntries([
          ['current', { label: 'snapshot', path: 'snapshot', banner: versions.length ? 'unreleased' : 'none' }],
          ...versions.map((version) => [version, { path: version }]),
        ]),
      },
    ],
    [
      '@docusaurus/plugin-client-redirects',
      {
        createRedirects: (page) => {
          if (!page.startsWith(`/${latest}/`)) {
            return [];
          }
          const alias = page.replace(latest, 'latest');
          return alias === '/latest/' ? ['/', alias] : [alias];
        },
      },
    ],
  ],
  themes: [
    ['@docusaurus/theme-classic', { customCss: './style.css' }],
    '@docusaurus/theme-mermaid',
    [
      '@easyops-cn/docusaurus-search-local',
      { docsRouteBasePath: '/', docsDir: '../docs', indexBlog: false, hashed: true },
    ],
  ],
  themeConfig: {
    colorMode: { respectPrefersColorScheme: true },
    docs: { sidebar: { hideable: true } },
    navbar: {
      title: property('name'),
      logo: { src: 'icon.svg', href: `/${latest}/` },
      items: [
        { type: 'docsVersionDropdown', position: 'right' },
        { href: repository, label: 'Source', position: 'right' },
      ],
    },
    prism: {
      theme: themes.github,
      darkTheme: themes.dracula,
      additionalLanguages: ['bash', 'groovy', 'java', 'json', 'properties'],
    },
  },
};
