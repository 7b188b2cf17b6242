'use strict';

// The data of a page that was saved as a file, or null on the live page.
const saved = (() => {

	const data = document.getElementById('saved');
	return data ? JSON.parse(data.textContent) : null;

})();
