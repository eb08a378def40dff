/** The only script of a page: tables can be sorted by their columns, and paper shows what is folded. Without it the page lacks nothing else. */
export const SCRIPT = `'use strict';
const numberOf = (text) => (text.trim() === '' ? NaN : Number(text));
const compare = (a, b) => {
  const [x, y] = [numberOf(a), numberOf(b)];
  if (!Number.isNaN(x) && !Number.isNaN(y)) return x - y;
  if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) ? 1 : -1;
  return a.localeCompare(b, 'en', { numeric: true });
};
const folded = () => document.querySelectorAll('details:not([open])');
let unfolded = [];
addEventListener('beforeprint', () => {
  unfolded = [...folded()];
  for (const each of unfolded) each.open = true;
});
addEventListener('afterprint', () => {
  for (const each of unfolded) each.open = false;
  unfolded = [];
});
for (const table of document.querySelectorAll('table[data-sortable]')) {
  const [body] = table.tBodies;
  const heads = [...table.tHead.rows[0].cells];
  const keyOf = (row, column) => row.cells[column].dataset.sort ?? row.cells[column].textContent;
  heads.forEach((head, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => {
      const descending = head.getAttribute('aria-sort') === 'ascending';
      for (const each of heads) each.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
      const sign = descending ? -1 : 1;
      const rows = [...body.rows];
      rows.sort((a, b) => sign * compare(keyOf(a, column), keyOf(b, column)));
      body.append(...rows);
    });
  });
}
`;
