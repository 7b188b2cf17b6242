'use strict';

// The table of event loops, with one row per loop.
const loopTable = (() => {

	const rows = new Map();

	function show(loops) {
		const body = document.querySelector('#loops tbody');
		const names = loops.map((loop) => loop.name);
		for (const [name, row] of rows) {
			if (!names.includes(name)) {
				row.element.remove();
				rows.delete(name);
			}
		}
		loops.forEach((loop, i) => {
			if (!rows.has(loop.name)) {
				rows.set(loop.name, create(loop));
			}
			const row = rows.get(loop.name);
			if (body.children[i] !== row.element) {
				body.insertBefore(row.element, body.children[i] ?? null);
			}
			update(row, loop);
		});
	}

	// Threads that look like event loops and are not in the table, with the reason and the remedy.
	function showUnmeasured(found) {
		const target = byId('unmeasured');
		target.hidden = !found.length;
		setText(target, 'Not measured: ' + found.map((each) => each.name + ' (' + each.threads + '): ' + each.reason + '. To measure them, '
			+ each.remedy + '.').join(' '));
	}

	function create(loop) {
		const cell = (label, kind) => element('td', { 'data-label': label, 'class': kind });
		const row = { state: cell('state', 'state'), p99: cell('lag p99', 'number lag'), max: cell('lag max', 'number'),
			usage: cell('utilization, CPU', 'usage'), channels: cell('connections', 'number'), requests: cell('requests', 'number'), roles: element('small') };
		row.usage.append(element('span', { 'class': 'bars' }, bar('utilization'), bar('cpu')), element('span'));
		row.element = element('tr', {}, element('th', { scope: 'row' }, loop.name, ' ', row.roles), row.state, row.p99,
			row.max, row.usage, row.channels, row.requests, element('td', { 'class': 'more' }, toggle(row, loop.name)));
		return row;
	}

	// On a phone, a row is one line, until it is opened.
	function toggle(row, name) {
		const button = element('button', { type: 'button', 'aria-expanded': 'false', 'aria-label': 'Details of ' + name }, '\u22ef');
		button.addEventListener('click', () =>
			button.setAttribute('aria-expanded', String(row.element.toggleAttribute('data-open'))));
		return button;
	}

	function bar(kind) {
		return element('span', { 'class': 'bar ' + kind }, element('i'));
	}

	function update(row, loop) {
		row.element.className = loop.state.toLowerCase();
		setText(row.roles, loop.approximate ? 'approximate' : loop.roles.join(' ').toLowerCase());
		setText(row.state, loop.state === 'STALLED' ? 'STALLED for ' + format.millis(loop.busyMillis) : loop.state);
		setText(row.p99, format.millis(loop.lag.p99Millis));
		setText(row.max, format.millis(loop.lag.maxMillis));
		row.usage.querySelector('.utilization i').style.width = (loop.utilization ?? 0) * 100 + '%';
		row.usage.querySelector('.cpu i').style.width = (loop.cpuUtilization ?? 0) * 100 + '%';
		setText(row.usage.lastChild, formatShare(loop.utilization)
			+ (loop.cpuUtilization === undefined ? '' : ' / ' + format.percent(loop.cpuUtilization)));
		setText(row.channels, String(loop.channels ?? '?'));
		setText(row.requests, String(loop.inFlightRequests ?? (loop.approximate ? '?' : '\u2013')));
	}

	function formatShare(share) {
		return share === undefined ? '?' : format.percent(share);
	}

	return { show, showUnmeasured };

})();
