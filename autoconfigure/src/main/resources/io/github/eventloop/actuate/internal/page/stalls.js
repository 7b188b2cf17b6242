'use strict';

// The stalls that the page knows, newest first.
const stallLog = (() => {

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

	function all() {
		return [...known.values()];
	}

	function find(id) {
		return known.get(id);
	}

	return { merge, all, find };

})();

// What the page says about a stall or a hotspot. The application omits details that the reader is not allowed to see.
const stallText = (() => {

	// In one sentence.
	function summary(stall) {
		return stall.loop + (stall.inProgress ? ' has been blocked for ' : ' was blocked for ') + format.millis(stall.durationMillis)
			+ ' from ' + format.time(Date.parse(stall.startedAt)) + ' on, by ' + stall.cause + (stall.culprit || stall.doing ? ' ' + at(stall) : '')
			+ (stall.route ? ', in a request to ' + stall.route : '') + (stall.peer ? ', while handling a response from ' + stall.peer : '')
			+ (stall.inFlightRequests ? ', requests in flight on it: ' + stall.inFlightRequests : '') + '.';
	}

	function at(stall) {
		return stall.culprit ? 'at ' + format.line(stall.culprit) : 'in ' + format.line(stall.doing);
	}

	// The line of a stall or of a hotspot; never empty.
	function line(stall) {
		if (stall.culprit) {
			return format.line(stall.culprit);
		}
		if (stall.doing) {
			return 'in ' + format.line(stall.doing);
		}
		if (stall.cause === 'STARVED') {
			return 'no line: no CPU available' + starvedBy(stall);
		}
		return stall.samples ? 'no line: most samples share no method' : 'no line: over before the first sample';
	}

	function entry(stall) {
		return stall.entry && (!stall.culprit || format.line(stall.entry) !== format.line(stall.culprit)) ? format.line(stall.entry) : null;
	}

	function starvedBy(stall) {
		return stall.starvedBy ? ` (${stall.starvedBy})` : '';
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

	// Everything else about one stall, as elements.
	function details(stall) {
		const paragraph = (text) => text ? element('p', {}, text) : null;
		return [paragraph(stall.advice), paragraph(timeAttribution(stall) + '.'),
			paragraph(stall.component && 'The loop belongs to ' + stall.component + '.'),
			paragraph(stall.filter && 'In the gateway filter ' + stall.filter + '.'),
			paragraph(entry(stall) && 'Called from ' + entry(stall) + '.'),
			paragraph(stall.lockOwner && 'Lock held by ' + stall.lockOwner.thread
				+ (stall.lockOwner.at ? ' at ' + format.line(stall.lockOwner.at) : '') + '.'),
			paragraph(stall.traceId && 'Trace ' + stall.traceId + '.'),
			stall.stack?.length ? element('pre', { tabindex: '0', 'aria-label': 'Stack' }, stall.stack.join('\n')) : null];
	}

	return { summary, line, entry, details };

})();
