'use strict';

// The stalls by the route of the request that the loop was handling. Without access to details, there are no routes.
const routeTable = (() => {

	const ROWS = 10;

	function show(stalls) {
		const known = stalls.filter((stall) => stall.route);
		const routes = d3.rollups(known, (each) => ({ count: each.length, total: d3.sum(each, (stall) => stall.durationMillis),
			longest: d3.max(each, (stall) => stall.durationMillis) }), (stall) => stall.route).sort(([, one], [, other]) => other.total - one.total);
		const all = d3.sum(stalls, (stall) => stall.durationMillis);
		const columns = [
			['route', ([route]) => element('code', {}, route), 'line'],
			['share of the time', ([, of]) => tables.share(of.total / all)],
			['stalls', ([, of]) => String(of.count), 'number'],
			['total', ([, of]) => format.millis(of.total), 'number'],
			['longest', ([, of]) => format.millis(of.longest), 'number']];
		byId('routes').hidden = !routes.length;
		byId('route-table').replaceChildren(tables.table('Time by route', columns, routes.slice(0, ROWS).map((route) => tables.row(columns, route))));
	}

	return { show };

})();
