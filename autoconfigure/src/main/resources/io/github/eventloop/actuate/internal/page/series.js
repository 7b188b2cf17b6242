'use strict';

// The history, as one column per value: null if a value is unknown.
const series = (() => {

	const MAX_SECONDS = 3600;
	const GAP_MILLIS = 2500;
	const COLUMNS = ['lagP50Millis', 'lagP99Millis', 'lagMaxMillis', 'utilization', 'cpuUtilization', 'processCpuUtilization',
		'pauseMillis', 'requests'];
	const LOOP_COLUMNS = ['lagMaxMillis'];

	const times = [];
	// The changes of the status, oldest first.
	const statusChanges = [];
	const columns = Object.fromEntries(COLUMNS.map((name) => [name, []]));
	const loops = new Map();

	function append(history) {
		history.epochMillis.forEach((time, second) => {
			// The clock was set back, but a chart needs increasing times.
			if (times.length > 0 && time <= times.at(-1) * 1000) {
				clear();
			}
			if (times.length > 0 && time - times.at(-1) * 1000 > GAP_MILLIS) {
				push(times.at(-1) * 1000 + 1000, () => null, () => null);
			}
			push(time, (name) => history[name]?.[second] ?? null, (loop, name) => history.loops.find((each) => each.name === loop)?.[name][second] ?? null);
		});
		for (const name of [...loops.keys()]) {
			if (history.loops.length > 0 && !history.loops.some((loop) => loop.name === name)) {
				loops.delete(name);
			}
		}
		for (const loop of history.loops) {
			if (!loops.has(loop.name)) {
				const past = times.length - history.epochMillis.length;
				loops.set(loop.name, Object.fromEntries(LOOP_COLUMNS.map((name) =>
					[name, new Array(Math.max(0, past)).fill(null).concat(loop[name].slice(Math.max(0, -past)))])));
			}
		}
		const excess = times.length - MAX_SECONDS;
		if (excess > 0) {
			times.splice(0, excess);
			each((values) => values.splice(0, excess));
		}
	}

	function appendStatusChanges(changes) {
		const last = statusChanges.at(-1)?.at ?? '';
		statusChanges.push(...changes.filter((change) => change.at > last));
	}

	function push(time, value, valueOfLoop) {
		times.push(time / 1000);
		Object.entries(columns).forEach(([name, values]) => values.push(value(name)));
		loops.forEach((values, loop) => LOOP_COLUMNS.forEach((name) => values[name].push(valueOfLoop(loop, name))));
	}

	// Returns the newest seconds in the form in which they arrive.
	function history(seconds) {
		const newest = (values) => Object.fromEntries(Object.entries(values).map(([name, column]) => [name, column.slice(-seconds)]));
		return { epochMillis: times.slice(-seconds).map((time) => Math.round(time * 1000)), ...newest(columns),
			loops: [...loops].map(([name, values]) => ({ name, ...newest(values) })) };
	}

	// The end of the newest second, by the clock of the application.
	function now() {
		return times.at(-1) * 1000;
	}

	function clear() {
		times.length = 0;
		statusChanges.length = 0;
		each((values) => {
			values.length = 0;
		});
		loops.clear();
	}

	function each(action) {
		Object.values(columns).forEach(action);
		loops.forEach((values) => Object.values(values).forEach(action));
	}

	return { times, columns, loops, statusChanges, append, appendStatusChanges, history, now, clear };

})();
