'use strict';

// Shows which application this is in the header, and its status in the title and icon of the tab.
const identity = (() => {

	let application = {};

	function set(described) {
		application = described;
		setText(byId('name'), application.name ? ' of ' + application.name : '');
	}

	// The time is that of the application, not of the browser.
	function showUptime(now) {
		const uptime = now - Date.parse(application.startedAt);
		setText(byId('instance'), [application.version ? 'version ' + application.version : '', application.host ?? '',
			uptime >= 0 ? 'up ' + format.uptime(uptime) : ''].filter(Boolean).join(', '));
	}

	// Without a status, the icon is gray.
	function showInTab(state, status) {
		const source = [application.name, application.host].filter(Boolean).join(' on ');
		document.title = state + ' \u2013 ' + (source ? source + ' \u2013 ' : '') + 'Event loops';
		const icon = 'data:image/svg+xml,' + encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">'
			+ `<circle cx="8" cy="8" r="7" fill="${color(status)}"/></svg>`);
		if (byId('icon').getAttribute('href') !== icon) {
			byId('icon').setAttribute('href', icon);
		}
	}

	function color(status) {
		switch (status) {
			case 'HEALTHY': return '#2a9d62';
			case 'DEGRADED': return '#e08a00';
			case 'OVERLOADED':
			case 'STUCK': return '#d93636';
			default: return '#8a94a3';
		}
	}

	return { set, showUptime, showInTab };

})();
