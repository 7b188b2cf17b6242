'use strict';

// The flame graph of the stalls, which d3-flame-graph draws on request.
(() => {

	const FRAMEWORK = /^(reactor|io\.netty|io\.micrometer|org\.springframework|io\.github\.eventloop\.(netty|web|shedding))\./;

	let graph;
	let sampled;

	async function load() {
		const response = await fetchView('stalls', 'text/plain');
		const text = await response.text();
		if (!response.ok || !response.headers.get('Content-Type')?.startsWith('text/plain')) {
			return showMessage(response.status === 403 ? messageOf(text) : problemOf(response));
		}
		sampled = text;
		draw();
	}

	function draw() {
		const root = tree(sampled, byId('frameworks').checked);
		if (!root.children.length) {
			return showMessage('No stacks have been sampled yet.');
		}
		const target = byId('flame-graph');
		target.replaceChildren();
		graph = flamegraph.default().width(target.clientWidth).cellHeight(18).minFrameSize(2).inverted(true).transitionDuration(0).tooltip(false)
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
		byId('draw').textContent = 'Draw again';
		search();
	}

	// Builds the tree from lines such as "outer;inner 420": a stack from its outermost frame, and its milliseconds.
	function tree(text, withFrameworks) {
		const root = { name: 'stalls', value: 0, children: [] };
		for (const line of text.split('\n').filter((each) => each.length > 0)) {
			const space = line.lastIndexOf(' ');
			const millis = Number(line.substring(space + 1));
			root.value += millis;
			let frame = root;
			for (const name of fold(line.substring(0, space).split(';'), withFrameworks)) {
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
		const folded = names.map((name) => FRAMEWORK.test(name) ? '(frameworks)' : name);
		return folded.filter((name, i) => name !== '(frameworks)' || folded[i - 1] !== name);
	}

	// Without the package: "java.lang.Thread.run(Thread.java:840)" becomes "Thread.run(Thread.java:840)".
	function shorten(name) {
		return name.replace(/^(?:[^.(]+\.)+(?=[^.(]+\.[^.(]+\()/, '');
	}

	function label(frame, all) {
		return (frame.data.frame ?? frame.data.name) + ': ' + format.millis(frame.data.value) + ', ' + format.percent(frame.data.value / all);
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

	function messageOf(text) {
		try {
			return JSON.parse(text).detail ?? 'You are not allowed to see stacks.';
		}
		catch {
			return 'You are not allowed to see stacks.';
		}
	}

	byId('draw').addEventListener('click', () => load().catch((reason) => {
		console.error(reason);
		showMessage('The application did not respond.');
	}));
	byId('frameworks').addEventListener('change', () => sampled && draw());
	new ResizeObserver(() => sampled && byId('flame-graph').clientWidth !== graph?.width() && draw()).observe(byId('flame-graph'));
	byId('search').addEventListener('input', search);
	byId('whole').addEventListener('click', () => graph.resetZoom());

})();
