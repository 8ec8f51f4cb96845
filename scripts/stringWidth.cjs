// The width of text with colours, by our own table: in the bundle, it stands in for string-width.
const { stripVTControlCharacters } = require('node:util');
const { textWidth } = require('../src/ui/text.ts');

module.exports = (text) => textWidth(stripVTControlCharacters(text));
