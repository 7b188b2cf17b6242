'use strict';

// The views are below the address of this page, whatever path and port it was loaded from. Whoever guards them should say
// no, instead of showing a form or a dialog to log in with.
function ask(view, type, signal) {
	return fetch(location.origin + location.pathname.replace(/\/+$/, '') + '/' + view,
		{ headers: { Accept: type, 'X-Requested-With': 'XMLHttpRequest' }, cache: 'no-store', redirect: 'manual', signal });
}

function refusal(response) {
	if (response.type === 'opaqueredirect' || response.status === 401 || response.status === 403) {
		return 'You are not logged in any more, or may not see this: reload the page.';
	}
	if (response.status === 503) {
		return 'The application, or a proxy before it, refuses requests (503).';
	}
	return response.ok ? 'What answers is not the application.' : 'The application answered with ' + response.status + '.';
}

// Asks for what is new, one request at a time: once a second, more rarely where answers take long, and not at all while
// nobody looks.
const feed = (() => {

	const INTERVAL = 1000;
	const LONGEST_INTERVAL = 10_000;
	const TIMEOUT = 10_000;
	// An answer may take a fifth of the time between two.
	const PATIENCE = 5;

	let instance;
	let after;
	let position;
	let lastAnswer;
	let failures = 0;
	let askedAt;
	let timer;
	let problem;

	function start(show) {
		say(byId('feed'), 'Asking the application\u2026');
		const go = async () => {
			timer = undefined;
			if (document.hidden) {
				return;
			}
			const wait = await once(show);
			timer = setTimeout(go, Math.max(0, wait));
			report(wait);
		};
		document.addEventListener('visibilitychange', () => {
			if (document.hidden) {
				title('not asking');
			} else if (askedAt === undefined) {
				clearTimeout(timer);
				go();
			}
		});
		setInterval(() => askedAt !== undefined && performance.now() - askedAt > INTERVAL && report(), 500);
		go();
	}

	async function once(show) {
		askedAt = performance.now();
		const first = after === undefined;
		try {
			const live = await get();
			const took = performance.now() - askedAt;
			askedAt = undefined;
			failures = 0;
			problem = undefined;
			lastAnswer = Date.now();
			draw(show, live);
			// The first answer is the whole history.
			return first ? INTERVAL : Math.min(LONGEST_INTERVAL, Math.max(INTERVAL, took * PATIENCE)) - took;
		} catch (reason) {
			askedAt = undefined;
			failures++;
			problem = reason.name === 'Refusal' ? reason.message : undefined;
			return Math.min(LONGEST_INTERVAL, INTERVAL * 2 ** (failures - 1));
		}
	}

	function draw(show, live) {
		try {
			show(live);
			after = live.history.epochMillis.at(-1) ?? after;
			position = live.position;
		} catch (reason) {
			// Nothing is lost: all of it is asked for again.
			console.error('TypeError or the like while drawing', reason);
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
		const response = await ask('live?' + query, 'application/json', AbortSignal.timeout(TIMEOUT));
		if (!response.ok || !response.headers.get('Content-Type')?.includes('json')) {
			throw Object.assign(new Error(refusal(response)), { name: 'Refusal' });
		}
		const live = await response.json();
		if (instance !== live.instance) {
			// Another process answers, after a restart or behind the same address.
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
		const lost = failures > 0 || askedAt !== undefined;
		document.body.classList.toggle('stale', lost && lastAnswer !== undefined);
		if (!lost) {
			say(byId('feed'), 'Live.' + (wait > 2 * INTERVAL ? ' Answers take long, so they are asked for more rarely.' : ''));
			return;
		}
		title('no answer');
		const since = lastAnswer ? 'No answer since ' + format.time(lastAnswer) + '. ' : 'No answer yet. ';
		say(byId('feed'), since + (problem ?? (askedAt === undefined ? 'Cannot reach the application.'
			: 'The loop that carries this page may be blocked.')) + (lastAnswer ? ' What you see is from then.' : ''));
	}

	function title(state) {
		document.title = state + ' \u2013 Event loops';
	}

	return { start, title };

})();
