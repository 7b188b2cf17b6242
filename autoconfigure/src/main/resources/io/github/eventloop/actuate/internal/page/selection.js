'use strict';

// The time and the stall that the reader has selected, which the whole page follows.
const selection = (() => {

	const listeners = [];

	let selectedRange = null;
	let selectedStall = null;

	// Returns { from, to } in milliseconds of the application's clock, or null if no time is selected.
	function range() {
		return selectedRange;
	}

	function set(range) {
		selectedRange = range;
		notify();
	}

	// Returns the id of the selected stall, or null.
	function stall() {
		return selectedStall;
	}

	function setStall(id) {
		selectedStall = id;
		notify();
	}

	function clear() {
		selectedRange = null;
		selectedStall = null;
		notify();
	}

	// Returns those of the stalls that overlap the selected time.
	function stallsOf(stalls) {
		return selectedRange ? stalls.filter((each) => Date.parse(each.startedAt) <= selectedRange.to && endOf(each) >= selectedRange.from)
			: stalls;
	}

	function endOf(each) {
		return each.inProgress ? Infinity : Date.parse(each.startedAt) + each.durationMillis;
	}

	function onChange(listener) {
		listeners.push(listener);
	}

	function notify() {
		listeners.forEach((listener) => listener());
	}

	return { range, set, stall, setStall, clear, stallsOf, onChange };

})();
