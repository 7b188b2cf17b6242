'use strict';

// The flame graph of the stalls, drawn by d3-flame-graph once it is in sight, and again after further stalls. For a
// selected time, it consists of the stack that accounts for most of each stall, which the page has already.
const flames = (() => {

	const FRAMEWORK = /^(reactor|io\.netty|io\.micrometer|org\.springframework|io\.github\.eventloop\.(netty|web|shedding))\./;

	const FOLDED = '(frameworks)';
	const SEARCHED = '#E600E6';
	const INTERVAL = 10_000;

	let graph;
	let sampled;
	let inSight = false;
	let loaded;
	let loadedAt = -Infinity;
	let stalls = 0;
	let hidden = true;

	function refresh(total, hint) {
		stalls = total;
		hidden = Boolean(hint);
		if (!inSight || hidden || document.hidden || loaded === stalls || performance.now() - loadedAt < INTERVAL) {
			return;
		}
		loaded = stalls;
		loadedAt = performance.now();
		load().catch((reason) => {
			console.error(reason);
			showMessage('The application did not respond.');
		});
	}

	async function load() {
		const response = await fetchView('stalls', 'text/plain');
		const text = await response.text();
		if (saved && !response.ok) {
			return draw();
		}
		if (!response.ok || !response.headers.get('Content-Type')?.startsWith('text/plain')) {
			return showMessage(problemOf(response));
		}
		sampled = text;
		draw();
	}

	function draw() {
		const range = selection.range();
		byId('frameworks').disabled = Boolean(range) || !sampled;
		const root = tree(range || !sampled ? mainStacks(selection.stallsOf(stallLog.all())) : sampledStacks(sampled));
		if (!root.children.length) {
			return showMessage(range ? 'No stacks have been sampled in the selected time.' : 'No stacks have been sampled yet.');
		}
		const target = byId('flame-graph');
		target.replaceChildren();
		graph = flamegraph.default().width(target.clientWidth).cellHeight(18).minFrameSize(2).inverted(true).transitionDuration(0).tooltip(false)
			.setColorMapper((frame) => frame.highlight ? SEARCHED : colorOf(frame.data.frame))
			.setSearchMatch((frame, term) => (frame.data.frame ?? '').toLowerCase().includes(term.toLowerCase()))
			.setLabelHandler((frame) => label(frame, root.value))
			// Zooming creates new frames.
			.onClick(() => target.querySelectorAll('g.frame:not([tabindex])').forEach(makeFocusable))
			.setSearchHandler((found, sum, all) => setText(byId('frame'), sum > 0
				? format.millis(sum) + ', ' + format.percent(sum / all) + ' of the time match' : 'No matches.'))
			.onHover((frame) => setText(byId('frame'), label(frame, root.value)));
		d3.select(target).datum(root).call(graph);
		target.querySelectorAll('g.frame').forEach(makeFocusable);
		byId('search').disabled = false;
		byId('whole').disabled = false;
		search();
	}

	// From lines such as "outer;inner 420": a stack from its outermost frame, and its milliseconds.
	function sampledStacks(text) {
		return text.split('\n').filter((line) => line.length > 0).map((line) => {
			const space = line.lastIndexOf(' ');
			return { names: line.substring(0, space).split(';').map(readable), millis: Number(line.substring(space + 1)) };
		});
	}

	// Their frames of frameworks are folded already.
	function mainStacks(stalls) {
		return stalls.filter((stall) => stall.stack?.length).map((stall) => ({ millis: stall.durationMillis,
			names: stall.stack.map((line) => line.startsWith('...') ? FOLDED : line).reverse() }));
	}

	// The format of flame graphs allows no spaces: "Prices.load_(lambda)(Prices.java:12)".
	function readable(name) {
		return name.replace(/_\((lambda|coroutine)\)/, ' ($1)').replace('(Native_Method)', '(Native Method)')
			.replace('(Unknown_Source)', '(Unknown Source)');
	}

	function tree(stacks) {
		const root = { name: 'stalls', value: 0, children: [] };
		for (const { names, millis } of stacks) {
			root.value += millis;
			let frame = root;
			for (const name of withoutRecursion(fold(names, byId('frameworks').checked))) {
				let child = frame.children.find((each) => each.frame === name);
				if (!child) {
					child = { name: shorten(name), frame: name, value: 0, children: [] };
					frame.children.push(child);
				}
				child.value += millis;
				frame = child;
			}
		}
		return root;
	}

	function fold(names, withFrameworks) {
		if (withFrameworks) {
			return names;
		}
		const folded = names.map((name) => FRAMEWORK.test(name) ? FOLDED : name);
		return folded.filter((name, i) => name !== FOLDED || folded[i - 1] !== name);
	}

	// A method that is called again, directly or by others, continues its first frame.
	function withoutRecursion(names) {
		const path = [];
		for (const name of names) {
			const first = path.findIndex((each) => methodOf(each) === methodOf(name));
			first < 0 || name === FOLDED ? path.push(name) : path.splice(first + 1);
		}
		return path;
	}

	function methodOf(name) {
		return name.replace(/\([^(]*$/, '');
	}

	// Without the package: "java.lang.Thread.run(Thread.java:840)" becomes "Thread.run(Thread.java:840)".
	function shorten(name) {
		return name.replace(/^(?:[^.(]+\.)+(?=[^.(]+\.[^.(]+\()/, '');
	}

	function label(frame, all) {
		return (frame.data.frame ?? frame.data.name) + ': ' + format.millis(frame.data.value) + ', ' + format.percent(frame.data.value / all);
	}

	// The application stands out: the JDK is paler, and frameworks are gray.
	function colorOf(name) {
		const color = (property) => getComputedStyle(document.body).getPropertyValue(property).trim();
		if (!name || name === FOLDED || FRAMEWORK.test(name)) {
			return color('--line');
		}
		return /^(java|javax|jdk|sun)\./.test(name) ? color('--heat-low') : color('--heat-high');
	}

	function makeFocusable(frame) {
		frame.setAttribute('tabindex', '0');
		frame.setAttribute('role', 'button');
		frame.addEventListener('focus', () => setText(byId('frame'), frame.querySelector('title')?.textContent ?? ''));
		frame.addEventListener('keydown', (event) => {
			if (event.key === 'Enter' || event.key === ' ') {
				event.preventDefault();
				frame.dispatchEvent(new MouseEvent('click', { bubbles: true }));
			}
		});
	}

	function search() {
		const term = byId('search').value.trim();
		if (graph) {
			term ? graph.search(term) : graph.clear();
		}
	}

	function showMessage(message) {
		byId('flame-graph').replaceChildren(element('p', { 'class': 'hint' }, message));
	}

	selection.onChange(() => loaded !== undefined && draw());
	byId('frameworks').addEventListener('change', () => sampled && draw());
	new ResizeObserver(() => sampled && byId('flame-graph').clientWidth !== graph?.width() && draw()).observe(byId('flame-graph'));
	byId('search').addEventListener('input', search);
	byId('whole').addEventListener('click', () => graph.resetZoom());
	new IntersectionObserver((entries) => {
		inSight = entries.at(-1).isIntersecting;
		refresh(stalls, hidden);
	}).observe(byId('flames'));

	return { refresh };

})();
