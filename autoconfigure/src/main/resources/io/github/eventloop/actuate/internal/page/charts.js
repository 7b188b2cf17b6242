'use strict';

// The history as charts, drawn by uPlot.
const charts = (() => {

	const DECADES = [0, 1, 10, 100, 1000, 10_000, 100_000];
	const LAG = { distr: 4, asinh: 1, range: (plot, min, max) => [0, Math.max(10, max * 1.1)] };
	const SHARE = { range: [0, 1] };
	const sync = uPlot.sync('history');

	const definitions = [
		{ title: 'Lag of all loops, and stalls', scale: LAG, value: format.millis,
			lines: [['p50', 'lagP50Millis', '--good'], ['p99', 'lagP99Millis', '--accent'], ['max', 'lagMaxMillis', '--muted']],
			splits: () => DECADES, stalls: true },
		{ title: 'Utilization against CPU', scale: SHARE, value: format.percent,
			lines: [['utilization', 'utilization', '--accent'], ['CPU of the loops', 'cpuUtilization', '--good'],
				['CPU of the process', 'processCpuUtilization', '--muted']] },
		{ title: 'Pauses of the process', scale: { range: (plot, min, max) => [0, Math.max(100, max * 1.1)] },
			value: format.millis, lines: [['pauses', 'pauseMillis', '--warning']], bars: true },
	];

	const plots = [];
	const observers = [];
	// Number of seconds to show, up to now; NaN for all.
	let range = 120;
	let following = true;
	let sparkMax = 10;

	function show(stalls) {
		if (!plots.length) {
			create();
		}
		const marks = markStalls(stalls);
		definitions.forEach((definition, i) => {
			const data = [series.times, ...definition.lines.map(([, column]) => series.columns[column])];
			plots[i].setData(definition.stalls ? [...data, marks] : data, false);
			plots[i].root.querySelector('.u-wrap').setAttribute('aria-label', definition.title + '. ' + definition.lines.map(([label, column]) =>
				label + ' ' + definition.value(series.columns[column].at(-1) ?? 0)).join(', ') + ' in the last second.');
			if (series.times.length && (plots[i].cursor.idx === null || plots[i].cursor.idx === undefined)) {
				plots[i].setLegend({ idx: series.times.length - 1 });
			}
		});
		follow();
	}

	function follow() {
		if (!series.times.length) {
			return;
		}
		const last = series.times.at(-1);
		const first = Number.isNaN(range) ? series.times[0] : last - range;
		plots.forEach((plot) => following ? plot.setScale('x', { min: first, max: last }) : plot.redraw());
	}

	// Marks each second in which stalls ended with the duration of the longest one.
	function markStalls(stalls) {
		const marks = new Array(series.times.length).fill(null);
		for (const stall of stalls) {
			const end = (Date.parse(stall.startedAt) + stall.durationMillis) / 1000;
			const second = stall.inProgress ? series.times.length - 1 : series.times.findIndex((time) => time >= end);
			if (second >= 0 && series.times[second] - end < 2) {
				marks[second] = Math.max(marks[second] ?? 0, stall.durationMillis);
			}
		}
		return marks;
	}

	function create() {
		definitions.forEach((definition) => {
			const figure = element('figure', {}, element('figcaption', {}, definition.title));
			byId('charts').append(figure);
			const plot = new uPlot(options(definition, figure.clientWidth), null, figure);
			plot.root.querySelector('.u-wrap').setAttribute('role', 'img');
			plots.push(plot);
			const observer = new ResizeObserver(() => plot.setSize({ width: figure.clientWidth, height: plot.height }));
			observer.observe(figure);
			observers.push(observer);
		});
	}

	function options(definition, width) {
		const lines = definition.lines.map(([label, , color]) => ({ label, stroke: style(color), width: 1.5,
			fill: definition.bars ? style(color) : undefined, paths: definition.bars ? uPlot.paths.bars({ size: [0.8, 12] }) : undefined,
			points: { show: false }, value: (plot, value) => value === null || value === undefined ? '\u2013' : definition.value(value) }));
		if (definition.stalls) {
			lines.push({ label: 'stall', stroke: style('--bad'), fill: style('--bad'), paths: () => null,
				points: { show: true, size: 7, fill: style('--bad') }, value: (plot, value) => value ? format.millis(value) : '\u2013' });
		}
		const axis = { stroke: style('--text'), grid: { stroke: style('--line'), width: 1 }, ticks: { stroke: style('--line'), width: 1 } };
		return {
			width, height: 180, series: [{ value: (plot, value) => value === null || value === undefined ? '\u2013' : format.time(value * 1000) }, ...lines],
			scales: { x: { time: true }, y: definition.scale },
			axes: [{ ...axis, values: (plot, splits) => splits.map((split) => format.time(split * 1000)), space: 70 },
				{ ...axis, size: 70, splits: definition.splits, values: (plot, splits) => splits.map((split) => split === null ? '' : definition.value(split)) }],
			cursor: { sync: { key: sync.key }, drag: { x: true, y: false }, bind: { dblclick: () => () => setFollowing(true) } },
			hooks: { setSelect: [(plot) => plot.select.width > 0 && setFollowing(false)] },
		};
	}

	function spark(target) {
		return new uPlot({ width: 150, height: 28, legend: { show: false }, cursor: { show: false },
			scales: { x: { time: true }, y: { ...LAG, range: () => [0, sparkMax] } }, axes: [{ show: false }, { show: false }],
			series: [{}, { stroke: style('--accent'), width: 1, points: { show: false } }], padding: [2, 0, 2, 0] },
		null, target);
	}

	// All sparklines have the same scale, so that a row that differs stands out.
	function scaleSparks(max) {
		sparkMax = Math.max(10, max * 1.1);
	}

	function setFollowing(follows) {
		following = follows;
		byId('follow').hidden = follows;
		// Otherwise, uPlot zooms the synchronized plots to the same section.
		if (follows) {
			follow();
		}
	}

	// Returns the number of seconds that each chart shows.
	function shown() {
		return plots.map((plot) => plot.scales.x.max - plot.scales.x.min);
	}

	function setRange(seconds) {
		range = seconds;
		setFollowing(true);
	}

	// A chart reads its colors when it is created, so it has to be created again.
	function restyle() {
		observers.splice(0).forEach((observer) => observer.disconnect());
		plots.splice(0).forEach((plot) => plot.destroy());
		byId('charts').replaceChildren();
	}

	function style(name) {
		return getComputedStyle(document.body).getPropertyValue(name).trim();
	}

	byId('range').addEventListener('change', (event) => setRange(event.target.value === '' ? NaN : Number(event.target.value)));
	byId('follow').addEventListener('click', () => setFollowing(true));

	return { show, spark, scaleSparks, shown, restyle };

})();
