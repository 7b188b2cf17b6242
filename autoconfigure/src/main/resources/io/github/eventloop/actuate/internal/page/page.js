'use strict';

// Passes each update to the parts of the page that show it.
(() => {

	let latest;

	let hint;

	function show(live) {
		document.querySelector('main').hidden = false;
		series.append(live.history);
		series.appendStatusChanges(live.statusChanges ?? []);
		if (live.application) {
			identity.set(live.application);
		}
		const changed = stallLog.merge(live);
		latest = live.eventLoops;
		hint = live.hint;
		identity.showUptime(series.now());
		headline.show(latest, stallLog.all());
		timeline.show(latest, stallLog.all());
		loopTable.show(latest.loops);
		loopTable.showUnmeasured(latest.unmeasured);
		showHint();
		findings.refresh(live, series.now());
		if (changed || live.hotspots) {
			stallTables.show(stallLog.all(), live.hotspots, hint);
			stallPanel.show();
		}
		flames.refresh(latest.stalls.total, hint);
	}

	// Without access to details, everything that would be empty is left out, and one sentence says why.
	function showHint() {
		byId('hint').hidden = !hint;
		setText(byId('hint'), hint ?? '');
		byId('flames').hidden = Boolean(hint);
	}

	selection.onChange(() => latest && stallTables.show(stallLog.all(), undefined, hint));

	feed.start(show);

})();
