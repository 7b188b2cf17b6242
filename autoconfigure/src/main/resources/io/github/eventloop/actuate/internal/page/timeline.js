'use strict';

// The timeline: which part of the history it shows, and what the pointer and the keyboard do.
const timeline = (() => {

	const SHORTEST_SPAN = 5000;
	const SHORTEST_HISTORY = 30_000;
	const CLICK = 4;

	const canvas = byId('lanes');
	const context = canvas.getContext('2d');

	let colors = lanes.colors();
	let layout;
	let blocks = [];
	let loops = [];
	let stalls = [];
	let status;
	// Milliseconds to show, or NaN for all.
	let span = 120_000;
	// The right edge, or null to follow the newest second.
	let end = null;
	let dragged = null;
	// The stall that was selected last, once it has been shown.
	let revealed = null;
	let scheduled = false;

	function show(eventLoops, known) {
		loops = eventLoops.loops;
		status = eventLoops.status;
		stalls = known;
		schedule();
		showSelected();
		reveal();
	}

	// Screen readers announce a change, so the label does not contain the time while it follows that.
	function describe() {
		const view = range();
		const label = 'Timeline of ' + loops.length + ' event loops, '
			+ (end === null ? Number.isNaN(span) ? 'all of the history' : 'the last ' + format.millis(span)
				: format.time(view.from) + ' to ' + format.time(view.to))
			+ ', with ' + stallsWithin(view).length + ' stalls. The table of stalls below lists them.';
		if (canvas.getAttribute('aria-label') !== label) {
			canvas.setAttribute('aria-label', label);
		}
	}

	function stallsWithin(view) {
		return stalls.filter((stall) => startOf(stall) < view.to && (stall.inProgress || startOf(stall) + stall.durationMillis > view.from));
	}

	// Returns the time that is shown.
	function range() {
		const to = end ?? now();
		return { from: to - length(), to };
	}

	function length() {
		// While there is less history, there is nothing else to show.
		return Math.min(Number.isNaN(span) ? Infinity : span, Math.max(SHORTEST_HISTORY, now() - first()));
	}

	function now() {
		return series.times.length ? series.now() : Date.now();
	}

	function first() {
		return series.times.length ? series.times[0] * 1000 - 1000 : now() - SHORTEST_SPAN;
	}

	// Paints at most once per frame, and not at all while the tab is hidden.
	function schedule() {
		if (!scheduled) {
			scheduled = true;
			requestAnimationFrame(paint);
		}
	}

	function paint() {
		scheduled = false;
		const width = canvas.parentElement.clientWidth;
		if (!width || !loops.length) {
			return;
		}
		layout = lanes.layout(width, loops.length);
		const density = window.devicePixelRatio || 1;
		if (canvas.width !== Math.round(width * density) || canvas.height !== Math.round(layout.height * density)) {
			canvas.width = Math.round(width * density);
			canvas.height = Math.round(layout.height * density);
			canvas.style.height = layout.height + 'px';
		}
		context.setTransform(density, 0, 0, density, 0, 0);
		blocks = lanes.paint(context, layout, { ...range(), now: now(), loops, stalls, status, series, colors,
			selected: selection.range(), selectedStall: selection.stall() });
		byId('follow').hidden = end === null;
		describe();
	}

	function timeAt(x) {
		const view = range();
		return view.from + Math.max(0, x - layout.left) / (layout.width - layout.left) * (view.to - view.from);
	}

	// Shows another part of the history, in milliseconds; at the newest second, it follows again.
	function setView(from, to) {
		const length = Math.max(SHORTEST_SPAN, Math.min(to - from, Math.max(SHORTEST_HISTORY, now() - first())));
		const right = Math.min(now(), Math.max(first() + length, (from + to + length) / 2));
		span = length;
		end = right >= now() - 500 ? null : right;
		byId('range').querySelectorAll('input').forEach((input) => {
			input.checked = end === null && Number(input.value) * 1000 === length;
		});
		schedule();
	}

	function zoom(factor, around) {
		const view = range();
		const selected = selection.range();
		if (factor < 1 && selected) {
			setView(selected.from, selected.to);
			return;
		}
		const center = around ?? (end === null ? view.to : (view.from + view.to) / 2);
		setView(center - (center - view.from) * factor, center + (view.to - center) * factor);
	}

	function pan(share) {
		const view = range();
		const by = (view.to - view.from) * share;
		setView(view.from + by, view.to + by);
	}

	// Moves what is selected: to another stall, or the time. If nothing is, moves what is shown.
	function move(direction) {
		const selected = selection.range();
		if (selection.stall()) {
			const sorted = d3.sort(stalls, startOf);
			const next = sorted[sorted.findIndex((stall) => stall.id === selection.stall()) + direction];
			if (next) {
				selection.setStall(next.id);
			}
		} else if (selected) {
			const by = (selected.to - selected.from) * 0.2 * direction;
			selection.set({ from: selected.from + by, to: selected.to + by });
			bringIntoView(selected.from + by, selected.to + by);
		} else {
			pan(0.2 * direction);
		}
	}

	// Selects a second, or makes the selected time longer or shorter.
	function extend(seconds) {
		const selected = selection.range();
		const view = range();
		const from = selected?.from ?? Math.floor((view.from + view.to) / 2000) * 1000;
		selection.set({ from, to: Math.max(from + 1000, selected ? selected.to + seconds * 1000 : 0) });
	}

	// Opens the longest stall of the selected time, or of all that is shown.
	function open() {
		const longest = d3.greatest(stallsWithin(selection.range() ?? range()), (stall) => stall.durationMillis);
		if (longest) {
			selection.setStall(longest.id);
		}
	}

	// Shows the selected stall, which a link or a table may have selected, once.
	function reveal() {
		const stall = stalls.find((each) => each.id === selection.stall());
		if (stall && stall.id !== revealed) {
			bringIntoView(startOf(stall), startOf(stall) + stall.durationMillis);
		}
		revealed = stall?.id ?? null;
	}

	function bringIntoView(from, to) {
		const view = range();
		if (from < view.from || Math.min(to, now()) > view.to) {
			const half = Math.max(view.to - view.from, to - from) / 2;
			setView((from + to) / 2 - half, (from + to) / 2 + half);
		}
	}

	function startOf(stall) {
		return Date.parse(stall.startedAt);
	}

	function follow() {
		end = null;
		schedule();
	}

	function point(event) {
		const box = canvas.getBoundingClientRect();
		return { x: event.clientX - box.left, y: event.clientY - box.top };
	}

	function blockAt({ x, y }) {
		// What was painted last is on top.
		return blocks.findLast((block) => x >= block.left - 1 && x <= block.right + 1 && y >= block.top && y <= block.bottom);
	}

	function showPointed(at) {
		const block = blockAt(at);
		canvas.classList.toggle('pointing', Boolean(block));
		if (block) {
			setText(byId('pointed'), stallText.summary(block.stall) + ' Click to open it.');
			return;
		}
		const time = timeAt(at.x);
		const i = series.times.findIndex((each) => each * 1000 >= time);
		const lane = loops[Math.floor((at.y - layout.top) / (layout.lane + 1))];
		if (i < 0 || at.x < layout.left) {
			setText(byId('pointed'), '');
			return;
		}
		const lag = lane && at.y >= layout.top ? series.loops.get(lane.name)?.lagMaxMillis[i] : series.columns.lagMaxMillis[i];
		setText(byId('pointed'), [format.time(series.times[i] * 1000),
			lag === null || lag === undefined ? null : (lane && at.y >= layout.top ? lane.name : 'all loops') + ': lag max ' + format.millis(lag),
			number('requests', series.columns.requests[i]), share('utilization', series.columns.utilization[i]), share('CPU of the loops', series.columns.cpuUtilization[i]),
			share('CPU of the process', series.columns.processCpuUtilization[i]),
			series.columns.pauseMillis[i] ? 'pauses ' + format.millis(series.columns.pauseMillis[i]) : null].filter(Boolean).join(', '));
	}

	function number(name, value) {
		return value === null || value === undefined ? null : name + ' ' + value;
	}

	function share(name, value) {
		return value === null || value === undefined ? null : name + ' ' + format.percent(value);
	}

	// What the selected time contains.
	function showSelected() {
		const selected = selection.range();
		byId('selected').hidden = !selected;
		if (!selected) {
			return;
		}
		const from = d3.bisectLeft(series.times, selected.from / 1000);
		const values = (name) => series.columns[name].slice(from, d3.bisectLeft(series.times, selected.to / 1000) + 1)
			.filter((value) => value !== null && value !== undefined);
		const figures = [['lag max', 'lagMaxMillis', d3.max, format.millis], ['highest p99 of a second', 'lagP99Millis', d3.max, format.millis],
			['utilization', 'utilization', d3.mean, format.percent], ['CPU of the loops', 'cpuUtilization', d3.mean, format.percent],
			['pauses', 'pauseMillis', d3.sum, format.millis], ['requests per second', 'requests', d3.mean, (value) => value.toFixed(1)]];
		setText(byId('selected-time'), 'Selected: ' + format.time(selected.from) + ' to ' + format.time(selected.to) + '. '
			+ [...figures.filter(([, column]) => values(column).length).map(([name, column, of, value]) => name + ' ' + value(of(values(column)))),
				selection.stallsOf(stalls).length + ' stalls'].join(', ') + '.');
	}

	canvas.addEventListener('pointerdown', (event) => {
		if (event.button === 0 && layout) {
			dragged = { from: point(event), moved: false };
			canvas.setPointerCapture(event.pointerId);
		}
	});

	canvas.addEventListener('pointermove', (event) => {
		if (!layout) {
			return;
		}
		const at = point(event);
		if (dragged && (dragged.moved || Math.abs(at.x - dragged.from.x) > CLICK)) {
			dragged.moved = true;
			const times = [timeAt(dragged.from.x), timeAt(Math.min(layout.width, at.x))].sort((one, other) => one - other);
			selection.set({ from: times[0], to: times[1] });
			return;
		}
		showPointed(at);
	});

	canvas.addEventListener('pointerup', (event) => {
		if (dragged && !dragged.moved) {
			const block = blockAt(point(event));
			block ? selection.setStall(block.stall.id) : selection.clear();
		}
		dragged = null;
	});

	canvas.addEventListener('pointercancel', () => {
		dragged = null;
	});

	canvas.addEventListener('pointerleave', () => setText(byId('pointed'), ''));

	// Without a key, the wheel scrolls the page.
	canvas.addEventListener('wheel', (event) => {
		if (!layout) {
			return;
		}
		if (event.ctrlKey || event.metaKey) {
			event.preventDefault();
			zoom(event.deltaY > 0 ? 1.25 : 0.8, timeAt(point(event).x));
		} else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
			event.preventDefault();
			pan((event.deltaX || event.deltaY) / 1000);
		}
	}, { passive: false });

	canvas.addEventListener('keydown', (event) => {
		if (event.ctrlKey || event.metaKey || event.altKey) {
			return;
		}
		const arrow = event.shiftKey ? extend : move;
		const action = { ArrowLeft: () => arrow(-1), ArrowRight: () => arrow(1), Enter: open, '+': () => zoom(0.5), '-': () => zoom(2),
			Home: () => setView(first(), first() + length()), End: follow, Escape: selection.clear }[event.key];
		if (action) {
			event.preventDefault();
			action();
			const stall = stalls.find((each) => each.id === selection.stall());
			const time = selection.range() ?? range();
			setText(byId('pointed'), stall ? stallText.summary(stall)
				: (selection.range() ? 'Selected: ' : '') + format.time(time.from) + ' to ' + format.time(time.to));
		}
	});

	byId('range').addEventListener('change', (event) => {
		span = event.target.value === '' ? NaN : Number(event.target.value) * 1000;
		follow();
	});
	byId('follow').addEventListener('click', follow);
	byId('zoom-in').addEventListener('click', () => zoom(0.5));
	byId('zoom-out').addEventListener('click', () => zoom(2));
	byId('earlier').addEventListener('click', () => pan(-0.5));
	byId('later').addEventListener('click', () => pan(0.5));
	byId('clear').addEventListener('click', selection.clear);
	selection.onChange(() => {
		schedule();
		showSelected();
		reveal();
	});
	new ResizeObserver(schedule).observe(canvas.parentElement);

	matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
		colors = lanes.colors();
		schedule();
	});

	return { show, range, blocks: () => blocks };

})();
