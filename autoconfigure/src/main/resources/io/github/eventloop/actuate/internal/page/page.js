'use strict';

// Passes each update to the parts of the page that show it.
(() => {

	// The last update, with what only some updates contain.
	let latest;

	function show(live) {
		document.querySelector('main').hidden = false;
		series.append(live.history);
		series.appendStatusChanges(live.statusChanges ?? []);
		const changed = stallLog.merge(live);
		const { application = latest?.application, hotspots = latest?.hotspots } = live;
		latest = { ...live, application, hotspots };
		const loops = live.eventLoops;
		identity.set(application ?? {});
		identity.showUptime(series.now());
		headline.show(loops, stallLog.all());
		timeline.show(loops, stallLog.all());
		loopTable.show(loops.loops);
		loopTable.showUnmeasured(loops.unmeasured);
		showHint();
		findings.refresh(live, series.now());
		blockingCalls.refresh(series.now());
		if (changed || live.hotspots) {
			showStalls();
			stallPanel.show();
		}
		flames.refresh(loops.stalls.total, live.hint);
	}

	function showStalls() {
		stallTables.show(stallLog.all(), latest.hotspots, latest.hint);
		routeTable.show(selection.stallsOf(stallLog.all()));
	}

	// Without access to details, everything that would be empty is left out, and one sentence says why.
	function showHint() {
		byId('hint').hidden = !latest.hint;
		setText(byId('hint'), latest.hint ?? '');
		byId('flames').hidden = Boolean(latest.hint);
	}

	selection.onChange(() => latest && showStalls());
	byId('save').addEventListener('click', () => latest && save.download(latest));

	// The script that saves the page follows this one.
	addEventListener('DOMContentLoaded', () => feed.start(show));

})();
