'use strict';

// Passes each update to the parts of the page that show it.
(() => {

	let latest;

	function show(live) {
		document.querySelector('main').hidden = false;
		series.append(live.history);
		if (live.application) {
			identity.set(live.application);
		}
		const changed = stallTables.merge(live);
		latest = live.eventLoops;
		draw();
		findings.refresh(live, series.now());
		if (changed || live.hotspots) {
			stallTables.showStalls(stallTables.stalls(), live.hint);
		}
		if (live.hotspots) {
			stallTables.showHotspots(live.hotspots, live.hint);
		}
	}

	function draw() {
		identity.showUptime(series.now());
		headline.show(latest, stallTables.stalls());
		loopTable.show(latest.loops);
		loopTable.showUnmeasured(latest.unmeasured);
		charts.show(stallTables.stalls());
	}

	matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
		charts.restyle();
		loopTable.restyle();
		if (latest) {
			draw();
		}
	});

	feed.start(show);

})();
