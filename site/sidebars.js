module.exports = require('./pages').navigation('..');
