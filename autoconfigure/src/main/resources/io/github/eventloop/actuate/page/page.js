'use strict';

// Takes what is new to those who show it.
(() => {

	let newest;

	function show(live) {
		document.querySelector('main').hidden = false;
		series.append(live.history);
		const changed = stallTables.merge(live);
		newest = live.eventLoops;
		draw();
		if (changed || live.hotspots) {
			stallTables.showStalls(stallTables.stalls(), live.hint);
		}
		if (live.hotspots) {
			stallTables.showHotspots(live.hotspots, live.hint);
		}
	}

	function draw() {
		headline.show(newest, stallTables.stalls());
		loopTable.show(newest.loops);
		charts.show(stallTables.stalls());
	}

	matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
		charts.restyle();
		loopTable.restyle();
		if (newest) {
			draw();
		}
	});

	feed.start(show);

})();
