'use strict';

// Paints the timeline: the status and the usage of all loops, then a lane for each loop with its lag as heat and its
// stalls as blocks, and the pauses of the process across all lanes.
const lanes = (() => {

	const AXIS = 22;
	const STATUS = 8;
	const USAGE = 44;
	const GAP = 3;
	const NARROW = 620;
	// Milliseconds below which a lane has no color, and from which on it has all of it.
	const COLDEST = 5;
	const HOTTEST = 3000;
	const HEAT_LEVELS = 24;
	const SHORTEST_PAUSE = 5;
	// Pixels of a label that are worth reading.
	const SHORTEST_LABEL = 60;
	const FONT = '11px ui-monospace, monospace';

	// Returns where everything is, for a given width and number of loops.
	function layout(width, loops) {
		const narrow = width < NARROW;
		const lane = loops > 32 ? 11 : loops > 12 ? 15 : narrow ? 30 : 26;
		const top = AXIS + STATUS + GAP + USAGE + GAP;
		return { width, narrow, left: narrow ? 0 : Math.min(210, width * 0.22), lane, top, height: top + loops * (lane + 1),
			y: (i) => top + i * (lane + 1) };
	}

	// Returns the blocks that were painted, for finding the one below the pointer.
	function paint(context, at, view) {
		const x = d3.scaleTime().domain([view.from, view.to]).range([at.left, at.width]);
		context.clearRect(0, 0, at.width, at.height);
		context.font = FONT;
		context.textBaseline = 'middle';
		paintAxis(context, at, view, x);
		paintStatus(context, at, view, x);
		const seconds = secondsOf(view, x);
		paintUsage(context, at, view, seconds);
		view.loops.forEach((loop, i) => paintHeat(context, at, view, seconds, loop, at.y(i)));
		paintPauses(context, at, view, seconds);
		const blocks = view.loops.flatMap((loop, i) => paintStalls(context, at, view, x, loop, at.y(i)));
		paintBlockLabels(context, at, view, blocks);
		paintLabels(context, at, view);
		paintSelection(context, at, view, x);
		return blocks;
	}

	function paintAxis(context, at, view, x) {
		context.textAlign = 'center';
		for (const tick of x.ticks(Math.max(2, (at.width - at.left) / 110))) {
			const position = Math.round(x(tick));
			context.fillStyle = view.colors.line;
			context.fillRect(position, AXIS - 4, 1, at.height - AXIS + 4);
			if (position > at.left + 28 && position < at.width - 28) {
				context.fillStyle = view.colors.quiet;
				context.fillText(format.time(tick.getTime()), position, AXIS / 2 - 1);
			}
		}
	}

	function paintStatus(context, at, view, x) {
		const changes = view.series.statusChanges;
		const paint = (status, from, to) => {
			if (to > view.from && from < view.to) {
				context.fillStyle = view.colors[{ HEALTHY: 'good', DEGRADED: 'warning', OVERLOADED: 'bad', STUCK: 'bad' }[status] ?? 'muted'];
				const left = Math.max(at.left, x(from));
				context.fillRect(left, AXIS, Math.min(at.width, x(to)) - left, STATUS);
			}
		};
		const times = changes.map((change) => Date.parse(change.at));
		const first = view.series.times[0] * 1000 - 1000;
		paint(changes[0]?.from ?? view.status, first, times[0] ?? view.now);
		changes.forEach((change, i) => paint(change.to, times[i], times[i + 1] ?? view.now));
	}

	// The utilization as an area, and the CPU of the loops as a line, from 0 to 100 %.
	function paintUsage(context, at, view, seconds) {
		const bottom = AXIS + STATUS + GAP + USAGE;
		const y = (share) => bottom - Math.min(1, share) * USAGE;
		context.fillStyle = view.colors.panel;
		context.fillRect(at.left, bottom - USAGE, at.width - at.left, USAGE);
		context.fillStyle = view.colors.accent;
		context.globalAlpha = 0.45;
		for (const { i, left, right } of seconds) {
			const share = view.series.columns.utilization[i];
			if (share !== null) {
				context.fillRect(left, y(share), right - left, bottom - y(share));
			}
		}
		context.globalAlpha = 1;
		context.strokeStyle = view.colors.good;
		context.lineWidth = 1.5;
		context.beginPath();
		let interrupted = true;
		for (const { i, left, right } of seconds) {
			const share = view.series.columns.cpuUtilization[i];
			if (share !== null && share !== undefined) {
				context[interrupted ? 'moveTo' : 'lineTo']((left + right) / 2, y(share));
			}
			interrupted = share === null || share === undefined;
		}
		context.stroke();
	}

	function paintHeat(context, at, view, seconds, loop, y) {
		context.fillStyle = view.colors.panel;
		context.fillRect(at.left, y, at.width - at.left, at.lane);
		const lags = view.series.loops.get(loop.name)?.lagMaxMillis;
		if (!lags) {
			return;
		}
		// If several seconds share a pixel, the worst of them is shown.
		let pixel = -1;
		let end = -1;
		let worst = 0;
		const flush = () => {
			const level = heatLevel(worst);
			if (level > 0) {
				context.fillStyle = view.colors.heat[level];
				context.fillRect(pixel, y, Math.max(1, end - pixel), at.lane);
			}
		};
		for (const { i, left, right } of seconds) {
			const start = Math.floor(left);
			if (start !== pixel) {
				flush();
				pixel = start;
				worst = 0;
			}
			end = Math.floor(right);
			worst = Math.max(worst, lags[i] ?? 0);
		}
		flush();
	}

	function heatLevel(lag) {
		const share = Math.log(Math.max(lag, COLDEST) / COLDEST) / Math.log(HOTTEST / COLDEST);
		return Math.round(Math.min(1, share) * (HEAT_LEVELS - 1));
	}

	function paintPauses(context, at, view, seconds) {
		context.fillStyle = view.colors.pause;
		for (const { i, left, right } of seconds) {
			const pause = view.series.columns.pauseMillis[i];
			if (pause >= SHORTEST_PAUSE) {
				// When in the second it was is unknown.
				context.globalAlpha = 0.2 + 0.5 * Math.min(1, pause / 1000);
				context.fillRect(left, at.top, Math.max(1, (right - left) * Math.min(1, pause / 1000)), at.height - at.top);
			}
		}
		context.globalAlpha = 1;
	}

	function paintStalls(context, at, view, x, loop, y) {
		return view.stalls.filter((stall) => stall.loop === loop.name).map((stall) => {
			const start = Date.parse(stall.startedAt);
			const end = stall.inProgress ? view.now : start + stall.durationMillis;
			if (end < view.from || start > view.to) {
				return null;
			}
			const left = Math.max(at.left, x(start));
			const width = Math.max(3, Math.min(at.width, x(end)) - left);
			context.fillStyle = view.colors.bad;
			context.fillRect(left, y, width, at.lane);
			if (stall.id === view.selectedStall) {
				context.strokeStyle = view.colors.text;
				context.lineWidth = 2;
				context.strokeRect(left + 1, y + 1, width - 2, at.lane - 2);
			}
			return { stall, left, right: left + width, top: y, bottom: y + at.lane };
		}).filter(Boolean);
	}

	// Inside of a block or, if that is too narrow, beside it, as far as there is neither another block nor another label.
	function paintBlockLabels(context, at, view, blocks) {
		if (at.lane < (at.narrow ? 26 : 13)) {
			return;
		}
		context.textAlign = 'left';
		for (const lane of d3.group(blocks, (block) => block.top).values()) {
			let free = at.left;
			d3.sort(lane, (block) => block.left).forEach((block, i, sorted) => {
				const next = sorted[i + 1]?.left ?? at.width;
				free = paintBlockLabel(context, at, view, block, free, next);
			});
		}
	}

	// Returns where the space for the next label begins.
	function paintBlockLabel(context, at, view, block, free, next) {
		const label = labelOf(block.stall);
		const length = context.measureText(label).width + 8;
		// If it is narrow, the upper half of a lane contains the name of the loop.
		const y = at.narrow ? block.bottom - 8 : (block.top + block.bottom) / 2;
		const write = (left, width, color) => {
			context.save();
			context.beginPath();
			context.rect(left, block.top, width, at.lane);
			context.clip();
			context.fillStyle = color;
			context.fillText(label, left + 4, y);
			context.restore();
		};
		if (block.right - block.left >= Math.min(length, SHORTEST_LABEL)) {
			write(block.left, block.right - block.left - 2, view.colors.page);
		} else if (next - block.right >= length) {
			write(block.right, length, view.colors.text);
			return block.right + length;
		} else if (block.left - free >= length) {
			write(block.left - length, length, view.colors.text);
		} else if (next - block.right >= SHORTEST_LABEL * 1.5) {
			write(block.right, next - block.right - 2, view.colors.text);
			return next;
		}
		return block.right;
	}

	function labelOf(stall) {
		const frame = stall.culprit ?? stall.doing;
		return (frame ? format.shortLine(frame) : stall.cause) + (stall.inProgress ? ' \u2026' : '');
	}

	function paintLabels(context, at, view) {
		context.textAlign = 'left';
		context.fillStyle = view.colors.quiet;
		const usage = AXIS + STATUS + GAP;
		if (at.narrow) {
			context.fillText('all loops, 0 to 100 %', 4, usage + 8);
		} else {
			context.fillText('status', 0, AXIS + STATUS / 2);
			context.fillText('utilization, CPU', 0, usage + USAGE / 2);
			context.textAlign = 'right';
			context.fillText('100 %', at.left - 6, usage + 6);
			context.fillText('0 %', at.left - 6, usage + USAGE - 6);
			context.textAlign = 'left';
		}
		view.loops.forEach((loop, i) => {
			context.fillStyle = loop.state === 'STALLED' ? view.colors.bad : view.colors.text;
			const name = fit(context, loop.name, at.narrow ? at.width / 2 : at.left - 8);
			if (at.narrow) {
				// What is behind the name may have its color.
				context.strokeStyle = view.colors.page;
				context.lineWidth = 3;
				context.strokeText(name, 4, at.y(i) + 8);
			}
			context.fillText(name, at.narrow ? 4 : 0, at.narrow ? at.y(i) + 8 : at.y(i) + at.lane / 2);
		});
	}

	// The end of the name distinguishes a loop from the others.
	function fit(context, name, width) {
		const most = Math.max(6, Math.floor(width / context.measureText('m').width));
		return name.length > most ? '\u2026' + name.slice(1 - most) : name;
	}

	function paintSelection(context, at, view, x) {
		if (!view.selected) {
			return;
		}
		const left = Math.max(at.left, x(view.selected.from));
		const right = Math.min(at.width, x(view.selected.to));
		context.fillStyle = view.colors.accent;
		context.globalAlpha = 0.18;
		context.fillRect(left, AXIS, right - left, at.height - AXIS);
		context.globalAlpha = 1;
		context.fillRect(left, AXIS, 1, at.height - AXIS);
		context.fillRect(right - 1, AXIS, 1, at.height - AXIS);
	}

	// Returns the seconds that are shown, with their edges, which are the same in all lanes.
	function secondsOf(view, x) {
		const times = view.series.times;
		const seconds = [];
		for (let i = d3.bisectLeft(times, view.from / 1000); i < times.length && times[i] * 1000 - 1000 < view.to; i++) {
			seconds.push({ i, left: x(Math.max(view.from, times[i] * 1000 - 1000)), right: x(Math.min(view.to, times[i] * 1000)) });
		}
		return seconds;
	}

	// A canvas has colors instead of styles.
	function colors() {
		const style = getComputedStyle(document.body);
		const color = (name) => style.getPropertyValue('--' + name).trim();
		const names = ['page', 'panel', 'text', 'quiet', 'line', 'accent', 'muted', 'good', 'warning', 'bad', 'pause'];
		const heat = d3.interpolateRgbBasis([color('panel'), color('heat-low'), color('heat-high')]);
		return { ...Object.fromEntries(names.map((name) => [name, color(name)])),
			heat: Array.from({ length: HEAT_LEVELS }, (none, i) => heat(i / (HEAT_LEVELS - 1))) };
	}

	return { layout, paint, colors };

})();
