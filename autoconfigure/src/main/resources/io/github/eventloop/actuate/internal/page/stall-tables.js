'use strict';

// The tables of hotspots and of stalls. Equal stalls are one row; both follow the selected time.
const stallTables = (() => {

	const ROWS = 10;
	const LISTED = 12;

	const opened = new Set();

	let all = false;
	let hotspots = [];
	let detailed = true;

	function show(known, newHotspots, hint) {
		hotspots = newHotspots ?? hotspots;
		detailed = !hint;
		const stalls = selection.stallsOf(known);
		showHotspots(selection.range() ? hotspotsOf(stalls) : hotspots);
		showStalls(stalls);
	}

	function hotspotsOf(stalls) {
		return groups(stalls).map((group) => ({ ...group.newest, count: group.stalls.length, totalMillis: group.total, maxMillis: group.longest,
			lastSeenAt: group.newest.startedAt })).sort((one, other) => other.totalMillis - one.totalMillis);
	}

	// Stalls with the same cause, line, entry and route, the newest group first.
	function groups(stalls) {
		const found = new Map();
		for (const stall of stalls) {
			const key = [stall.cause, stallText.line(stall), stallText.entry(stall), stall.route, stall.peer, detailed ? '' : stall.loop].join('\n');
			if (!found.has(key)) {
				found.set(key, { key, newest: stall, stalls: [] });
			}
			found.get(key).stalls.push(stall);
		}
		return [...found.values()].map((group) => ({ ...group, total: d3.sum(group.stalls, (each) => each.durationMillis),
			longest: d3.max(group.stalls, (each) => each.durationMillis), requests: d3.max(group.stalls, (each) => each.inFlightRequests) }));
	}

	function showHotspots(shown) {
		const all = d3.sum(shown, (each) => each.totalMillis);
		const columns = visible([
			['line', (each) => element('code', { title: (each.culprit ?? each.doing)?.className ?? null }, stallText.line(each)
				+ (stallText.entry(each) ? ', called from ' + stallText.entry(each) : '')), 'line', true],
			['cause', (each) => each.cause],
			['share of the time', (each) => tables.share(each.totalMillis / all)],
			['stalls', (each) => String(each.count), 'number'], ['total', (each) => format.millis(each.totalMillis), 'number'],
			['longest', (each) => format.millis(each.maxMillis), 'number'], ['last seen', (each) => format.time(Date.parse(each.lastSeenAt))],
			['advice', (each) => each.advice ?? '\u2013', 'prose', true]]);
		byId('hotspots').replaceChildren(shown.length ? tables.table('Hotspots', columns, shown.map((each) => tables.row(columns, each))) : none());
	}

	function showStalls(stalls) {
		const target = byId('stalls');
		const focused = document.activeElement?.dataset?.key;
		const found = groups(stalls);
		const columns = visible([
			['line', (group) => toggle(group, stallText.line(group.newest)), 'line', true], ['cause', (group) => detailed ? group.newest.cause
				: toggle(group, group.newest.cause)], ['loop', (group) => loopsOf(group), 'name'],
			['route', (group) => group.newest.route ?? (group.newest.peer ? 'response of ' + group.newest.peer : '\u2013'), '', true],
			['stalls', (group) => String(group.stalls.length), 'number'],
			['total', (group) => format.millis(group.total), 'number'],
			['longest', (group) => format.millis(group.longest) + (group.newest.inProgress && group.newest.durationMillis === group.longest ? ' so far' : ''), 'number'],
			['last', (group) => format.time(Date.parse(group.newest.startedAt))], ['requests', (group) => String(group.requests), 'number']]);
		const rows = found.slice(0, all ? undefined : ROWS).flatMap((group) => {
			const shown = tables.row(columns, group);
			shown.classList.toggle('stalled', Boolean(group.newest.inProgress));
			return opened.has(group.key) ? [shown, openedRow(group)] : [shown];
		});
		target.replaceChildren(...(found.length ? [tables.table('Stalls', columns, rows)] : [none()]));
		if (found.length > ROWS) {
			const more = element('button', { type: 'button' }, all ? 'Show ten' : 'Show ' + (found.length - ROWS) + ' more');
			more.addEventListener('click', () => {
				all = !all;
				showStalls(stalls);
			});
			target.append(more);
		}
		if (focused) {
			[...target.querySelectorAll('button[data-key]')].find((button) => button.dataset.key === focused)?.focus();
		}
	}

	function loopsOf(group) {
		const names = [...new Set(group.stalls.map((stall) => stall.loop))];
		return names.length > 1 ? names.length + ' loops' : names[0];
	}

	function toggle(group, text) {
		const button = element('button', { type: 'button', 'class': 'toggle', 'data-key': group.key, 'aria-expanded': String(opened.has(group.key)) }, text);
		button.addEventListener('click', () => {
			opened.has(group.key) ? opened.delete(group.key) : opened.add(group.key);
			showStalls(selection.stallsOf(stallLog.all()));
		});
		return button;
	}

	// Below the row, so that the columns keep their widths.
	function openedRow(group) {
		const times = group.stalls.slice(0, LISTED).map((stall) => element('a', { href: '#stall=' + stall.id },
			format.time(Date.parse(stall.startedAt)) + ', ' + format.millis(stall.durationMillis)));
		return element('tr', { 'class': 'opened' }, element('td', { colspan: String(detailed ? 9 : 7) }, element('div', {},
			element('p', { 'class': 'times' }, ...times, group.stalls.length > LISTED ? element('span', {}, 'and ' + (group.stalls.length - LISTED) + ' more') : null),
			...stallText.details(group.newest))));
	}

	function none() {
		return element('p', {}, selection.range() ? 'No stalls in the selected time.' : 'No stalls yet.');
	}

	// A column that a reader without access to details would find empty is left out.
	function visible(columns) {
		return columns.filter(([, , , isDetail]) => detailed || !isDetail);
	}

	return { show };

})();
