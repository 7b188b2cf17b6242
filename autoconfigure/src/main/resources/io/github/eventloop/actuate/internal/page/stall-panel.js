'use strict';

// The stall that is selected in the timeline, in a table or by the address of the page.
const stallPanel = (() => {

	const ANCHOR = /^#stall=(\d+)$/;

	let shown;

	function show() {
		const id = selection.stall();
		const stall = id && stallLog.find(id);
		byId('stall').hidden = !id;
		if (!id) {
			shown = undefined;
			return;
		}
		const state = JSON.stringify(stall ?? id);
		if (state === shown) {
			return;
		}
		shown = state;
		setText(byId('stall-summary'), stall ? stallText.summary(stall) : 'Stall ' + id + ' is not among the newest hundred.');
		byId('stall-details').replaceChildren(...(stall ? stallText.details(stall).filter(Boolean) : []));
	}

	selection.onChange(() => {
		const id = selection.stall();
		history.replaceState(null, '', id ? '#stall=' + id : location.pathname + location.search);
		show();
	});
	byId('close').addEventListener('click', () => selection.setStall(null));

	const linked = () => {
		const match = ANCHOR.exec(location.hash);
		if (match) {
			selection.setStall(match[1]);
		}
	};
	addEventListener('hashchange', linked);
	linked();

	return { show };

})();
