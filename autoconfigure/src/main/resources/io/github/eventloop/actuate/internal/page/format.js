'use strict';

// Formats numbers, times and lines of code, and creates elements: always from text, never from markup.
const TIME = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const DAY = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' });

const documentation = 'https://github.com/eventloop/eventloop/blob/main/';

const format = {

	millis(value) {
		if (value < 9.95) {
			return value.toFixed(1) + ' ms';
		}
		if (value < 999.5) {
			return Math.round(value) + ' ms';
		}
		if (value < 59_950) {
			return (value / 1000).toFixed(1) + ' s';
		}
		return Math.floor(value / 60_000) + ' min ' + Math.floor(value % 60_000 / 1000) + ' s';
	},

	// In the two largest units.
	uptime(millis) {
		const minutes = Math.floor(millis / 60_000);
		if (minutes < 1) {
			return Math.floor(millis / 1000) + ' s';
		}
		if (minutes < 60) {
			return minutes + ' min';
		}
		const hours = Math.floor(minutes / 60);
		return hours < 24 ? hours + ' h ' + minutes % 60 + ' min' : Math.floor(hours / 24) + ' d ' + hours % 24 + ' h';
	},

	percent(share) {
		return (share * 100).toFixed(share < 0.0995 ? 1 : 0) + ' %';
	},

	// In the time zone of the browser, with the day if it is not today.
	time(millis) {
		const date = new Date(millis);
		if (Number.isNaN(date.getTime())) {
			return '\u2013';
		}
		const today = date.toDateString() === new Date().toDateString();
		return (today ? '' : DAY.format(date) + ' ') + TIME.format(date);
	},

	// Without the file, where there is little space.
	shortLine(culprit) {
		return culprit.className.substring(culprit.className.lastIndexOf('.') + 1) + '.' + culprit.methodName
			+ (culprit.lineNumber > 0 ? ':' + culprit.lineNumber : '');
	},

	line(culprit) {
		const type = culprit.className.substring(culprit.className.lastIndexOf('.') + 1);
		const line = culprit.lineNumber > 0 ? ':' + culprit.lineNumber : '';
		return type + '.' + culprit.methodName + (culprit.fileName ? ' (' + culprit.fileName + line + ')' : '');
	},

};

function element(name, attributes = {}, ...children) {
	const created = document.createElement(name);
	for (const [key, value] of Object.entries(attributes)) {
		if (value !== undefined && value !== null && value !== false) {
			created.setAttribute(key, value === true ? '' : value);
		}
	}
	created.append(...children.filter((child) => child !== undefined && child !== null));
	return created;
}

function byId(id) {
	return document.getElementById(id);
}

// Screen readers announce every change, so unchanged text is not set again.
function setText(target, text) {
	if (target.textContent !== text) {
		target.textContent = text;
	}
}
