'use strict';

// The diagnosis: the most important finding with what to do, all others in one line each, and a copy for an issue.
const findings = (() => {

	// All pages request it in the same second, so that they share one response.
	const INTERVAL = 30_000;
	const SHORTEST_INTERVAL = 2000;
	const TIMEOUT = 10_000;

	let shown;
	let requested;
	let requestedAt = -Infinity;
	let pending = false;

	// Requests the diagnosis every 30 seconds, and as soon as the status or the stalls have changed.
	function refresh(live, now) {
		const stalled = live.stalls.filter((stall) => stall.inProgress).map((stall) => stall.id);
		const due = [live.instance, live.eventLoops.status, live.eventLoops.stalls.total, Math.floor(now / INTERVAL),
			...stalled].join();
		if (document.hidden || pending || due === requested || performance.now() - requestedAt < SHORTEST_INTERVAL) {
			return;
		}
		requested = due;
		requestedAt = performance.now();
		pending = true;
		// The header shows that there is no response, and an old diagnosis remains until the next one.
		request().catch(() => {}).finally(() => {
			pending = false;
		});
	}

	async function request() {
		const response = await get('application/json');
		show(await response.json());
	}

	async function get(type) {
		const response = await fetchView('diagnosis', type, AbortSignal.timeout(TIMEOUT));
		if (!response.ok || !response.headers.get('Content-Type')?.includes(type.split('/')[1])) {
			throw new Error(problemOf(response));
		}
		return response;
	}

	function show(diagnosis) {
		const [top, ...others] = diagnosis.findings;
		byId('findings').hidden = false;
		byId('findings').className = top ? top.severity.toLowerCase() : 'none';
		setText(byId('severity'), top ? top.severity : '');
		showTitle(top ? top.title + '.' : 'No findings in the last five minutes.',
			top ? [top.id, top.evidence.culprit && format.line(top.evidence.culprit)].join() : 'none');
		byId('advice').hidden = !top;
		if (top) {
			setText(byId('action'), top.action);
			setText(byId('cure'), top.cure);
			setText(byId('confidence'), 'Confidence: ' + top.confidence.toLowerCase());
			byId('documentation').setAttribute('href', documentation + top.docs);
		}
		showOthers(others);
		showChecked(top ? [] : diagnosis.checked, diagnosis.notChecked);
	}

	// Screen readers announce another finding, but not new figures of the same one.
	function showTitle(title, finding) {
		byId('findings-title').setAttribute('aria-live', finding === shown ? 'off' : 'polite');
		shown = finding;
		setText(byId('findings-title'), title);
	}

	function showOthers(others) {
		byId('others').hidden = !others.length;
		setText(byId('others').querySelector('summary'), 'and ' + others.length + ' more');
		showList(byId('others').querySelector('ul'), others.map((finding) => finding.severity + ': ' + finding.title + '.'));
	}

	function showChecked(checked, notChecked) {
		byId('checked').hidden = !checked.length;
		showList(byId('checked').querySelector('ul'),
			[...checked, ...notChecked.map((each) => 'not checked: ' + each)]);
	}

	function showList(list, texts) {
		// What is selected remains so.
		if ([...list.children].map((item) => item.textContent).join('\n') !== texts.join('\n')) {
			list.replaceChildren(...texts.map((text) => element('li', {}, text)));
		}
	}

	async function copy() {
		let markdown;
		try {
			markdown = await (await get('text/markdown')).text();
		} catch (reason) {
			setText(byId('copied'), reason.name === 'Error' ? reason.message : 'The application did not respond.');
			return;
		}
		byId('markdown').hidden = true;
		try {
			await navigator.clipboard.writeText(markdown);
			setText(byId('copied'), 'Copied.');
		} catch {
			// Browsers only provide the clipboard to pages from localhost or over HTTPS, or the user has not allowed it.
			byId('markdown').value = markdown;
			byId('markdown').hidden = false;
			byId('markdown').select();
			setText(byId('copied'), 'Copy the selected text.');
		}
	}

	byId('copy').addEventListener('click', copy);

	return { refresh };

})();
