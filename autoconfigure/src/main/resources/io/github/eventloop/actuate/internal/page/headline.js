'use strict';

// The status with its reason, and whether a loop is blocked right now, for how long and by which line.
const headline = (() => {

	const LAG = { docs: 'docs/how-it-measures.md#lag', meaning: 'How long an event waits on its loop before it is handled' };
	const UTILIZATION = { docs: 'docs/how-it-measures.md#iterations-and-utilization', meaning: 'The share of time in which the loops did not wait for events' };
	const PAUSES = { docs: 'docs/how-it-measures.md#pauses', meaning: 'Times in which the whole process was stopped, such as those of the garbage collector' };
	const STALLS = { docs: 'docs/stalls.md', meaning: 'Iterations of a loop that took longer than the stall threshold' };
	const REQUESTS = { docs: 'docs/endpoint.md#history', meaning: 'Requests that arrived on the loops, except those to a separate management port' };
	const IN_FLIGHT = { docs: 'docs/meters.md', meaning: 'Requests that have arrived on the loops and have no response yet' };

	function show(loops, stalls) {
		const status = loops.status || 'NOT AVAILABLE';
		document.body.dataset.status = status;
		setText(byId('status'), status);
		setText(byId('reason'), loops.reason);
		const blocked = blockedLoops(loops.loops, stalls);
		showBlocked(blocked, stalls);
		showFigures(loops);
		identity.showInTab(blocked.length ? blocked.length + ' blocked' : status, status);
	}

	// The loops are those of the end of the last second. A stall may have begun or ended since.
	function blockedLoops(loops, stalls) {
		const stalled = loops.filter((loop) => loop.state === 'STALLED');
		return [...stalled.map((loop) => ({ name: loop.name, millis: loop.busyMillis, stall: stallOf(loop, stalls) })),
			...stalls.filter((stall) => stall.inProgress && !stalled.some((loop) => loop.name === stall.loop))
				.map((stall) => ({ name: stall.loop, millis: stall.durationMillis, stall }))];
	}

	function stallOf(loop, stalls) {
		const newest = stalls.find((stall) => stall.loop === loop.name);
		return newest?.durationMillis >= loop.busyMillis ? newest : undefined;
	}

	function showBlocked(blocked, stalls) {
		const target = byId('blocked');
		target.classList.toggle('alarm', blocked.length > 0);
		if (!blocked.length) {
			const last = stalls.find((stall) => !stall.inProgress);
			setText(target, 'No loop is blocked right now.' + (last ? ' Last stall: ' + format.time(Date.parse(last.startedAt))
				+ ', ' + format.millis(last.durationMillis) + by(last) + '.' : ''));
			return;
		}
		// Screen readers announce the loops and culprits, but not the durations, which change with every update.
		const key = blocked.map((loop) => loop.name + by(loop.stall)).join();
		if (target.dataset.key !== key || !target.querySelector('.age')) {
			target.dataset.key = key;
			target.replaceChildren(...blocked.map((loop) => element('p', {}, element('strong', {}, loop.name),
				' has been blocked', element('span', { 'class': 'age', 'aria-live': 'off' }), by(loop.stall))));
		}
		target.querySelectorAll('.age').forEach((age, i) => setText(age, ' for ' + format.millis(blocked[i].millis)));
	}

	function by(stall) {
		if (!stall) {
			return '';
		}
		return (stall.culprit ? ' by ' + format.line(stall.culprit) : '') + ' (' + stall.cause + ')';
	}

	function showFigures(loops) {
		const window = 'over ' + Math.round(loops.windowSeconds) + ' s';
		const figures = [
			['lag p50', format.millis(loops.lag.p50Millis), window, LAG],
			['lag p99', format.millis(loops.lag.p99Millis), window, LAG],
			['lag max', format.millis(loops.lag.maxMillis), window, LAG],
			['utilization', format.percent(loops.utilization), window, UTILIZATION],
			['pauses', format.millis(loops.pause.totalMillis), window, PAUSES],
			['stalls', String(loops.stalls.total), 'since the start', STALLS],
			['requests', String(series.columns.requests.at(-1) ?? '?'), 'last second', REQUESTS],
			['in flight', inFlight(loops.loops), 'requests now', IN_FLIGHT],
		];
		const target = byId('figures');
		if (!target.children.length) {
			target.append(...figures.map(([name, , , term]) => element('div', {}, element('dt', {},
				element('a', { href: documentation + term.docs, title: term.meaning, target: '_blank', rel: 'noreferrer' }, name)),
				element('dd', {}, element('span'), element('small')))));
		}
		figures.forEach(([, value, over], i) => {
			setText(target.children[i].querySelector('span'), value);
			setText(target.children[i].querySelector('small'), over);
		});
	}

	// Requests that have arrived and have no response yet; known only for loops that accept connections.
	function inFlight(loops) {
		const known = loops.filter((loop) => loop.inFlightRequests !== undefined);
		return known.length ? String(d3.sum(known, (loop) => loop.inFlightRequests)) : '?';
	}

	return { show };

})();
