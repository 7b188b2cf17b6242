'use strict';

// Tables of columns, each with its head, the content for an item, and its class.
const tables = {

	table(title, columns, rows) {
		return element('div', { 'class': 'scrolling', tabindex: '0', role: 'region', 'aria-label': 'Table: ' + title }, element('table', {},
			element('thead', {}, element('tr', {}, ...columns.map(([head, , kind]) => element('th', { scope: 'col', 'class': kind || null }, head)))),
			element('tbody', {}, ...rows)));
	},

	row(columns, each) {
		return element('tr', {}, ...columns.map(([head, content, kind]) => element('td', { 'data-label': head, 'class': kind || null }, content(each))));
	},

	bar(share) {
		const filled = element('i');
		filled.style.width = share * 100 + '%';
		return element('span', { 'class': 'bar' }, filled);
	},

	share(share) {
		return element('span', { 'class': 'share' }, tables.bar(share), format.percent(share));
	},

};
