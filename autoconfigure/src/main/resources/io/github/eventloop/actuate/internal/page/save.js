'use strict';

// Saves what is shown as one file that opens without a server: this document as it was before it showed anything, and the
// data of the moment. The last script, so that the document is complete.
const save = (() => {

	// Values of the history, and characters of the stacks: the file remains smaller than about one megabyte.
	const MAX_VALUES = 60_000;
	const MAX_STACKS = 100_000;
	const TIMEOUT = 2000;

	const blank = '<!doctype html>\n' + document.documentElement.outerHTML;

	async function file(live) {
		const data = { at: Date.now(), origin: location.origin,
			live: { ...live, history: series.history(Math.floor(MAX_VALUES / (series.loops.size + 9))), statusChanges: series.statusChanges,
				stalls: stallLog.all(), complete: true },
			views: { 'diagnosis application/json': await textOf('diagnosis', 'application/json'),
				'diagnosis text/markdown': await textOf('diagnosis', 'text/markdown'),
				'blocking application/json': await textOf('blocking', 'application/json'),
				'stalls text/plain': live.hint ? null : wholeLines(await textOf('stalls', 'text/plain')) } };
		const json = JSON.stringify(data).replaceAll('<', '\\u003c');
		return new Blob([blank.replace("connect-src 'self'", "connect-src 'none'")
			.replace('</main>', () => '</main>\n<script type="application/json" id="saved">' + json + '<\/script>')], { type: 'text/html' });
	}

	// Returns null without a response: the loop of this connection may be the one that is blocked.
	async function textOf(view, type) {
		try {
			const response = await fetchView(view, type, AbortSignal.timeout(TIMEOUT));
			return response.ok ? await response.text() : null;
		} catch {
			return null;
		}
	}

	function wholeLines(text) {
		return text && text.length > MAX_STACKS ? text.substring(0, text.lastIndexOf('\n', MAX_STACKS) + 1) : text;
	}

	// Named after the application and the time, such as "eventloop-shop-2026-12-01T10-15-30.html".
	function nameOf(live) {
		return ['eventloop', live.application?.name, new Date().toISOString().substring(0, 19)].filter(Boolean).join('-').replace(/[^\w.-]+/g, '-')
			+ '.html';
	}

	async function download(live) {
		const url = URL.createObjectURL(await file(live));
		element('a', { href: url, download: nameOf(live) }).click();
		URL.revokeObjectURL(url);
	}

	return { download };

})();
