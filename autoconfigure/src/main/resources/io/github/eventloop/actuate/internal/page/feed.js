'use strict';

// The views are below the address of this page, regardless of its path and port. The header X-Requested-With makes a
// security filter reject the request instead of responding with a login form or dialog.
function fetchView(view, type, signal) {
	if (saved) {
		const body = saved.views[view + ' ' + type];
		return Promise.resolve(new Response(body ?? '', { status: body ? 200 : 404, headers: { 'Content-Type': type } }));
	}
	return fetch(location.origin + location.pathname.replace(/\/+$/, '') + '/' + view,
		{ headers: { Accept: type, 'X-Requested-With': 'XMLHttpRequest' }, cache: 'no-store', redirect: 'manual', signal });
}

function problemOf(response) {
	if (response.type === 'opaqueredirect' || response.status === 401 || response.status === 403) {
		return 'You are no longer logged in, or are not allowed to see this: reload the page.';
	}
	if (response.status === 503) {
		return 'The application, or a proxy in front of it, rejects requests (503).';
	}
	return response.ok ? 'The response is not from the application.' : 'The application responded with ' + response.status + '.';
}

// Polls for updates, one request at a time: once a second, less often if responses are slow, and not at all while the
// page is hidden. All pages poll at the same time, shortly after the end of a second, so that they share one response and
// one wake-up of the application, which costs more than the response. This relies on the clocks of both sides, but only
// for that.
const feed = (() => {

	const INTERVAL = 1000;
	const LONGEST_INTERVAL = 10_000;
	const TIMEOUT = 10_000;
	// The time from the end of a second, by which the application has recorded it.
	const DELAY = 100;
	// A response may take at most a fifth of the interval.
	const INTERVAL_PER_DURATION = 5;

	let instance;
	let after;
	let position;
	let lastResponseAt;
	let failures = 0;
	let requestedAt;
	let timer;
	let problem;

	function start(show) {
		if (saved) {
			return showSaved(show);
		}
		setText(byId('feed'), 'Connecting to the application\u2026');
		const go = async () => {
			timer = undefined;
			if (document.hidden) {
				return;
			}
			const wait = await poll(show);
			timer = setTimeout(go, Math.max(0, wait));
			report(wait);
		};
		document.addEventListener('visibilitychange', () => {
			if (document.hidden) {
				identity.showInTab('not updating');
			} else if (requestedAt === undefined) {
				clearTimeout(timer);
				go();
			}
		});
		setInterval(() => requestedAt !== undefined && performance.now() - requestedAt > INTERVAL && report(), 500);
		go();
	}

	function showSaved(show) {
		document.body.classList.add('saved');
		setText(byId('feed'), 'Saved on ' + new Date(saved.at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' })
			+ ' from ' + saved.origin + '. This file does not update.');
		show(saved.live);
	}

	async function poll(show) {
		requestedAt = performance.now();
		const first = after === undefined;
		try {
			const live = await get();
			const duration = performance.now() - requestedAt;
			requestedAt = undefined;
			failures = 0;
			problem = undefined;
			lastResponseAt = Date.now();
			draw(show, live);
			// The first response is slower, because it contains the whole history.
			const interval = first ? INTERVAL : Math.min(LONGEST_INTERVAL, Math.max(INTERVAL, duration * INTERVAL_PER_DURATION));
			return untilSecondEnds(interval - duration);
		} catch (reason) {
			requestedAt = undefined;
			failures++;
			problem = reason.name === 'ResponseError' ? reason.message : undefined;
			return Math.min(LONGEST_INTERVAL, INTERVAL * 2 ** (failures - 1));
		}
	}

	// Returns the time to wait, up to half a second more or less, so that the next request follows the end of a second.
	function untilSecondEnds(wait) {
		const early = (after ?? 0) + DELAY - (Date.now() + wait);
		return wait + early - Math.round(early / INTERVAL) * INTERVAL;
	}

	function draw(show, live) {
		try {
			show(live);
			after = live.history.epochMillis.at(-1) ?? after;
			position = live.position;
		} catch (reason) {
			// Nothing is lost: the next request fetches everything again.
			console.error('Could not draw the page (TypeError or similar)', reason);
			series.clear();
			after = position = undefined;
		}
	}

	async function get() {
		const query = new URLSearchParams();
		if (after !== undefined) {
			query.set('after', after);
			query.set('position', position);
		}
		const response = await fetchView('live?' + query, 'application/json', AbortSignal.timeout(TIMEOUT));
		if (!response.ok || !response.headers.get('Content-Type')?.includes('json')) {
			throw Object.assign(new Error(problemOf(response)), { name: 'ResponseError' });
		}
		const live = await response.json();
		if (instance !== live.instance) {
			// The response is from another process, after a restart or behind the same address.
			instance = live.instance;
			series.clear();
			if (after !== undefined) {
				after = position = undefined;
				return get();
			}
		}
		return live;
	}

	function report(wait) {
		const lost = failures > 0 || requestedAt !== undefined;
		document.body.classList.toggle('stale', lost && lastResponseAt !== undefined);
		if (!lost) {
			setText(byId('feed'), 'Live.' + (wait > 2 * INTERVAL ? ' Responses are slow, so this page updates less often.' : ''));
			return;
		}
		identity.showInTab('no response');
		const since = lastResponseAt ? 'No response since ' + format.time(lastResponseAt) + '. ' : 'No response yet. ';
		setText(byId('feed'), since + (problem ?? (requestedAt === undefined ? 'Cannot reach the application.'
			: 'The event loop of this connection may be blocked.')) + (lastResponseAt ? ' The values below are from that time.' : ''));
	}

	return { start };

})();
