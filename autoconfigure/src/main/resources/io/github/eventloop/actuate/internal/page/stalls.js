'use strict';

// The tables of stalls and of hotspots. The application omits details that the reader is not allowed to see.
const stallTables = (() => {

	const MAX_STALLS = 100;

	let known = new Map();

	// Returns whether the stalls have changed.
	function merge(live) {
		const before = known;
		if (live.complete) {
			known = new Map();
		}
		known = new Map(known);
		// Every response contains a stall in progress, until it has ended or is removed.
		known.forEach((stall, id) => stall.inProgress && known.delete(id));
		live.stalls.forEach((stall) => known.set(stall.id, stall));
		const newest = [...known.values()].sort((one, other) => Number(other.id) - Number(one.id)).slice(0, MAX_STALLS);
		known = new Map(newest.map((stall) => [stall.id, stall]));
		return live.stalls.length > 0 || before.size !== known.size;
	}

	function stalls() {
		return [...known.values()];
	}

	function showStalls(stalls, hint) {
		const target = byId('stalls');
		const opened = new Set([...target.querySelectorAll('details[open]')].map((details) => details.dataset.id));
		const focused = document.activeElement?.closest?.('details')?.dataset.id;
		target.replaceChildren(stalls.length ? table(['start', 'duration', 'loop', 'cause', 'line', 'route', 'requests'],
			stalls.map((stall) => element('tr', { 'class': stall.inProgress ? 'stalled' : null },
				cell('start', format.time(Date.parse(stall.startedAt))),
				cell('duration', format.millis(stall.durationMillis) + (stall.inProgress ? ' so far' : ''), 'number'),
				cell('loop', stall.loop), cell('cause', stall.cause), cell('line', lineWithDetails(stall, opened, hint)),
				cell('route', stall.route ?? placeholder(hint)), cell('requests', String(stall.inFlightRequests), 'number'))))
			: element('p', {}, 'No stalls yet.'), ...hints(hint));
		target.querySelector(`details[data-id="${focused}"] summary`)?.focus();
	}

	function lineWithDetails(stall, opened, hint) {
		const line = lineText(stall, hint);
		if (!stall.stack?.length && !stall.advice) {
			return line;
		}
		return element('details', { 'data-id': stall.id, open: opened.has(stall.id) },
			element('summary', {}, line), stall.advice ? element('p', {}, stall.advice) : null,
			element('p', {}, timeAttribution(stall)),
			hasSeparateEntry(stall) ? element('p', {}, 'called from ' + format.line(stall.entry)) : null,
			stall.lockOwner ? element('p', {}, 'lock held by ' + stall.lockOwner.thread
				+ (stall.lockOwner.at ? ' at ' + format.line(stall.lockOwner.at) : '')) : null,
			stall.traceId ? element('p', {}, 'trace ' + stall.traceId) : null,
			stall.stack?.length ? element('pre', {}, stall.stack.join('\n')) : null);
	}

	// The line of a stall or of a hotspot; never empty.
	function lineText(stall, hint) {
		if (stall.culprit) {
			return format.line(stall.culprit);
		}
		if (stall.doing) {
			return 'in ' + format.line(stall.doing);
		}
		if (stall.cause === 'STARVED') {
			return 'no line: no CPU available' + starvedBy(stall);
		}
		if (hint) {
			return 'not shown';
		}
		return stall.samples ? 'no line: most samples share no method' : 'no line: over before the first sample';
	}

	function starvedBy(stall) {
		return stall.starvedBy ? ` (${stall.starvedBy})` : '';
	}

	function placeholder(hint) {
		return hint ? 'not shown' : 'not known';
	}

	function hasSeparateEntry(stall) {
		return stall.entry && format.line(stall.entry) !== format.line(stall.culprit);
	}

	function timeAttribution(stall) {
		return [`computed for ${format.millis(stall.cpuMillis)}`,
			stall.starvedMillis ? `waited ${format.millis(stall.starvedMillis)} for a CPU${starvedBy(stall)}` : null,
			stall.gcMillis ? `waited ${format.millis(stall.gcMillis)} for the garbage collector` : null,
			stall.oneConnection ? `${receivedItems(stall)} of one connection` : null]
			.filter(Boolean).join(', ');
	}

	// Messages of a WebSocket are not counted, unlike requests, of which a flood has many.
	function receivedItems(stall) {
		return stall.tasksStarted < 16 ? 'messages' : `${stall.tasksStarted} requests`;
	}

	function showHotspots(hotspots, hint) {
		byId('hotspots').replaceChildren(hotspots.length ? table(['line', 'cause', 'stalls', 'total', 'longest', 'last seen', 'advice'],
			hotspots.map((hotspot) => element('tr', {},
				cell('line', element('code', { title: (hotspot.culprit ?? hotspot.doing)?.className ?? null }, lineText(hotspot, hint)
					+ (hasSeparateEntry(hotspot) ? ', called from ' + format.line(hotspot.entry) : ''))),
				cell('cause', hotspot.cause), cell('stalls', String(hotspot.count), 'number'),
				cell('total', format.millis(hotspot.totalMillis), 'number'),
				cell('longest', format.millis(hotspot.maxMillis), 'number'),
				cell('last seen', format.time(Date.parse(hotspot.lastSeenAt))), cell('advice', hotspot.advice ?? placeholder(hint), 'prose'))))
			: element('p', {}, 'No stalls yet.'), ...hints(hint));
	}

	function hints(hint) {
		return hint ? [element('p', { 'class': 'hint' }, hint)] : [];
	}

	function table(heads, rows) {
		return element('div', { 'class': 'scrolling', tabindex: '0', role: 'region', 'aria-label': heads.join(', ') }, element('table', {},
			element('thead', {}, element('tr', {}, ...heads.map((head) => element('th', { scope: 'col' }, head)))),
			element('tbody', {}, ...rows)));
	}

	function cell(label, content, kind) {
		return element('td', { 'data-label': label, 'class': kind }, content);
	}

	return { merge, stalls, showStalls, showHotspots };

})();
