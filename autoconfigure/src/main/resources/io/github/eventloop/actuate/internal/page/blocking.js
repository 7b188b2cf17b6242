'use strict';

// The blocking calls on loops, if the application detects them.
const blockingCalls = (() => {

	// All pages request them in the same second, so that they share one response.
	const INTERVAL = 30_000;
	const TIMEOUT = 10_000;
	const ROWS = 10;

	let requested;
	let detected = true;

	// Once, and every 30 seconds if there is a detector.
	function refresh(now) {
		const due = Math.floor(now / INTERVAL);
		if (!detected || document.hidden || due === requested) {
			return;
		}
		requested = due;
		request().catch(() => {});
	}

	async function request() {
		const response = await fetchView('blocking', 'application/json', AbortSignal.timeout(TIMEOUT));
		if (response.ok) {
			show(await response.json());
		}
	}

	function show(blocking) {
		detected = blocking.detector !== 'none';
		byId('blocking').hidden = !detected;
		const columns = [
			['line', (each) => element('code', {}, each.culprit ? format.line(each.culprit) : '\u2013'), 'line'],
			['kind', (each) => each.kind],
			['calls', (each) => String(each.count), 'number'],
			['total', (each) => each.totalMillis ? format.millis(each.totalMillis) : '?', 'number'],
			['longest', (each) => each.maxMillis ? format.millis(each.maxMillis) : '?', 'number'],
			['last', (each) => format.time(Date.parse(each.lastSeenAt))]].slice(blocking.hint ? 1 : 0);
		byId('blocking-calls').replaceChildren(blocking.calls.length
			? tables.table('Blocking calls', columns, blocking.calls.slice(0, ROWS).map((each) => tables.row(columns, each)))
			: element('p', {}, 'No blocking calls yet.'));
	}

	return { refresh };

})();
