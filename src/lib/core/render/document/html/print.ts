/** What a page looks like on paper: nothing scrolls, nothing is cut, and heads come again on each page. */
export const PRINT = `@page { margin: 16mm 14mm; }
@media print {
html { background: none; font-size: 10pt; }
.page { display: block; max-width: none; padding: 0; }
.skip { display: none; }
a { color: inherit; text-decoration: none; }
nav { position: static; max-height: none; }
h2, h3, h4, caption, .list-title, .card-head { break-after: avoid; }
p, li { orphans: 3; widows: 3; }
.figure, .note, tr, .chart, .card, .facts > div { break-inside: avoid; }
tbody tr:first-child { break-before: avoid; }
details::details-content { content-visibility: visible; block-size: auto; }
summary { list-style: none; }
summary::-webkit-details-marker { display: none; }
.card li { margin: 0.1rem 0; }
details ul { columns: 2; column-gap: 1.5rem; font-size: 0.8em; }
thead { display: table-header-group; }
.scroll { overflow: visible; border-radius: 0; }
.chart svg { min-width: 0; max-width: 100%; }
th, td { min-width: 0; padding: 0.3rem 0.5rem; overflow-wrap: break-word; }
.code { overflow-wrap: anywhere; }
tbody .code, tbody .prose { min-width: 0; }
th button::after { content: none !important; }
th button { display: contents; color: inherit; }
.tag, .note, thead th { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
